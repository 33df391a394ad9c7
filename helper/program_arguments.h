// Which of a command's arguments choose the programs that a compiler's driver runs.
#pragma once

#include <string>
#include <vector>

namespace compiler_cache {

/// Those of `arguments`, in order, with their values.
std::vector<std::string> program_arguments(const std::vector<std::string>& arguments);

}  // namespace compiler_cache
