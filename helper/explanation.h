// Why a build did what it did: the steps of one build put together by their causes, for the command line and
// for reports. Pure: what is read from disk is given.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "helper/stats_view.h"
#include "helper/step_record.h"

namespace compiler_cache {

/// Where paths are shown from.
struct ShownRoots {
  std::string source_root;
  std::string build_root;

  /// Relative to the source tree, else to the build tree, else as it is.
  std::string shown(const std::string& path) const;
};

/// `path` without "." and "..", as text.
std::string normal_path(const std::string& path);

/// One line in the words of a person: "src/config.h changed", "-DNDEBUG added", "-O2 → -O3".
std::string cause_text(const Cause& cause, StepKind kind, const ShownRoots& roots);

/// Why a result is for this folder only, and what to do about it (may be empty), by the reason's stable name.
std::string bound_text(const std::string& reason_name);
std::string_view bound_hint(const std::string& reason_name);
/// How many results of the build are bound to this folder, by the reason's stable name.
std::map<std::string, std::size_t> bound_steps(const BuildSteps& steps);

/// Why a step was not answered from the cache; empty for a hit. Refusals and errors have their reason's
/// sentence, with what it was about where that is short.
std::string why_text(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots);

/// What to do about a refusal; empty when nothing can or need be done.
std::string_view hint_for(const BuildSteps& steps, const StepRecord& step);

/// The step of the same build that, made anew, made this one necessary: of a library the compile of a member.
/// Null where its cause is its own.
const StepRecord* origin_of(const BuildSteps& steps, const StepRecord& step);

/// Steps that were not answered from the cache for one reason, with those that followed from them.
struct CauseGroup {
  std::string title;
  std::string hint;
  std::uint64_t compile_us = 0;          ///< of all together, as far as known
  std::vector<const StepRecord*> steps;  ///< dearest first
  Outcome outcome = Outcome::miss;
  Cause cause;         ///< of misses
  std::string reason;  ///< stable name, of others
};

/// Dearest first; those of which no time is known behind them, largest first.
std::vector<CauseGroup> group_by_cause(const BuildSteps& steps, const ShownRoots& roots);

/// The misses that took longest, with the time known.
std::vector<CostlyMiss> costly_misses(const BuildSteps& steps, const ShownRoots& roots, std::size_t most);

/// "3 compiles", "1 compile, 2 links".
std::string count_text(const std::vector<const StepRecord*>& steps);

/// Source of a compile, output of others, as shown.
std::string step_name(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots);

/// Steps whose source or output is `path` (absolute), or nothing else than that name stands for.
std::vector<const StepRecord*> steps_of(const BuildSteps& steps, const std::string& path);

/// Up to five names of steps that are written much like `name`.
std::vector<std::string> names_like(const BuildSteps& steps, const std::string& name,
                                    const ShownRoots& roots);

}  // namespace compiler_cache
