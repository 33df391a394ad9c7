// A miss: the compiler (or archiver, or linker) runs here, in the build tool's process group and terminal,
// and the helper learns what came of it.
#pragma once

#include "launcher/answer.h"
#include "launcher/connection.h"
#include "launcher/step.h"
#include "launcher/text.h"

namespace compiler_cache::launcher {

/// Runs what the helper asked for and reports it. Returns false when the compiler is to run in our place all
/// the same, because nothing was run or what was run failed for a file of ours; `detail` then tells why. Else
/// `*exit_code` is the compiler's. A compiler that died by a signal takes this process with it.
bool compile(const Step& step, const Miss& miss, Connection* connection, Text<512>* detail, int* exit_code);

}  // namespace compiler_cache::launcher
