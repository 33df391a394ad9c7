// What became of one step of a build, and of the build as a whole, as the history keeps it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "helper/counters.h"
#include "helper/hit_source.h"
#include "helper/miss_cause.h"
#include "helper/names.h"
#include "helper/outcome.h"

namespace compiler_cache {

/// Where the helper's time for a step went, in the order in which it goes. The numbers are part of the disk
/// format.
enum class StepPhase : std::uint8_t {
  identity,    ///< which compiler it is, and what the command asks for
  key,         ///< putting the key together
  validation,  ///< is what is known still so? Until the answer was sent
  waiting,     ///< for another step's result, for the clock to tick, or for the compiler to be asked
  restoring,   ///< of a hit: the launcher puts outputs in place
  compiling,   ///< of a miss: the launcher runs the compiler; of a refusal: has become it
  capturing,   ///< of a miss: its outputs are read, until the launcher is let go
  learning,    ///< of a miss: behind the launcher's back
};
inline constexpr std::size_t kStepPhases = 8;
/// Stable names, indexed by StepPhase.
inline constexpr const char* kStepPhaseNames[kStepPhases] = {
    "identity", "key", "validation", "waiting", "restoring", "compiling", "capturing", "learning"};

using PhaseTimes = std::array<std::uint32_t, kStepPhases>;  ///< microseconds

/// A cause with its texts interned.
struct RecordedCause {
  CauseKind kind = CauseKind::other;
  PathId subject = kNoId;
  PathId from = kNoId;
  PathId to = kNoId;
  friend bool operator==(const RecordedCause&, const RecordedCause&) = default;
};

/// Texts are numbers in the table of the BuildSteps that it is in; kNoId: none. Times in microseconds since
/// the build's start by a clock that never goes back; add the build's `started_us` for the time of day.
struct StepRecord {
  StepKind kind = StepKind::compile;
  Outcome outcome = Outcome::error;
  HitSource source_tier = HitSource::memory;  ///< of a hit
  PathId source = kNoId;                      ///< absolute; of archives and links none
  PathId output = kNoId;                      ///< absolute
  PathId reason = kNoId;                      ///< stable name; none for a hit
  PathId detail = kNoId;                      ///< as the log says it
  std::uint64_t start_us = 0;
  std::uint64_t end_us = 0;      ///< when the launcher was let go; of a refusal: ended, if that is known
  std::uint64_t compile_us = 0;  ///< took; of a hit: took when it was made; 0: not known
  std::uint32_t launcher = 0;    ///< pid
  std::uint64_t context = 0;     ///< the first eight bytes of the context's digest; 0: never looked up
  PhaseTimes phases{};
  std::vector<RecordedCause> causes;  ///< of a miss; the first is the cause, the others changed as well

  friend bool operator==(const StepRecord&, const StepRecord&) = default;
};

/// Steps of one build in the order in which they ended.
struct BuildSteps {
  PathTable texts;
  std::vector<StepRecord> steps;

  std::string text(PathId id) const { return id == kNoId ? std::string() : texts[id]; }
  PathId intern(std::string_view text) { return text.empty() ? kNoId : texts.intern(text); }
  Cause cause(const RecordedCause& cause) const {
    return {cause.kind, text(cause.subject), text(cause.from), text(cause.to)};
  }
  RecordedCause intern(const Cause& cause) {
    return {cause.kind, intern(cause.subject), intern(cause.from), intern(cause.to)};
  }
};

struct BuildSummary {
  std::uint64_t number = 0;  ///< counts up in the tree's history; what people name it by
  std::uint64_t id = 0;      ///< of BuildCounters
  BuildIdentity process;
  std::string tool;              ///< "ninja"; empty when none was found
  std::string asked;             ///< the tool's command line; empty when not known
  std::uint64_t started_us = 0;  ///< since the epoch
  std::uint64_t ended_us = 0;    ///< by the same clock: when it ended, or when this was written
  bool ended = false;
  std::uint64_t steps = 0;     ///< recorded
  std::uint64_t left_out = 0;  ///< beyond the limit
  Counters counters;

  friend bool operator==(const BuildSummary&, const BuildSummary&) = default;
};

}  // namespace compiler_cache
