// What a program is behind its symbolic links: a link to a cache takes the name of a compiler.
#pragma once

#include <string>

#include "helper/file_system.h"

namespace compiler_cache {

/// What `path` (absolute) leads to in the end; itself when it is no symlink.
std::string end_of_links(FileSystem& files, std::string path);

/// The compiler cache or distributor (ccache, distcc, …) that `program` or a link on the way from it is named
/// as, or "".
std::string cache_behind(FileSystem& files, const std::string& program);

}  // namespace compiler_cache
