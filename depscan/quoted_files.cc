#include "depscan/quoted_files.h"

#include <algorithm>
#include <unordered_set>

namespace compiler_cache {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Without the escape sequences that colour and erase: ESC [ … letter.
std::string without_colours(std::string_view line) {
  std::string plain;
  plain.reserve(line.size());
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\033') {
      plain += line[i];
      continue;
    }
    while (i + 1 < line.size() && !(line[i] >= '@' && line[i] <= '~' && line[i] != '[')) ++i;
  }
  return plain;
}

/// The text before the first `:<digit>`; empty when there is none.
std::string_view location_name(std::string_view line) {
  for (std::size_t colon = line.find(':'); colon != std::string_view::npos;
       colon = line.find(':', colon + 1)) {
    if (colon + 1 < line.size() && is_digit(line[colon + 1])) return line.substr(0, colon);
  }
  return {};
}

}  // namespace

std::vector<std::string> quoted_files(std::string_view diagnostics) {
  std::vector<std::string> names;
  std::unordered_set<std::string> seen;
  while (!diagnostics.empty()) {
    const std::size_t end = std::min(diagnostics.find('\n'), diagnostics.size());
    const std::string line = without_colours(diagnostics.substr(0, end));
    diagnostics.remove_prefix(std::min(end + 1, diagnostics.size()));
    std::string_view name = location_name(line);
    // "In file included from x.h:3" and the aligned "                 from y.h:1" below it.
    constexpr std::string_view kFrom = " from ";
    if (const std::size_t from = name.find(kFrom);
        from != std::string_view::npos && (name.starts_with("In ") || name.starts_with(' '))) {
      name.remove_prefix(from + kFrom.size());
    }
    if (!name.empty() && name.size() <= kMaxQuotedName && seen.emplace(name).second) names.emplace_back(name);
  }
  return names;
}

}  // namespace compiler_cache
