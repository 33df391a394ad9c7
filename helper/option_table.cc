#include "helper/option_table.h"

#include <algorithm>

namespace compiler_cache {
namespace {

bool applies(const OptionRow& row, CompilerFamily family) {
  const Families wanted = family == CompilerFamily::gcc ? Families::gcc : Families::clang;
  return (static_cast<unsigned>(row.families) & static_cast<unsigned>(wanted)) != 0;
}

bool fits(const OptionRow& row, std::string_view argument) {
  if (!argument.starts_with(row.spelling)) return false;
  const bool exact = argument.size() == row.spelling.size();
  return exact || row.style == ValueStyle::joined || row.style == ValueStyle::joined_or_separate;
}

}  // namespace

OptionTable::OptionTable(std::span<const OptionRow> first, std::span<const OptionRow> second,
                         CompilerFamily family) {
  for (const std::span<const OptionRow> rows : {first, second}) {
    for (const OptionRow& row : rows) {
      if (applies(row, family)) entries_.push_back({&row, -1});
    }
  }
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

}  // namespace compiler_cache
