// Which archiver it is that makes a static library: GNU ar, gcc-ar or llvm-ar. Identified like a compiler
// (identity.h): by the program, the libraries that it loads, and the plugins by which it reads objects made
// for link-time optimisation.
#pragma once

#include "base/status.h"
#include "helper/clock.h"
#include "helper/file_system.h"
#include "helper/identity.h"
#include "helper/process_runner.h"

namespace compiler_cache {

/// Runs the archiver once or twice. Not `supported` in the answer: a script, or no archiver that is known.
/// `not_found` when there is no such program. For a worker thread.
Result<Identity> probe_archiver(FileSystem& files, const Clock& clock, ProcessRunner& processes,
                                const IdentityQuestion& question, const ProgramMemo& memo);

}  // namespace compiler_cache
