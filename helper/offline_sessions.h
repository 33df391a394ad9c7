// The sessions of a tree, for those who only look: nothing is locked, made or removed.
#pragma once

#include <string>
#include <vector>

#include "helper/file_system.h"
#include "helper/session_name.h"

namespace compiler_cache {

/// Those that hold something, newest first. A working folder counts as well: it is what a helper that crashed
/// had got to. `folder` is the one of all sessions.
std::vector<SessionName> sessions_on_disk(FileSystem& files, const std::string& folder);

}  // namespace compiler_cache
