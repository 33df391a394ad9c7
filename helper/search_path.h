// The folders in which a compile looks for headers, in order, as the compiler itself tells them (`-v -E`).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace compiler_cache {

struct SearchPath {
  std::vector<std::string> quote;    ///< for `#include "x"` only, after the including file's own folder
  std::vector<std::string> angle;    ///< for both forms, after `quote`
  std::vector<std::string> missing;  ///< named, but not there: would be searched if they appeared
  /// Named, and left out because another of the list is the same folder: by its name, or by a link that may
  /// lead elsewhere later.
  std::vector<std::string> duplicate = {};

  friend bool operator==(const SearchPath&, const SearchPath&) = default;
};

/// A folder among `duplicate` that only a link makes the same as one that is searched; empty when there is
/// none. Which folders are searched then depends on where that link points.
std::string duplicate_by_link(const SearchPath& path, const std::string& cwd);

/// Reads what GCC and Clang print to standard error for `-v -E` in the C locale. `corrupt` when the lists are
/// not in it. Relative folders stay relative (to the working directory of the compile).
Result<SearchPath> parse_search_path(std::string_view verbose_output);

}  // namespace compiler_cache
