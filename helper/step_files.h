// The source and the output of a command that was not understood, or not looked at: for people, who know a
// step by these.
#pragma once

#include <string>
#include <vector>

namespace compiler_cache {

struct StepFiles {
  std::string source;  ///< as spelled; empty when none is seen
  std::string output;
};

/// The first word that is named like a source, and what -o names. A guess.
StepFiles guess_step_files(const std::vector<std::string>& argv);

}  // namespace compiler_cache
