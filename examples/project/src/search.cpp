#include "search.h"

#include <regex>
#include <sstream>

namespace wordstats {

std::vector<Match> search_lines(std::string_view text, const std::string& expression) {
  std::vector<Match> matches;
  try {
    const std::regex regex(expression);
    std::istringstream stream{std::string(text)};
    std::string line;
    for (std::size_t number = 1; std::getline(stream, line); ++number) {
      if (std::regex_search(line, regex)) matches.push_back({number, line});
    }
  } catch (const std::regex_error&) {
    matches.clear();
  }
  return matches;
}

}  // namespace wordstats
