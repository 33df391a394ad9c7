#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include "helper/clock.h"
#include "helper/commands.h"
#include "helper/config.h"
#include "helper/control_client.h"
#include "helper/json_view.h"
#include "helper/offline_counters.h"
#include "helper/real_file_system.h"
#include "helper/stats_view.h"

namespace compiler_cache {
namespace {

constexpr std::chrono::seconds kLimit{5};

Result<BuildCounters> ask_for_counters(const std::string& folder) {
  Result<ControlAnswer> answer = ask_helper(folder, kStatsCommand, {}, kLimit);
  if (!answer) return answer.error();
  if (!answer->ok) return Error{ErrorKind::io, answer->payload};
  return BuildCounters::decode(answer->payload);
}

/// From the helper, else from the disk: statistics from before its last publication are better than none.
Result<BuildCounters> find_counters(const std::string& folder) {
  Result<BuildCounters> counters = ask_for_counters(folder);
  if (counters) return counters;
  if (counters.error().kind != ErrorKind::not_found) {
    print_error(counters.error().message + "; what follows is from the disk and may be old");
  }
  const std::unique_ptr<FileSystem> files = make_real_file_system();
  const auto now = static_cast<std::uint64_t>(system_clock().wall_seconds());
  return read_counters_from_disk(*files, folder, now);
}

}  // namespace

int run_stats(const CommandOptions& options) {
  const std::string folder = options.build_root + "/" + kTreeFolderName;
  Result<BuildCounters> counters = find_counters(folder);
  if (!counters) {
    print_error(counters.error().message);
    return kExitFailure;
  }
  const StatsReport report{counters->total(), counters->last_build()};
  const std::string text = options.json ? stats_json(report) : stats_table(report);
  std::fputs(text.c_str(), stdout);
  return kExitOk;
}

}  // namespace compiler_cache
