// Tells when processes have ended that are not ours: each is held by a pidfd. Loop thread only.
#pragma once

#include <sys/types.h>
#include <uv.h>

#include <functional>
#include <list>

namespace compiler_cache {

class UvProcessEnds {
 public:
  /// `ended`: false where nobody waits for it any more.
  using Then = std::function<void(bool ended)>;

  explicit UvProcessEnds(uv_loop_t* loop) : loop_(loop) {}

  /// Calls `then` once, not before this returns. False, and no call, when there is no such process or it
  /// cannot be watched.
  bool watch(pid_t pid, Then then);
  /// Of those that have ended, also where the loop has not come to tell of it.
  void take_ended();
  /// For the end: the others are given up.
  void close();

 private:
  struct Process {
    int pidfd = -1;
    uv_poll_t* poll = nullptr;
    Then then;
    UvProcessEnds* all = nullptr;
  };

  void tell(Process& process, bool ended);

  uv_loop_t* loop_;
  std::list<Process> processes_;
};

}  // namespace compiler_cache
