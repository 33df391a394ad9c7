// What the condition of an #if says about which macros are defined. Internal to folder_scan.
#pragma once

#include <string_view>
#include <vector>

#include "depscan/folder_scan.h"

namespace compiler_cache {

/// It holds only if all of `holds` does, and if it does not, all of `otherwise` do.
struct Condition {
  Guard holds = {};
  std::vector<DefinedCondition> otherwise = {};
};

/// Of #ifdef, or of #ifndef when not `defined`.
Condition condition_on_name(std::string_view name, bool defined);

/// Of #if, without comments. Understood are `defined(x)`, `!defined x`, numbers and one `x`, and as many of
/// them as there are between && or between ||. A macro may stand for operators, too: `0 && x` holds where x
/// is `1 || 1`, so that with one more macro than that nothing is understood.
Condition condition_of(std::string_view text);

}  // namespace compiler_cache
