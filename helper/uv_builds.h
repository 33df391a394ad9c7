// Which builds run in this tree, and when they end. A build is the outermost build tool above a launcher (see
// build_finder.h), held by a pidfd. Where none is found, a quiet period counts as the end.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include "helper/build_finder.h"
#include "helper/build_handles.h"
#include "helper/build_history.h"
#include "helper/counters.h"
#include "helper/event_log.h"
#include "helper/status_report.h"

namespace compiler_cache {

class UvBuilds {
 public:
  /// `on_ending` is called while the build still counts, `on_all_ended` when none is left. A build stays
  /// among the handles until that call is over.
  UvBuilds(uv_loop_t* loop, ProcessList& processes, BuildCounters& counters, BuildHistory& history,
           EventLog& events, const Clock& clock, BuildHandles& handles, std::string build_root,
           std::function<void()> on_ending, std::function<void()> on_all_ended);

  /// The id of the build that `peer` works for.
  std::uint64_t build_of(pid_t peer);
  /// Whether that build is known by its process.
  bool is_held(std::uint64_t id) const;
  bool running() const { return !builds_.empty(); }
  /// The id of the newest running build; 0 when none runs.
  std::uint64_t newest() const { return builds_.empty() ? 0 : builds_.back().id; }
  void fill(StatusReport& report) const;
  /// For the end: stops watching.
  void close();

 private:
  struct Build {
    std::uint64_t id = 0;
    BuildProcess process;  // pid 0: no build tool was found
    std::uint64_t started = 0;
    int pidfd = -1;
    uv_poll_t* poll = nullptr;
    UvBuilds* owner = nullptr;
  };

  std::uint64_t begin(const BuildProcess& process);
  std::uint64_t anonymous();
  bool watch(Build& build);
  void end(Build& build);
  void release(Build& build);

  uv_loop_t* loop_;
  ProcessList& processes_;
  BuildCounters& counters_;
  BuildHistory& history_;
  EventLog& events_;
  const Clock& clock_;
  BuildHandles& handles_;
  const std::string build_root_;
  std::function<void()> on_ending_;
  std::function<void()> on_all_ended_;
  std::list<Build> builds_;
  uv_timer_t quiet_timer_{};
  std::uint64_t looked_at_ms_ = 0;
};

}  // namespace compiler_cache
