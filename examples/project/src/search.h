#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wordstats {

struct Match {
  std::size_t line = 0;  ///< from 1
  std::string text;
};

/// Lines of `text` that contain a match of the regular expression; none if the expression is not valid.
std::vector<Match> search_lines(std::string_view text, const std::string& expression);

}  // namespace wordstats
