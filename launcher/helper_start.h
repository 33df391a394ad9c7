// Reaching the helper, and starting it when there is none.
#pragma once

#include "launcher/connection.h"
#include "launcher/decision.h"
#include "launcher/tree.h"

namespace compiler_cache::launcher {

/// Connects, if need be to a helper started for the purpose. On false `*why` says what stood in the way.
///
/// Of several launchers that find no helper, the one that gets the start lock starts it, and all wait for the
/// socket within kStartTimeoutMs.
bool reach_helper(const Tree& tree, const char* cwd, Connection* connection, Decision* why);

}  // namespace compiler_cache::launcher
