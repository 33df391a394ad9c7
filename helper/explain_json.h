// An explanation for programs.
#pragma once

#include <string>
#include <vector>

#include "helper/explanation.h"

namespace compiler_cache {

/// {"schema":1,"build":{...}|null,"steps":[...],"causes":[...]}; `shown`: the steps, all or those asked for.
/// Paths are absolute. Ends with a line feed.
std::string explain_json(const BuildSummary* summary, const BuildSteps& steps,
                         const std::vector<const StepRecord*>& shown, const ShownRoots& roots);

}  // namespace compiler_cache
