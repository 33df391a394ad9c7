#include "launcher/child.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/exec.h"

namespace compiler_cache::launcher {
namespace {

// What `kill`, a terminal or a build tool send to end a build.
constexpr int kPassedOn[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

// Whoever started us may ignore the ends of children, and then nobody is told how they ended.
bool ignores_ends = false;

volatile pid_t signalled_child = 0;
// Written by the vfork'ed child, which shares our memory until it executes the program.
volatile int child_exec_error = 0;

void pass_signal_on(int number) {
  const int saved = errno;
  if (signalled_child > 0) kill(signalled_child, number);
  errno = saved;
}

// Caught, not ignored: execve() resets caught signals, while ignored ones stay so in the compiler. What the
// user ignores (`nohup make`) remains ignored here and there.
void catch_signal(int number, void (*handler)(int)) {
  struct sigaction current;
  if (sigaction(number, nullptr, &current) != 0 || current.sa_handler == SIG_IGN) return;
  struct sigaction action = {};
  action.sa_handler = handler;
  sigaction(number, &action, nullptr);
}

void uncatch_signal(int number) {
  struct sigaction current;
  if (sigaction(number, nullptr, &current) == 0 && current.sa_handler != SIG_IGN) signal(number, SIG_DFL);
}

void use_stream(int descriptor, int standard) {
  if (descriptor >= 0) dup2(descriptor, standard);
}

// In the child, between vfork() and execve(): system calls only.
[[noreturn]] void become_child(char** argv, const ChildStreams& streams, pid_t launcher,
                               const sigset_t* mask) {
  // Killed by SIGKILL the launcher can pass nothing on, and the compiler would run on for nobody.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != launcher) _exit(127);
  use_stream(streams.input, STDIN_FILENO);
  use_stream(streams.output, STDOUT_FILENO);
  use_stream(streams.error, STDERR_FILENO);
  for (const int number : kPassedOn) uncatch_signal(number);
  if (ignores_ends) signal(SIGCHLD, SIG_IGN);
  sigprocmask(SIG_SETMASK, mask, nullptr);
  child_exec_error = try_exec(argv);
  _exit(127);
}

int open_handle(pid_t pid) {
#ifdef SYS_pidfd_open
  return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
#else
  static_cast<void>(pid);
  return -1;
#endif
}

}  // namespace

Child start_child(char** argv, const ChildStreams& streams) {
  // Blocked until the child is known, so that no signal falls between the two.
  sigset_t all;
  sigset_t mask;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &mask);
  for (const int number : kPassedOn) catch_signal(number, pass_signal_on);
  if (signal(SIGCHLD, SIG_DFL) == SIG_IGN) ignores_ends = true;
  const pid_t launcher = getpid();
  child_exec_error = 0;
  Child child;
  child.pid = vfork();
  if (child.pid == 0) become_child(argv, streams, launcher, &mask);
  child.no_process = child.pid < 0;
  child.exec_error = child.no_process ? errno : child_exec_error;
  if (child.pid > 0 && child.exec_error != 0) {
    wait_for_child(child);
    child.pid = -1;
  }
  if (child.pid > 0) {
    signalled_child = child.pid;
    child.handle = open_handle(child.pid);
  }
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  return child;
}

int wait_for_child(const Child& child) {
  int status = kUnknownEnd;
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  signalled_child = 0;
  if (child.handle >= 0) close(child.handle);
  return status;
}

void die_by_signal(int signal_number) {
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  signal(signal_number, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal_number);
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
  raise(signal_number);
  _exit(128 + signal_number);
}

}  // namespace compiler_cache::launcher
