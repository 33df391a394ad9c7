// The real disk behind FileSystem: the only file of the core that makes system calls on files.
#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "helper/file_system.h"

namespace compiler_cache {

/// Relative paths start at the process's working directory.
std::unique_ptr<FileSystem> make_real_file_system();

/// Holds the folder's descriptor from now on and resolves relative paths against it (absolute ones stay
/// absolute): when the folder is moved, the object moves along; when it is removed, everything fails with
/// not_found and nothing is ever recreated under its old name. The folder must exist.
Result<std::unique_ptr<FileSystem>> make_folder_file_system(const std::string& path);

/// True while the root folder of `folder` is what `path`, as `world` sees it, names: neither removed nor
/// moved away nor replaced.
bool still_stands(FileSystem& folder, FileSystem& world, const std::string& path);

/// The error that `number` (an errno) means, with a sentence made of `action`, `path` and the system's words.
Error error_from_errno(int number, const char* action, const std::string& path);

}  // namespace compiler_cache
