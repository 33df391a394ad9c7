// The folder that all trees of a user share: ours alone, or not used.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "helper/file_system.h"

namespace compiler_cache {

/// Success while `path` is a folder that belongs to `uid` and that nobody else can write to: whoever can
/// write there could make us put any object into a build.
Status check_shared_folder(FileSystem& files, const std::string& path, std::uint32_t uid);

/// Makes `path` (absolute; missing parents too) with mode 0700, `objects` and `variants` in it, and checks
/// it.
Status prepare_shared_folder(FileSystem& files, const std::string& path, std::uint32_t uid);

}  // namespace compiler_cache
