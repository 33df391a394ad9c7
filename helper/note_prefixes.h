// How each compiler begins its include notes: in its own language and encoding, so the compiler itself is
// asked, by a source of two lines. Loop thread only.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "helper/digest.h"
#include "helper/executor.h"
#include "helper/file_system.h"
#include "helper/pending_answers.h"
#include "helper/process_runner.h"

namespace compiler_cache {

struct NotePrefixQuestion {
  Digest identity;
  std::string compiler;  ///< path of the program
  std::vector<std::string>
      arguments;  ///< those of the command that choose how the compiler understands the others
  std::vector<std::string> environment;
  std::vector<std::string> keyed_environment;  ///< the part that can change the answer
  std::string stem;                            ///< of two files to make: a path that nobody uses
};

class NotePrefixes {
 public:
  using Answer = std::function<void(const Result<std::string>&)>;

  /// `expected`: what CMake found, or nothing.
  NotePrefixes(Executor& executor, ProcessRunner& processes, FileSystem& files, std::string expected)
      : executor_(executor), processes_(processes), files_(files), expected_(std::move(expected)) {}

  /// Answers at once when it can. A compiler that prints no notes, or fails, is `invalid`, and not asked
  /// again.
  void get(const NotePrefixQuestion& question, Answer answer);

 private:
  Executor& executor_;
  ProcessRunner& processes_;
  FileSystem& files_;
  const std::string expected_;
  std::unordered_map<Digest, Result<std::string>> known_;
  PendingAnswers<Answer> pending_;
};

}  // namespace compiler_cache
