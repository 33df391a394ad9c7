// Files of ours that a compiler is told to write beside the user's: a depfile where the user wants none. A
// disk that is full there must not fail a compile that would have succeeded without us.
#pragma once

#include "launcher/answer.h"
#include "launcher/capture.h"

namespace compiler_cache::launcher {

/// Before the compile: false where such a file would hardly fit.
bool have_room(const Miss& miss);

/// After a compile that failed: true when it may have failed for such a file. `error`: what the compiler
/// said.
bool may_be_to_blame(const Miss& miss, const Capture& error);

}  // namespace compiler_cache::launcher
