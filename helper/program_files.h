// Gathers the files that a tool is made of: programs, the shared libraries that these load, and where those
// would have been found instead. Part of probing an identity (identity.h); for a worker thread.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "helper/clock.h"
#include "helper/environment.h"
#include "helper/file_system.h"
#include "helper/hasher.h"
#include "helper/identity.h"
#include "helper/process_runner.h"

namespace compiler_cache {

inline constexpr int kProbeLimitMs = 10'000;

/// Of what a program has written to standard output, without its end.
inline std::string first_line_of(const ProcessOutput& output) {
  return output.standard_output.substr(0, output.standard_output.find('\n'));
}

class ProgramFiles {
 public:
  struct Seams {
    FileSystem& files;
    const Clock& clock;
    ProcessRunner& processes;
  };

  /// What is found is added to `identity`, which may know some already. `environment`: of the question.
  /// `asking_cwd`: where programs are run; `cwd`: what relative places are relative to. All outlive this.
  ProgramFiles(const Seams& seams, const ProgramMemo& memo, const Environment& environment,
               std::string asking_cwd, std::string cwd, Identity& identity);

  /// The program by that name, as the question's PATH finds it; empty when there is none.
  std::string find(const std::string& name);
  /// Asks a program.
  Result<ProcessOutput> run(const std::vector<std::string>& argv);
  Result<std::string> first_line(const std::vector<std::string>& argv);

  /// Hashes a program and the shared libraries that it loads. `is_elf`, if given: whether it is a binary.
  Status add_program(const std::string& path, bool* is_elf = nullptr);
  Status add_file(const std::string& path) { return add_file(path, nullptr); }
  /// A place where something would be found, if it were there. Where its folder is not there either, the
  /// first that is missing on the way stands for all below it.
  void watch(const std::string& place);
  /// What decides for all programs where their libraries are found.
  void watch_loader();
  bool has(const std::string& path) const { return seen_.contains(path); }
  /// Names and contents of all files.
  void add_to(Hasher& hasher) const;

 private:
  Status add_file(const std::string& path, std::string* head);

  Seams seams_;
  const ProgramMemo& memo_;
  const Environment& environment_;
  const std::vector<std::string> probe_environment_;
  const std::string asking_cwd_;
  const std::string cwd_;
  const std::int64_t began_ns_;  ///< what changed since may or may not have been seen
  Identity& identity_;
  std::set<std::string> seen_;
  std::set<std::string> watched_;
};

}  // namespace compiler_cache
