// The processes that a private helper is for (a CI job, an editor): it ends with the last of them. A helper
// without any is everybody's.
#pragma once

#include <sys/types.h>
#include <uv.h>

#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>

#include "helper/uv_process_ends.h"

namespace compiler_cache {

/// 0 when the text is no process id.
pid_t process_id(std::string_view text);

class UvOwners {
 public:
  /// `on_last_gone` is called when all owners have ended.
  UvOwners(uv_loop_t* loop, std::function<void()> on_last_gone)
      : ends_(loop), on_last_gone_(std::move(on_last_gone)) {}

  /// False when there is no such process.
  bool add(pid_t pid);
  /// For the end: stops watching.
  void close() { ends_.close(); }

 private:
  UvProcessEnds ends_;
  std::function<void()> on_last_gone_;
  std::size_t count_ = 0;
};

}  // namespace compiler_cache
