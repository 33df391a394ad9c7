// Whether somebody may be deleting the build tree right now. `rm -rf build` opens each folder, reads its
// names and removes them; a name that we create in between makes it fail. So before a helper writes at the
// end of a build it looks here.
#pragma once

#include <string>

namespace compiler_cache {

class DeletionWatch {
 public:
  DeletionWatch() = default;
  ~DeletionWatch() { stop(); }
  DeletionWatch(const DeletionWatch&) = delete;
  DeletionWatch& operator=(const DeletionWatch&) = delete;

  /// Watches the folder from now on (Linux: inotify; elsewhere nothing is ever seen).
  void start(const std::string& folder);
  void stop();

  /// True when the folder itself was opened or an entry of it deleted since the last question. Costs one
  /// system call.
  bool stirred();

 private:
  int descriptor_ = -1;
};

}  // namespace compiler_cache
