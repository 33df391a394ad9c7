// A miss: the compiler runs here, in the build tool's process group and terminal, and the helper learns what
// came of it.
#pragma once

#include "launcher/answer.h"
#include "launcher/connection.h"

namespace compiler_cache::launcher {

/// Runs what the helper asked for and reports it. Returns false when nothing was run (the compiler is then to
/// run in our place); else `*exit_code` is the compiler's. A compiler that died by a signal takes this
/// process with it.
bool compile(const Miss& miss, Connection* connection, int* exit_code);

}  // namespace compiler_cache::launcher
