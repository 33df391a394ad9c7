// Loading in the background, in two stages, each at most once: by the first request that needs it. Loop
// thread only; a stage's work runs on a worker.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "helper/executor.h"

namespace compiler_cache {

/// What must be loaded before a request can be answered.
enum class Need : std::uint8_t {
  nothing,  ///< ping, stop, whatever is not known
  light,    ///< stats, status: counters and folders
  full,     ///< a compile: everything
};

/// Of a control request.
inline Need need_of(std::string_view command) {
  if (command == "stats" || command == "status" || command == "history") return Need::light;
  return command == "clear" ? Need::full : Need::nothing;
}

class Loading {
 public:
  struct Stage {
    std::function<void()> work;  ///< on a worker
    std::function<void()> done;  ///< then on the loop
  };

  Loading(Executor& executor, Stage light, Stage full)
      : executor_(executor), stages_{std::move(light), std::move(full)} {}

  bool has(Need need) const { return loaded_ >= need; }
  /// A stage's work is running: what it writes belongs to it.
  bool under_way() const { return under_way_; }

  /// Calls once what is needed is loaded, at once if it is. In order of asking.
  void want(Need need, std::function<void()> call);

  /// For the end: begins no further stage, and calls once none is under way.
  void stop(std::function<void()> call);

 private:
  struct Waiter {
    Need need;
    std::function<void()> call;
  };

  void go_on();
  void stage_done();
  void call_waiters();

  Executor& executor_;
  const std::array<Stage, 2> stages_;
  Need loaded_ = Need::nothing;
  Need wanted_ = Need::nothing;
  bool under_way_ = false;
  bool stopped_ = false;
  std::function<void()> when_stopped_;
  std::vector<Waiter> waiters_;
};

}  // namespace compiler_cache
