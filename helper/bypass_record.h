// The `bypassed` file: one byte (protocol::BypassCode) for each compile that a launcher ran without asking.
// Launchers append with O_APPEND and know of nothing else; the helper folds the file into its counters now
// and then. A byte that a launcher writes between our reading and removing is not counted: the figure is for
// people, and a lock would cost every such compile.
#pragma once

#include <string>

#include "base/status.h"
#include "helper/counters.h"
#include "helper/file_system.h"

namespace compiler_cache {

/// The reason that stands for one byte of the file; `other` for a byte that this version does not know.
BypassReason bypass_reason_of(char code);

/// Counts by stable name what `folder` (a .compiler-cache) has recorded, and changes nothing.
Result<ReasonCounts> peek_bypassed(FileSystem& files, const std::string& folder);

/// Takes what is recorded out of the folder: each byte is returned by one call only, or lost if the helper
/// dies before it persists. Empty when there is nothing.
Result<ReasonCounts> fold_bypassed(FileSystem& files, const std::string& folder);

}  // namespace compiler_cache
