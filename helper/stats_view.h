// The statistics as people read them. JSON is in json_view.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "helper/counters.h"
#include "helper/terminal_style.h"

namespace compiler_cache {

/// A miss that took long.
struct CostlyMiss {
  std::string name;   ///< of its source or output, as people know it
  std::string cause;  ///< a short sentence
  std::uint64_t compile_us = 0;
};

inline constexpr std::size_t kCostlyMisses = 10;
inline constexpr std::size_t kRecentBuilds = 10;

struct StatsReport {
  Counters total;
  std::optional<BuildRecord> last_build;
  std::size_t recent_builds = 0;  ///< summed up in `recent`; up to kRecentBuilds
  Counters recent;
  std::vector<CostlyMiss> costly;  ///< of the last build, dearest first
};

/// A short table: the last build, the last ten where there are several, and the total. Ends with a line feed.
std::string stats_table(const StatsReport& report, const Style& style = {});
/// The dearest misses below each other; empty when there are none.
std::string costly_table(const std::vector<CostlyMiss>& misses, const Style& style = {});

/// A build in one line, for the end of its output; empty when `only_misses` and there were none.
std::string summary_line(const Counters& build, bool only_misses);

/// Amounts with a unit: "0 B", "1.5 MiB"; "0 ms", "1.2 s", "3 min 5 s", "2 h 10 min".
std::string human_bytes(std::uint64_t bytes);
std::string human_microseconds(std::uint64_t microseconds);

}  // namespace compiler_cache
