// Static libraries for tests, as ar writes them.
#pragma once

#include <string>
#include <string_view>

namespace compiler_cache {

inline std::string padded(std::string_view text, std::size_t size) {
  std::string field(text);
  field.resize(size, ' ');
  return field;
}

struct MemberHeader {
  std::string_view date = "0";
  std::string_view owner = "0";
  std::string_view group = "0";
  std::string_view mode = "644";
};

inline std::string archive_member(std::string_view name, std::string_view bytes,
                                  const MemberHeader& header = {}, bool thin = false) {
  std::string text = padded(name, 16) + padded(header.date, 12) + padded(header.owner, 6) +
                     padded(header.group, 6) + padded(header.mode, 8) +
                     padded(std::to_string(bytes.size()), 10) + "`\n";
  if (thin) return text;
  text += bytes;
  if (bytes.size() % 2 == 1) text += "\n";
  return text;
}

inline constexpr std::string_view kArchiveStart = "!<arch>\n";
inline constexpr std::string_view kThinArchiveStart = "!<thin>\n";

}  // namespace compiler_cache
