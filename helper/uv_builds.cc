#include "helper/uv_builds.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "helper/uv_polls.h"

namespace compiler_cache {
namespace {

/// While a build runs, a request is taken to belong to it; that another one runs beside it is looked for this
/// often. A look reads some ten files of /proc, most of what a hit costs the helper.
constexpr std::uint64_t kLookEveryMs = 100;

/// Without a build tool to wait for, the build ends when no request came for this long.
constexpr std::uint64_t kQuietMs = 2000;

}  // namespace

UvBuilds::UvBuilds(uv_loop_t* loop, ProcessList& processes, BuildCounters& counters, BuildHistory& history,
                   EventLog& events, const Clock& clock, BuildHandles& handles, std::string build_root,
                   std::function<void()> on_ending, std::function<void()> on_all_ended)
    : loop_(loop),
      processes_(processes),
      counters_(counters),
      history_(history),
      events_(events),
      clock_(clock),
      handles_(handles),
      build_root_(std::move(build_root)),
      on_ending_(std::move(on_ending)),
      on_all_ended_(std::move(on_all_ended)) {
  uv_timer_init(loop_, &quiet_timer_);
  quiet_timer_.data = this;
}

std::uint64_t UvBuilds::build_of(pid_t peer) {
  const std::uint64_t now = uv_now(loop_);
  // While several run, each request is looked at.
  if (builds_.size() == 1 && now - looked_at_ms_ < kLookEveryMs && builds_.back().process.pid != 0 &&
      !handles_.all_ended()) {
    return builds_.back().id;
  }
  looked_at_ms_ = now;
  const std::optional<BuildProcess> process = find_build(processes_, peer, build_root_);
  if (!process) return builds_.empty() || builds_.back().process.pid == 0 ? anonymous() : builds_.back().id;
  const auto known = std::find_if(builds_.begin(), builds_.end(),
                                  [&](const Build& build) { return build.process == *process; });
  return known != builds_.end() ? known->id : begin(*process);
}

bool UvBuilds::is_held(std::uint64_t id) const {
  return std::any_of(builds_.begin(), builds_.end(),
                     [&](const Build& build) { return build.id == id && build.process.pid != 0; });
}

std::uint64_t UvBuilds::begin(const BuildProcess& process) {
  Build build;
  build.process = process;
  build.started = static_cast<std::uint64_t>(clock_.wall_seconds());
  build.owner = this;
  builds_.push_back(std::move(build));
  Build& added = builds_.back();
  if (!watch(added)) {
    builds_.pop_back();
    return anonymous();
  }
  added.id = counters_.begin_build(added.started, {process.pid, process.start_time});
  Result<std::string> asked = processes_.command_line(process.pid);
  history_.begin_build(added.id, {process.pid, process.start_time}, process.name,
                       asked ? std::move(*asked) : std::string());
  events_.write("build-start", {{"build", added.id}, {"build_pid", static_cast<std::uint64_t>(process.pid)}});
  return added.id;
}

bool UvBuilds::watch(Build& build) {
  build.pidfd = static_cast<int>(syscall(SYS_pidfd_open, build.process.pid, 0));
  if (build.pidfd < 0) return false;
  // The pid may have become another process's before it was opened.
  Result<ProcessInfo> info = processes_.info(build.process.pid);
  if (!info.ok() || info->start_time != build.process.start_time) {
    ::close(build.pidfd);
    return false;
  }
  build.poll = new_poll(loop_, build.pidfd, &build);
  if (build.poll == nullptr) {
    ::close(build.pidfd);
    return false;
  }
  handles_.add(build.pidfd);
  uv_poll_start(build.poll, UV_READABLE, [](uv_poll_t* poll, int, int) {
    auto* ended = static_cast<Build*>(poll->data);
    ended->owner->end(*ended);
  });
  return true;
}

std::uint64_t UvBuilds::anonymous() {
  if (builds_.empty()) {
    Build build;
    build.started = static_cast<std::uint64_t>(clock_.wall_seconds());
    build.owner = this;
    build.id = counters_.begin_build(build.started);
    history_.begin_build(build.id);
    builds_.push_back(std::move(build));
    events_.write("build-start", {{"build", builds_.back().id}});
  }
  uv_timer_start(
      &quiet_timer_,
      [](uv_timer_t* timer) {
        auto* self = static_cast<UvBuilds*>(timer->data);
        const auto quiet = std::find_if(self->builds_.begin(), self->builds_.end(),
                                        [](const Build& build) { return build.process.pid == 0; });
        if (quiet != self->builds_.end()) self->end(*quiet);
      },
      kQuietMs, 0);
  return builds_.back().id;
}

void UvBuilds::release(Build& build) {
  if (build.poll == nullptr) return;
  handles_.remove(build.pidfd);
  close_poll(std::exchange(build.poll, nullptr));
  ::close(build.pidfd);
}

void UvBuilds::end(Build& build) {
  on_ending_();
  const std::uint64_t id = build.id;
  const std::uint64_t took_s = static_cast<std::uint64_t>(clock_.wall_seconds()) - build.started;
  counters_.end_build(id);
  history_.end_build(id);
  std::list<Build> ended;
  ended.splice(ended.begin(), builds_,
               std::find_if(builds_.begin(), builds_.end(), [&](const Build& b) { return b.id == id; }));
  const std::optional<BuildRecord> last = counters_.last_build();
  const Counters counted = last && last->id == id ? last->counters : Counters{};
  events_.write("build-exit", {{"build", id},
                               {"requests", counted.requests()},
                               {"hits", counted.hits},
                               {"misses", counted.misses},
                               {"uncacheable", counted.uncacheable},
                               {"seconds", took_s}});
  if (builds_.empty()) on_all_ended_();
  release(ended.front());
}

void UvBuilds::close() {
  for (Build& build : builds_) {
    release(build);
    counters_.end_build(build.id);
  }
  builds_.clear();
  uv_close(reinterpret_cast<uv_handle_t*>(&quiet_timer_), nullptr);
}

void UvBuilds::fill(StatusReport& report) const {
  for (const Build& build : builds_) {
    report.builds.push_back(
        {build.id, static_cast<std::uint32_t>(build.process.pid), build.process.name, build.started});
  }
}

}  // namespace compiler_cache
