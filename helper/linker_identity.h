// Which linker it is that a compiler's driver runs: GNU ld, gold, lld or mold, with the driver, what lies
// between the two (collect2), and what link-time optimisation runs. Identified like a compiler (identity.h),
// which it includes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/clock.h"
#include "helper/file_system.h"
#include "helper/identity.h"
#include "helper/process_runner.h"

namespace compiler_cache {

/// Not `supported` in the answer: a driver that is a script, or a linker that is not known to list what it
/// reads.
Result<Identity> probe_linker(FileSystem& files, const Clock& clock, ProcessRunner& processes,
                              const IdentityQuestion& question, const ProgramMemo& memo);

/// The name by which GCC looks for the linker that these of a command's words choose.
std::string linker_name(const std::vector<std::string>& choosing);

/// Whether the linker that says this of its version writes a list of what it reads.
bool lists_what_it_reads(std::string_view version_line);

}  // namespace compiler_cache
