// The `.compiler-cache` folder of the build tree that this launcher belongs to, and the marks left in it.
#pragma once

#include <limits.h>
#include <sys/types.h>

#include "launcher/text.h"
#include "protocol/protocol.h"

namespace compiler_cache::launcher {

using Path = Text<PATH_MAX>;

class Tree {
 public:
  /// Finds the folder from the launcher's name as it was typed, else from where the kernel says the program
  /// is. The name comes first because the programs in a tree may be links to ones elsewhere.
  bool find(const char* typed_name);

  /// `.compiler-cache`, as relative as the launcher's name was.
  const Path& folder() const { return folder_; }
  /// A path below the folder.
  Path path_of(const char* name) const;
  /// The build folder itself, absolute, given the current working directory.
  Path build_folder(const char* cwd) const;

  /// True while some launcher's bad experience with the helper is recent enough to spare this one the same.
  bool is_stalled() const;
  void mark_stalled() const;

  /// Leaves a byte for the helper to count later: this call did without it. Failures don't matter.
  void record_bypass(protocol::BypassCode code) const;

  /// False as well when the folder is gone.
  bool is_owned_by(uid_t user) const;

 private:
  bool set_from_program(const char* program);
  int open_own(const char* name, int flags) const;

  Path folder_;
};

}  // namespace compiler_cache::launcher
