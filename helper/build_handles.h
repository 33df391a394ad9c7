// Whether the build tools still run, for any thread to ask: the loop hears of their end a little later, and
// an `rm -rf build` right behind a build is quick.
#pragma once

#include <mutex>
#include <vector>

namespace compiler_cache {

/// Any thread.
class BuildHandles {
 public:
  /// `pidfd` stays the caller's, who removes it before closing it.
  void add(int pidfd);
  void remove(int pidfd);
  void clear();

  /// True once every build that was added has ended; false with none. Costs one system call.
  bool all_ended() const;

 private:
  mutable std::mutex mutex_;
  std::vector<int> pidfds_;  ///< guarded by mutex_
};

}  // namespace compiler_cache
