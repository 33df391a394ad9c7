// Whether what a compile read can lead to a name by which code learns of its own folder: __FILE__,
// __BASE_FILE__, __builtin_FILE and so on, directly or by macros that mention them.
//
// In doubt it can. Which macros may be defined anywhere is found first, so that a branch that is never taken
// does not count: `assert` of a build with -DNDEBUG, libstdc++'s assertions. A name that ## puts together
// from words of any files counts; one of the compiler's own names, only if all its pieces are in the
// project's files: glibc's headers have a FILE, a __ and macros that put a __ around what they are given.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "depscan/folder_scan.h"

namespace compiler_cache {

struct ReadFile {
  std::shared_ptr<const FolderFacts> facts;
  bool own = true;  ///< of the project, not of the system
};

struct FolderReachQuestion {
  std::vector<ReadFile> files;           ///< all that was read
  std::vector<MacroDefinition> defined;  ///< by the command, in whatever order
  std::vector<std::string> undefined;    ///< names behind -U
  std::vector<NameHash> predefined;      ///< by the compiler, for this command
  /// The compiler writes other paths for __FILE__ and its kin: only names that it does not map count.
  bool mapped = false;
};

/// A name that is used and leads there; empty when there is none. "?" when a text is not understood.
std::string name_that_tells_folder(const FolderReachQuestion& question);

}  // namespace compiler_cache
