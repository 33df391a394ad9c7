// The helper as a process: listens on the tree's socket, lets exchanges answer, watches builds, and ends when
// it is told to or not needed any more.
#pragma once

#include "helper/serve_options.h"

namespace compiler_cache {

/// Runs until the end of the helper; returns the exit code of the process. At once, with 0, when another
/// helper holds this tree's lock.
int serve(const ServeOptions& options);

}  // namespace compiler_cache
