// Commands by which a compiler's driver links an executable or a shared library.
#pragma once

#include "helper/command.h"

namespace compiler_cache {

/// What `argv` asks for, or why it is not cached. `family`: GCC or Clang, in the GNU dialect.
Classified classify_link(const std::vector<std::string>& argv, const std::string& cwd, CompilerFamily family,
                         const ResponseFileReader& reader);

/// The words of `argv` that choose programs beside those that choose a compiler's.
std::vector<std::string> linker_choice(const std::vector<std::string>& argv);

/// The command to run for a miss: as it came, and a list of what the linker reads, at `list`.
std::vector<std::string> link_argv(const std::vector<std::string>& argv, const std::string& list);

}  // namespace compiler_cache
