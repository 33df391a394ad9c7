// What the builds of this tree do, as it happens: the part of the history (history_files.h) that is not on
// disk yet. Adding a step makes no system call. Loop thread only.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "helper/clock.h"
#include "helper/counters.h"
#include "helper/step_record.h"

namespace compiler_cache {

/// A step that has ended, with its texts as they are. Times by Clock::monotonic_us().
struct EndedStep {
  std::string_view source;
  std::string_view output;
  std::string_view detail;
  std::int64_t began_us = 0;
  std::int64_t ended_us = 0;
  std::uint64_t compile_us = 0;
  std::uint32_t launcher = 0;
  std::uint64_t context = 0;
  PhaseTimes phases{};
  const std::vector<Cause>* causes = nullptr;
};

class BuildHistory {
 public:
  /// What is new of one build.
  struct News {
    BuildSummary summary;
    BuildSteps steps;
  };

  explicit BuildHistory(const Clock& clock) : clock_(clock) {}

  /// `id` as BuildCounters gave it; `asked`: the tool's command line, if known.
  void begin_build(std::uint64_t id, BuildIdentity process = {}, std::string tool = {},
                   std::string asked = {});
  void end_build(std::uint64_t id);

  /// A step of a build that has begun and is running or the newest that ended; others are not recorded.
  void add(std::uint64_t id, const RequestResult& result, const EndedStep& step);
  /// Calls that went past the helper; a build of their own where none is running under that id.
  void add_bypassed(const ReasonCounts& counts, std::uint64_t id);

  /// What has been added since the last call, oldest build first; of a build that has ended nothing is kept
  /// here then but its name.
  std::vector<News> take();

 private:
  struct Build {
    News news;
    std::int64_t began_us = 0;
    bool changed = false;
  };

  Build* find(std::uint64_t id);
  Build& begin(std::uint64_t id);
  std::uint64_t wall_us() const;

  const Clock& clock_;
  std::list<Build> builds_;  ///< oldest first
};

}  // namespace compiler_cache
