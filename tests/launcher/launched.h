// A program that a test started: the launcher, as a build tool would start it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace compiler_cache::launcher_test {

/// How a program is started.
struct Launch {
  std::vector<std::string> argv;
  std::string executable;  ///< what to execute when it is not argv[0]
  std::string cwd;
  std::vector<std::string> environment;  ///< "NAME=value"; added to PATH, which is all there is otherwise
  int standard_output = -1;              ///< -1: a file, read back by wait()
  int standard_error = -1;
  std::function<void()> in_child;  ///< last thing before the program
};

/// How it ended.
struct Ending {
  int status = -1;  ///< wait status
  std::string standard_output;
  std::string standard_error;

  /// -1 when it died by a signal.
  int exit_code() const;
  /// 0 when it ended by itself.
  int signal() const;
};

class Launched {
 public:
  explicit Launched(const Launch& launch);
  ~Launched();
  Launched(const Launched&) = delete;
  Launched& operator=(const Launched&) = delete;

  pid_t pid() const { return pid_; }
  Ending wait();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  int error_ = -1;
};

}  // namespace compiler_cache::launcher_test
