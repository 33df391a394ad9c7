// Running a compiler to ask it something. The seam that lets tests answer for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"

namespace compiler_cache {

struct ProcessOutput {
  int exit_code = 0;  ///< 128 + signal when it was killed
  std::string standard_output;
  std::string standard_error;
};

class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  /// Runs argv[0] (a path: no search) in `cwd` with exactly that environment, standard input empty, and
  /// waits. `timed_out` after `limit_ms`, when it is killed; `too_large` when it prints more than 4 MiB.
  virtual Result<ProcessOutput> run(const std::vector<std::string>& argv,
                                    const std::vector<std::string>& environment, const std::string& cwd,
                                    int limit_ms) = 0;
};

/// Real processes. Any thread.
ProcessRunner& real_process_runner();

}  // namespace compiler_cache
