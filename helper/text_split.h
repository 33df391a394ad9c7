// Taking text apart at lines and separators, without copying it.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// The parts between the separators: at least one, and any of them can be empty.
inline std::vector<std::string_view> split_at(char separator, std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

/// Takes the next line off the front of `text`, and gives it without its line feed.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// The same where lines may end in a carriage return as well, which goes.
inline std::string_view take_text_line(std::string_view& text) {
  std::string_view line = take_line(text);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace compiler_cache
