// Commands that make a static library.
#pragma once

#include "helper/command.h"

namespace compiler_cache {

/// What `argv` (the archiver, its operation, the library and its members) asks for, or why it is not cached.
/// The library must not exist when it runs: whoever asks sees to that.
Classified classify_archive(const std::vector<std::string>& argv, const std::string& cwd,
                            const ResponseFileReader& reader);

}  // namespace compiler_cache
