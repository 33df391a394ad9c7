// The helper once it listens: lets exchanges answer, watches builds, and ends when it is told to or not
// needed any more.
#pragma once

#include "helper/file_system.h"
#include "helper/serve_options.h"

namespace compiler_cache {

/// Runs until the end of the helper; returns the exit code of the process. `folder`: the tree's own, whose
/// lock the caller holds. Takes over the listening socket.
int run_server(const ServeOptions& options, FileSystem& world, FileSystem& folder, int listener);

}  // namespace compiler_cache
