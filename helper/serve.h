// How a process becomes the helper of a tree: the one that has the lock listens, and serves.
#pragma once

#include "helper/serve_options.h"

namespace compiler_cache {

/// Runs until the end of the helper; returns the exit code of the process. At once, with 0, when another
/// helper holds this tree's lock.
int serve(const ServeOptions& options);

}  // namespace compiler_cache
