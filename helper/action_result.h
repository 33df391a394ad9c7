// A text as the message ActionResult of Bazel's remote execution protocol, as its standard output: the only
// form in which servers of that protocol keep something under a name of the client's choice. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace compiler_cache {

/// ActionResult { stdout_raw: text } (field 5, bytes), in protocol buffers' encoding.
std::string wrap_action_result(std::string_view text);
/// The text; fields that a server has added are passed over. `corrupt` when it is no such message.
Result<std::string> unwrap_action_result(std::string_view message);

}  // namespace compiler_cache
