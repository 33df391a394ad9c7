// Whether the command of a compile allows its result to be used in other folders, or why not. What the
// compile reads and writes may forbid it all the same; docs/key.md has the argument.
#pragma once

#include <string>

#include "helper/bound_reason.h"
#include "helper/context_key.h"
#include "helper/root_tokens.h"

namespace compiler_cache {

enum class Freedom : std::uint8_t {
  bound,
  unmapped,  ///< free if nothing that is read leads to __FILE__ or its kin
  mapped,    ///< the compiler writes other names for both roots
};

struct CommandFreedom {
  Freedom freedom = Freedom::bound;
  BoundReason reason = BoundReason::option;  ///< of bound
  std::string detail = {};                   ///< an option, a variable
};

CommandFreedom judge_command(const ContextInput& input, const RootTokens& roots);

}  // namespace compiler_cache
