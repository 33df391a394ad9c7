// Work off the loop's thread, and work later.
#pragma once

#include <functional>

namespace compiler_cache {

class Executor {
 public:
  virtual ~Executor() = default;
  /// Runs `work` on some worker thread and then `done` on the loop's thread. Called on the loop's thread
  /// only.
  virtual void run(std::function<void()> work, std::function<void()> done) = 0;
  /// Runs `work` on the loop's thread in about that many milliseconds.
  virtual void after(int milliseconds, std::function<void()> work) = 0;
};

}  // namespace compiler_cache
