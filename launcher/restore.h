// A hit: all outputs in place, or none.
#pragma once

#include "launcher/answer.h"
#include "launcher/connection.h"
#include "launcher/tree.h"

namespace compiler_cache::launcher {

/// Puts every output in place, passes the diagnostics on and tells the helper. On false nothing of ours is in
/// place, the helper knows, and `*detail` says why; the compiler is to run.
bool restore(const Hit& hit, Connection* connection, Text<512>* detail);

/// Tells the helper that what it answered was done, or that it could not be done and the compiler runs.
void send_declined(const char* why, Connection* connection);

}  // namespace compiler_cache::launcher
