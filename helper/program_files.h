// Gathers the files that a tool is made of: programs, the shared libraries that these load, and where those
// would have been found instead. Part of probing an identity (identity.h); for a worker thread.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "helper/clock.h"
#include "helper/file_system.h"
#include "helper/identity.h"
#include "helper/process_runner.h"

namespace compiler_cache {

inline constexpr int kProbeLimitMs = 10'000;

class ProgramFiles {
 public:
  struct Seams {
    FileSystem& files;
    const Clock& clock;
    ProcessRunner& processes;
  };

  /// What is found is added to `identity`. `environment`: what programs are asked with. `asking_cwd`: where
  /// they run; `cwd`: what relative places are relative to. All outlive this.
  ProgramFiles(const Seams& seams, const ProgramMemo& memo, const std::vector<std::string>& environment,
               std::string asking_cwd, std::string cwd, Identity& identity)
      : seams_(seams),
        memo_(memo),
        environment_(environment),
        asking_cwd_(std::move(asking_cwd)),
        cwd_(std::move(cwd)),
        began_ns_(seams.clock.file_now_ns()),
        identity_(identity) {}

  /// Hashes a program and the shared libraries that it loads. `is_elf`, if given: whether it is a binary.
  Status add_program(const std::string& path, bool* is_elf = nullptr);
  Status add_file(const std::string& path) { return add_file(path, nullptr); }
  /// A place where something would be found, if it were there. Where its folder is not there either, the
  /// first that is missing on the way stands for all below it.
  void watch(const std::string& place);
  bool has(const std::string& path) const { return seen_.contains(path); }

 private:
  Status add_file(const std::string& path, std::string* head);

  Seams seams_;
  const ProgramMemo& memo_;
  const std::vector<std::string>& environment_;
  const std::string asking_cwd_;
  const std::string cwd_;
  const std::int64_t began_ns_;  ///< what changed since may or may not have been seen
  Identity& identity_;
  std::set<std::string> seen_;
  std::set<std::string> watched_;
};

}  // namespace compiler_cache
