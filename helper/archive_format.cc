#include "helper/archive_format.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace compiler_cache {
namespace {

constexpr std::string_view kArchiveMagic = "!<arch>\n";
constexpr std::string_view kThinArchiveMagic = "!<thin>\n";
constexpr std::string_view kHeaderEnd = "`\n";
constexpr std::size_t kMemberHeaderSize = 60;

/// One of a header's fields: text, padded with spaces.
std::string_view field(std::string_view header, std::size_t at, std::size_t size) {
  std::string_view text = header.substr(at, size);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return value;
}

bool is_table(std::string_view name) {
  return name == "/" || name == "//" || name == "/SYM64/" || name == "/<ECSYMBOLS>/" ||
         name == "ARFILENAMES/";
}

/// A member's name as its header gives it: `a.o/`, or `/12` for one in the table of names.
std::optional<std::string> member_path(std::string_view name, std::string_view table) {
  if (!name.starts_with('/')) return std::string(name.substr(0, name.rfind('/')));
  const std::optional<std::uint64_t> at = number(name.substr(1, name.find(':') - 1));
  if (!at || *at >= table.size()) return std::nullopt;
  table.remove_prefix(static_cast<std::size_t>(*at));
  const std::size_t end = table.find("/\n");
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(table.substr(0, end));
}

}  // namespace

bool is_thin_archive(std::string_view start) { return start.starts_with(kThinArchiveMagic); }

Result<ArchiveSummary> summarize_archive(std::string_view bytes) {
  const Error corrupt{ErrorKind::corrupt, "not an archive of the common form"};
  ArchiveSummary summary;
  std::string_view long_names;
  summary.thin = bytes.starts_with(kThinArchiveMagic);
  if (!summary.thin && !bytes.starts_with(kArchiveMagic)) return corrupt;
  bytes.remove_prefix(kArchiveMagic.size());
  while (!bytes.empty()) {
    if (bytes.size() < kMemberHeaderSize ||
        bytes.substr(kMemberHeaderSize - kHeaderEnd.size(), 2) != kHeaderEnd)
      return corrupt;
    const std::string_view header = bytes.substr(0, kMemberHeaderSize);
    const std::string_view name = field(header, 0, 16);
    const std::optional<std::uint64_t> size = number(field(header, 48, 10));
    if (!size || name.starts_with("#1/")) return corrupt;  // the latter: BSD's long names
    const bool table = is_table(name);
    // A table of names has no fields but its size.
    const std::string_view date = field(header, 16, 12);
    const bool no_stamp = date == "0" || (table && date.empty());
    if (!no_stamp) summary.stamped = true;
    if (!table) {
      ++summary.members;
      const bool nobody = field(header, 28, 6) == "0" && field(header, 34, 6) == "0";
      if (!nobody || field(header, 40, 8) != "644") summary.stamped = true;
    }
    bytes.remove_prefix(kMemberHeaderSize);
    if (summary.thin && !table) {
      std::optional<std::string> path = member_path(name, long_names);
      if (!path) return corrupt;
      summary.member_paths.push_back(std::move(*path));
      continue;
    }
    const std::uint64_t padded = *size + *size % 2;
    // The last member's padding may be missing.
    if (*size > bytes.size()) return corrupt;
    if (name == "//") long_names = bytes.substr(0, static_cast<std::size_t>(*size));
    bytes.remove_prefix(padded > bytes.size() ? bytes.size() : static_cast<std::size_t>(padded));
  }
  return summary;
}

}  // namespace compiler_cache
