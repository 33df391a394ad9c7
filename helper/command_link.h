// Commands by which a compiler's driver links an executable or a shared library.
#pragma once

#include "helper/command.h"

namespace compiler_cache {

/// What `argv` asks for, or why it is not cached. `family`: GCC or Clang, in the GNU dialect.
Classified classify_link(const std::vector<std::string>& argv, const std::string& cwd, CompilerFamily family,
                         const ResponseFileReader& reader);

/// The words of `argv` that choose the programs which the driver runs for a link.
std::vector<std::string> linker_arguments(const std::vector<std::string>& argv);

}  // namespace compiler_cache
