#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <optional>

#include "helper/build_finder.h"
#include "helper/commands.h"
#include "helper/config.h"
#include "helper/control_client.h"
#include "helper/stats_view.h"

namespace compiler_cache {
namespace {

constexpr std::chrono::seconds kSummaryLimit{5};

/// The counters of the build that this process belongs to; none when it has had no request.
std::optional<Counters> counters_of_this_build(const std::string& build_root) {
  const Result<ControlAnswer> answer =
      ask_helper(build_root + "/" + kTreeFolderName, kStatsCommand, {}, kSummaryLimit);
  if (!answer || !answer->ok) return std::nullopt;
  const Result<BuildCounters> counters = BuildCounters::decode(answer->payload);
  if (!counters) return std::nullopt;
  ProcProcessList processes;
  const std::optional<BuildProcess> build = find_build(processes, ::getpid(), build_root);
  const std::optional<BuildRecord> last = counters->last_build();
  if (!build || !last || last->process != BuildIdentity{build->pid, build->start_time}) return std::nullopt;
  return last->counters;
}

}  // namespace

/// Says nothing rather than fail: it is run by builds, which must not fail for it.
int run_summary(const CommandOptions& options) {
  const std::optional<Counters> counters = counters_of_this_build(options.build_root);
  const std::string line = summary_line(counters.value_or(Counters{}), options.on_miss);
  std::fputs(line.c_str(), stdout);
  return kExitOk;
}

}  // namespace compiler_cache
