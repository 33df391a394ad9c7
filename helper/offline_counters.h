// The counters of a tree whose helper does not run, from its disk. Changes nothing.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "helper/counters.h"
#include "helper/file_system.h"

namespace compiler_cache {

/// The counters of the newest session in `folder` (a .compiler-cache) that has readable ones, with the calls
/// added that launchers have recorded since. All zero when there is no session yet.
Result<BuildCounters> read_counters_from_disk(FileSystem& files, const std::string& folder,
                                              std::uint64_t wall_seconds);

}  // namespace compiler_cache
