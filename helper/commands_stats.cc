#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include "helper/clock.h"
#include "helper/commands.h"
#include "helper/config.h"
#include "helper/control_client.h"
#include "helper/explanation.h"
#include "helper/json_view.h"
#include "helper/offline_counters.h"
#include "helper/real_file_system.h"
#include "helper/recorded_history.h"
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

}  // namespace

/// Statistics from before the helper's last publication are better than none.
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

namespace {

void add_history(StatsReport& report, const CommandOptions& options, const std::string& folder) {
  const std::unique_ptr<FileSystem> files = make_real_file_system();
  const History history = recorded_history(*files, folder);
  for (const BuildSummary& build : history.builds) {
    if (report.recent_builds == kRecentBuilds) break;
    report.recent.merge(build.counters);
    ++report.recent_builds;
  }
  if (history.builds.empty()) return;
  const Result<BuildSteps> steps = read_steps(*files, folder, history.builds.front().number);
  if (!steps) return;
  const Result<Config> config = load_config(*files, options.build_root);
  report.costly = costly_misses(*steps, {config ? config->source_root : std::string(), options.build_root},
                                kCostlyMisses);
}

}  // namespace

int run_stats(const CommandOptions& options) {
  const std::string folder = options.build_root + "/" + kTreeFolderName;
  Result<BuildCounters> counters = find_counters(folder);
  if (!counters) {
    print_error(counters.error().message);
    return kExitFailure;
  }
  StatsReport report;
  report.total = counters->total();
  report.last_build = counters->last_build();
  add_history(report, options, folder);
  std::string text;
  if (options.json) {
    text = stats_json(report);
  } else {
    const Style style = style_of_output();
    text = stats_table(report, style);
    if (const std::string costly = costly_table(report.costly, style); !costly.empty()) text += "\n" + costly;
  }
  std::fputs(text.c_str(), stdout);
  return kExitOk;
}

}  // namespace compiler_cache
