#include "helper/option_table.h"

#include <algorithm>

namespace compiler_cache {
namespace {

Families families_of(CompilerFamily family) {
  switch (family) {
    case CompilerFamily::gcc:
      return Families::gcc;
    case CompilerFamily::clang:
      return Families::clang;
    case CompilerFamily::clang_cl:
      return Families::clang_cl;
    case CompilerFamily::msvc:
      return Families::cl;
  }
  return Families::gcc;
}

bool applies(const OptionRow& row, CompilerFamily family) {
  return (static_cast<unsigned>(row.families) & static_cast<unsigned>(families_of(family))) != 0;
}

bool fits(const OptionRow& row, std::string_view argument) {
  if (!argument.starts_with(row.spelling)) return false;
  const bool exact = argument.size() == row.spelling.size();
  return exact || row.style == ValueStyle::joined || row.style == ValueStyle::joined_or_separate;
}

// Those of Clang's own rows that clang-cl has, too: all of -f and -m (it ignores those it does not know, with
// a warning), and a list of others.
std::vector<const OptionRow*> clang_cl_core_rows() {
  std::vector<const OptionRow*> rows;
  for (const OptionRow& row : gnu_feature_rows()) {
    if (applies(row, CompilerFamily::clang)) rows.push_back(&row);
  }
  const std::span<const std::string_view> core = clang_cl_core_spellings();
  for (const OptionRow& row : gnu_general_rows()) {
    const bool listed = std::find(core.begin(), core.end(), row.spelling) != core.end();
    if (listed && applies(row, CompilerFamily::clang)) rows.push_back(&row);
  }
  return rows;
}

}  // namespace

OptionTable::OptionTable(std::span<const OptionRow> first, std::span<const OptionRow> second,
                         CompilerFamily family) {
  for (const std::span<const OptionRow> rows : {first, second}) {
    for (const OptionRow& row : rows) {
      if (applies(row, family)) entries_.push_back({&row, -1});
    }
  }
  link();
}

OptionTable::OptionTable(const std::vector<const OptionRow*>& rows) {
  for (const OptionRow* row : rows) entries_.push_back({row, -1});
  link();
}

void OptionTable::link() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& left, const Entry& right) { return left.row->spelling < right.row->spelling; });
  for (int i = 1; i < static_cast<int>(entries_.size()); ++i) {
    // In sorted order a spelling's prefixes are its predecessor or among that one's prefixes.
    int candidate = i - 1;
    const std::string_view spelling = entries_[static_cast<std::size_t>(i)].row->spelling;
    while (candidate >= 0 &&
           !spelling.starts_with(entries_[static_cast<std::size_t>(candidate)].row->spelling)) {
      candidate = entries_[static_cast<std::size_t>(candidate)].shorter;
    }
    entries_[static_cast<std::size_t>(i)].shorter = candidate;
  }
}

const OptionRow* OptionTable::find(std::string_view argument) const {
  const auto after = std::upper_bound(
      entries_.begin(), entries_.end(), argument,
      [](std::string_view wanted, const Entry& entry) { return wanted < entry.row->spelling; });
  int at = static_cast<int>(after - entries_.begin()) - 1;
  while (at >= 0) {
    const Entry& entry = entries_[static_cast<std::size_t>(at)];
    if (fits(*entry.row, argument)) return entry.row;
    at = entry.shorter;
  }
  return nullptr;
}

std::vector<std::string_view> OptionTable::spellings() const {
  std::vector<std::string_view> result;
  for (const Entry& entry : entries_) result.push_back(entry.row->spelling);
  return result;
}

const OptionTable& gnu_option_table(CompilerFamily family) {
  static const OptionTable gcc(gnu_general_rows(), gnu_feature_rows(), CompilerFamily::gcc);
  static const OptionTable clang(gnu_general_rows(), gnu_feature_rows(), CompilerFamily::clang);
  return family == CompilerFamily::gcc ? gcc : clang;
}

FoundOption find_option(CompilerFamily family, std::string_view text) {
  if (!speaks_msvc(family)) {
    const OptionRow* row = gnu_option_table(family).find(text);
    return row == nullptr ? FoundOption() : FoundOption{row, row->spelling.size()};
  }
  static const OptionTable clang_cl(msvc_rows(), {}, CompilerFamily::clang_cl);
  static const OptionTable cl(msvc_rows(), {}, CompilerFamily::msvc);
  static const OptionTable core(clang_cl_core_rows());
  if (text.size() < 2 || (text[0] != '/' && text[0] != '-')) return {};
  const OptionRow* row = (family == CompilerFamily::msvc ? cl : clang_cl).find(text.substr(1));
  FoundOption found = row == nullptr ? FoundOption() : FoundOption{row, row->spelling.size() + 1};
  if (family == CompilerFamily::msvc || text[0] == '/') return found;
  // clang-cl takes the longest that fits, of either kind.
  const OptionRow* other = core.find(text);
  if (other != nullptr && other->spelling.size() > found.length) found = {other, other->spelling.size()};
  return found;
}

}  // namespace compiler_cache
