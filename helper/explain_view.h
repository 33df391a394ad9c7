// An explanation as people read it. JSON is in explain_json.h.
#pragma once

#include <functional>
#include <string>

#include "helper/explanation.h"
#include "helper/include_chain.h"
#include "helper/terminal_style.h"

namespace compiler_cache {

/// Shown of each cause; of the rest the number is told.
inline constexpr std::size_t kShownSteps = 5;

/// "Build 12 (ninja), 3 min ago: 10 compiles, 4 from the cache". `now_us` since the epoch. With its line
/// feed, like all here.
std::string build_line(const BuildSummary& summary, std::uint64_t now_us);

/// Every step that was not a hit, by cause, dearest first.
std::string explain_text(const BuildSummary& summary, const BuildSteps& steps, const ShownRoots& roots,
                         std::uint64_t now_us, const Style& style);

/// How `step` reaches the file, which its cause names.
using FindChain = std::function<IncludeChain(const StepRecord& step, const std::string& file)>;

/// All that is known of one step.
std::string explain_step(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots,
                         const FindChain& find_chain, const Style& style);

}  // namespace compiler_cache
