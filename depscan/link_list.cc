#include "depscan/link_list.h"

#include <algorithm>
#include <unordered_set>

namespace compiler_cache {

std::vector<std::string> parse_link_list(std::string_view text) {
  std::vector<std::string> names;
  std::unordered_set<std::string_view> seen;
  // The first line is the target's.
  for (std::size_t at = std::min(text.find('\n'), text.size()); at + 1 < text.size();) {
    const std::size_t end = std::min(text.find('\n', at + 1), text.size());
    std::string_view line = text.substr(at + 1, end - at - 1);
    at = end;
    if (!line.starts_with(' ')) break;
    while (line.starts_with(' ')) line.remove_prefix(1);
    const bool more = line.ends_with(" \\");
    if (more) line.remove_suffix(2);
    if (!line.empty() && seen.insert(line).second) names.emplace_back(line);
    if (!more) break;
  }
  return names;
}

std::string unescaped_link_name(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool pair = i + 1 < name.size();
    if (name[i] == '\\' && pair && (name[i + 1] == ' ' || name[i + 1] == '#')) continue;
    if (name[i] == '$' && pair && name[i + 1] == '$') ++i;
    text += name[i];
  }
  return text;
}

}  // namespace compiler_cache
