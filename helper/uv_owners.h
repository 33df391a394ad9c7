// The processes that a private helper is for (a CI job, an editor): it ends with the last of them. A helper
// without any is everybody's.
#pragma once

#include <sys/types.h>
#include <uv.h>

#include <functional>
#include <list>
#include <string_view>

namespace compiler_cache {

/// 0 when the text is no process id.
pid_t process_id(std::string_view text);

class UvOwners {
 public:
  /// `on_last_gone` is called when all owners have ended.
  UvOwners(uv_loop_t* loop, std::function<void()> on_last_gone)
      : loop_(loop), on_last_gone_(std::move(on_last_gone)) {}

  /// False when there is no such process.
  bool add(pid_t pid);
  /// For the end: stops watching.
  void close();

 private:
  struct Owner {
    int pidfd = -1;
    uv_poll_t* poll = nullptr;
    UvOwners* all = nullptr;
  };

  static void release(Owner& owner);
  void gone(Owner& owner);

  uv_loop_t* loop_;
  std::function<void()> on_last_gone_;
  std::list<Owner> owners_;
};

}  // namespace compiler_cache
