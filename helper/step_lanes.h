// Which steps of a build ran side by side: each is put into a lane, as if lanes were the workers of the build
// tool. Nobody tells which worker ran what; the lowest lane that was free when a step began is as good.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "helper/step_record.h"

namespace compiler_cache {

struct StepLanes {
  std::vector<std::uint32_t> lanes;  ///< one for each step, from 0
  std::uint32_t count = 0;
};

/// From start_us to end_us of each; steps that only touch share a lane.
StepLanes lanes_of(const std::vector<StepRecord>& steps);

/// The same for what the helper did for each step when the launcher was gone: from end_us on, for as long as
/// the phase `learning` took. Steps without it are in lane 0, and do not count.
StepLanes learning_lanes_of(const std::vector<StepRecord>& steps);

}  // namespace compiler_cache
