#include "helper/search_path.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kQuoteHeading = "#include \"...\" search starts here:";
constexpr std::string_view kAngleHeading = "#include <...> search starts here:";
constexpr std::string_view kEnd = "End of search list.";
constexpr std::string_view kMissing = "ignoring nonexistent directory \"";

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

Result<SearchPath> parse_search_path(std::string_view verbose_output) {
  SearchPath path;
  std::vector<std::string>* section = nullptr;
  bool ended = false;
  for (std::string_view rest = verbose_output; !rest.empty() && !ended;) {
    std::string_view line = next_line(rest);
    if (line.starts_with(kMissing) && line.ends_with('"')) {
      line.remove_prefix(kMissing.size());
      line.remove_suffix(1);
      path.missing.emplace_back(line);
    } else if (line == kQuoteHeading) {
      section = &path.quote;
    } else if (line == kAngleHeading) {
      section = &path.angle;
    } else if (line == kEnd) {
      ended = section != nullptr;
    } else if (section != nullptr && line.starts_with(' ')) {
      line.remove_prefix(1);
      if (line.ends_with(" (framework directory)")) return Error{ErrorKind::unsupported, "framework folders"};
      section->emplace_back(line);
    }
  }
  if (!ended) return Error{ErrorKind::corrupt, "the compiler did not print its search path"};
  return path;
}

}  // namespace compiler_cache
