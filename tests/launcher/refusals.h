// System calls that fail, for programs that a test starts: file systems and kernels that this machine does
// not have.
#pragma once

#include <cstdint>
#include <vector>

namespace compiler_cache::launcher_test {

struct Refusal {
  int number;             ///< SYS_...
  int error;              ///< errno to give
  unsigned argument = 0;  ///< which argument to look at
  uint32_t bits = 0;      ///< refuse only when all these are set in it; 0: always
};

/// For Launch::in_child. From here on the process and what it executes get the errors.
void refuse(const std::vector<Refusal>& refusals);

/// False where the kernel takes no such filter.
bool can_refuse();

}  // namespace compiler_cache::launcher_test
