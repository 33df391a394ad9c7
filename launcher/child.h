// A program that runs beside the launcher: the compiler of a miss.
#pragma once

#include <sys/types.h>

namespace compiler_cache::launcher {

/// Descriptors for the child's standard streams; -1 leaves the launcher's own.
struct ChildStreams {
  int input = -1;
  int output = -1;
  int error = -1;
};

struct Child {
  pid_t pid = -1;
  int handle = -1;          ///< a pidfd, readable once the child has ended; -1 where there is none
  bool no_process = false;  ///< the system has none left; exec_error tells why
  int exec_error = 0;       ///< errno when the program could not be executed; there is no child then
};

/// Starts argv. While it runs, the signals that end a build are passed on to it, so that whoever signals the
/// launcher reaches the compiler, and it does not outlive the launcher. Every other descriptor is inherited
/// as it is: the jobserver's are among them.
Child start_child(char** argv, const ChildStreams& streams);

/// No wait status: the system does not tell how the child ended.
inline constexpr int kUnknownEnd = -1;

/// Waits for its end; the wait status, or kUnknownEnd.
int wait_for_child(const Child& child);

/// Ends this process by `signal_number`, so that the build tool sees what it would have seen, but without a
/// core file.
[[noreturn]] void die_by_signal(int signal_number);

}  // namespace compiler_cache::launcher
