// The statistics as people read them. JSON is in json_view.h.
#pragma once

#include <optional>
#include <string>

#include "helper/counters.h"

namespace compiler_cache {

struct StatsReport {
  Counters total;
  std::optional<BuildRecord> last_build;
};

/// A short table: the last build beside the total. Ends with a line feed.
std::string stats_table(const StatsReport& report);

/// Amounts with a unit: "0 B", "1.5 MiB"; "0 ms", "1.2 s", "3 min 5 s", "2 h 10 min".
std::string human_bytes(std::uint64_t bytes);
std::string human_microseconds(std::uint64_t microseconds);

}  // namespace compiler_cache
