// Where a link looks for libraries and start files, and what it looks for there: the names that it did not
// find, and that would be taken if they were there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// Folders named by -L in the command that the driver prints it would run, in order.
std::vector<std::string> printed_library_folders(const std::vector<std::string>& command);

/// Libraries named by -l in it: the names of the files that they may be.
std::vector<std::string> printed_library_names(const std::vector<std::string>& command);

/// The folders that GNU ld searches by itself, out of what it says with --verbose; `sysroot` in the place of
/// its '='.
std::vector<std::string> built_in_library_folders(std::string_view text, std::string_view sysroot);

/// Under which names the file at `path` may have been found: its own, and those of the shared and the static
/// library that stand for the same -l.
std::vector<std::string> names_searched_for(std::string_view path);

}  // namespace compiler_cache
