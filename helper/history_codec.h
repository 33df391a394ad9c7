// The history of builds as bytes. Each build is two files in `history/`, sealed (sealed_bytes.h):
//
//   <number>.build   CCbs   summary   small; the newest hundred are kept
//   <number>.steps   CCbt   steps     of the newest ten
//
//   summary = [1, number, id, pid, process start, tool, asked, started us, ended us, ended, steps, left out,
//              counters]                                  (counters.h)
//   steps   = [1, [text...], [phase name...], [cause name...], count, bytes]
//   bytes   = for each step: its length, and then these numbers, all as LEB128:
//             kind, outcome, tier, source, output, reason, detail, start us, took us, compile us, launcher,
//             context, phases: count and microseconds of each, causes: count and [kind, subject, from, to]
//             of each
//
// A text is its place in the list plus one, 0 for none. Kind of step, outcome and tier are the numbers of
// their enumerators, which no version changes; phases and causes are by name. Flat bytes, since a msgpack
// object for each number would take ten times the memory. Later versions may append numbers to a step and
// fields to the arrays; a changed meaning needs a new version of the seal.
//
// Version history
//   1  first version
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "helper/sealed_bytes.h"
#include "helper/step_record.h"

namespace compiler_cache {

inline constexpr SealKind kSummaryKind{"CCbs", 1, std::uint64_t{1} << 20};
inline constexpr SealKind kStepsKind{"CCbt", 1, std::uint64_t{1} << 28};

/// Recorded of one build; a hundred thousand take some 20 MB of memory and 3 MB on disk.
inline constexpr std::size_t kMaxSteps = 200'000;

std::string encode_summary(const BuildSummary& summary);
/// `corrupt` when it is not of the form above; nothing of it is used then. The same below.
Result<BuildSummary> decode_summary(std::string_view bytes);

std::string encode_steps(const BuildSteps& steps);
Result<BuildSteps> decode_steps(std::string_view bytes);

/// Appends `more`, whose times are `shift_us` later than those of `steps`; up to kMaxSteps. Returns how many
/// were left out.
std::uint64_t append_steps(BuildSteps& steps, const BuildSteps& more, std::uint64_t shift_us);

}  // namespace compiler_cache
