// One program run to its end, as a build tool would run it.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace compiler_cache::situations {

struct CommandRun {
  std::vector<std::string> argv;
  std::string cwd;
  std::map<std::string, std::string> environment;  ///< all of it
  mode_t umask = 022;
  bool terminal = false;  ///< standard error is a terminal; what goes there is in `error`
};

struct Ending {
  int status = -1;  ///< as of waitpid
  std::string output;
  std::string error;

  /// -1 when it died by a signal.
  int exit_code() const;
  /// 0 when it ended by itself.
  int signal() const;
};

Ending run(const CommandRun& command);

}  // namespace compiler_cache::situations
