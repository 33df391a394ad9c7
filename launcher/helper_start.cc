#include "launcher/helper_start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "launcher/memory.h"

extern char** environ;

namespace compiler_cache::launcher {
namespace {

// Each a quarter longer than the one before: so nobody waits for much longer than it takes.
constexpr long kFirstPauseNs = 500000;
constexpr long kLongestPauseNs = 16000000;

// Variables of the build tool that started this one launcher, which a helper that outlives it must not act
// on: the jobserver's descriptors are closed, and a preloaded library (fakeroot, a build recorder) belongs to
// this build only.
constexpr const char* kDroppedVariables[] = {
    "MAKEFLAGS",    "MFLAGS",       "MAKELEVEL",    "MAKE_TERMOUT",
    "MAKE_TERMERR", "GNUMAKEFLAGS", "NINJA_STATUS", "LD_PRELOAD",
};
constexpr char kLogVariable[] = "COMPILER_CACHE_LOG=";

// How glibc is to allocate in the helper (it cannot be told later): most of loading a large session is the
// kernel handing out one small page after the other (42 ms of CPU for 5,000 units, with this 21). One arena,
// since the heap of another grows by a system call a page.
constexpr char kTunables[] = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1";
constexpr size_t kTunablesName = sizeof "GLIBC_TUNABLES=" - 1;

bool is_dropped(const char* variable) {
  for (const char* name : kDroppedVariables) {
    const size_t size = strlen(name);
    if (strncmp(variable, name, size) == 0 && variable[size] == '=') return true;
  }
  return false;
}

// The helper runs in `/`, so a log named relative to here is named in full.
char* absolute_log(char* variable, const char* cwd) {
  const char* path = variable + sizeof kLogVariable - 1;
  if (path[0] == '/' || path[0] == '\0') return variable;
  const size_t size = sizeof kLogVariable + strlen(cwd) + 1 + strlen(path);
  char* full = static_cast<char*>(allocate(size));
  if (full == nullptr) return variable;
  strcpy(full, kLogVariable);
  strcat(full, cwd);
  strcat(full, "/");
  strcat(full, path);
  return full;
}

char** helper_environment(const char* cwd) {
  size_t count = 0;
  while (environ[count] != nullptr) ++count;
  char** kept = static_cast<char**>(allocate((count + 2) * sizeof(char*)));
  if (kept == nullptr) return environ;
  size_t size = 0;
  bool has_tunables = false;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (is_dropped(*variable)) continue;
    const bool is_log = strncmp(*variable, kLogVariable, sizeof kLogVariable - 1) == 0;
    has_tunables = has_tunables || strncmp(*variable, kTunables, kTunablesName) == 0;
    kept[size++] = is_log ? absolute_log(*variable, cwd) : *variable;
  }
  if (!has_tunables) kept[size] = const_cast<char*>(kTunables);
  return kept;
}

void close_all_from(unsigned first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
#endif
  struct rlimit limit;
  rlim_t end = 1024;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) end = limit.rlim_cur;
  for (rlim_t descriptor = first; descriptor < end; ++descriptor) close(static_cast<int>(descriptor));
}

// Ignored signals and the mask would stay with the helper: a `nohup make` must not make one that cannot be
// hung up.
void reset_signals() {
  for (int number = 1; number <= 64; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// In the helper's process: nothing of the build is left in it, above all no pipe that the build tool waits
// on.
[[noreturn]] void become_helper(char** argv, char** environment) {
  reset_signals();
  umask(077);
  const int null = openat(AT_FDCWD, "/dev/null", O_RDWR);
  if (null < 0 || chdir("/") != 0) _exit(127);
  for (int descriptor = 0; descriptor <= STDERR_FILENO; ++descriptor) dup2(null, descriptor);
  close_all_from(STDERR_FILENO + 1);
  execve(argv[0], argv, environment);
  _exit(127);
}

// Two forks: the helper is nobody's child and has a session of its own, and the launcher leaves no zombie.
bool start_helper(const Tree& tree, const char* cwd) {
  const Path build = tree.build_folder(cwd);
  Path program;
  if (tree.folder().c_str()[0] != '/') program.add(cwd).add("/");
  program.add(tree.folder().c_str(), tree.folder().size()).add("/").add(protocol::kHelperName);
  if (!build.ok() || !program.ok() || access(program.c_str(), X_OK) != 0) return false;

  static char serve[] = "serve";
  static char option[] = "--tree";
  char* argv[] = {const_cast<char*>(program.c_str()), serve, option, const_cast<char*>(build.c_str()),
                  nullptr};
  char** environment = helper_environment(cwd);
  const pid_t between = fork();
  if (between < 0) return false;
  if (between == 0) {
    setsid();
    const pid_t helper = fork();
    if (helper == 0) become_helper(argv, environment);
    _exit(helper < 0 ? 1 : 0);
  }
  int status = 0;
  while (waitpid(between, &status, 0) < 0 && errno == EINTR) {
  }
  return status == 0;
}

void pause_for(long nanoseconds) {
  struct timespec pause = {0, nanoseconds};
  nanosleep(&pause, nullptr);
}

// Tries again, ever more slowly, while somebody may yet come to listen.
Reach wait_for_helper(const Tree& tree, bool heed_mark, Connection* connection) {
  const int64_t deadline = now_ms() + protocol::kStartTimeoutMs;
  long pause = kFirstPauseNs;
  while (true) {
    const Reach reach = connection->open(tree);
    if (reach != Reach::absent && reach != Reach::busy) return reach;
    if (heed_mark && tree.is_stalled()) return reach;
    if (now_ms() >= deadline) {
      tree.mark_stalled();
      return reach;
    }
    pause_for(pause);
    pause = pause < kLongestPauseNs ? pause + pause / 4 : kLongestPauseNs;
  }
}

Reach start_and_wait(const Tree& tree, const char* cwd, Connection* connection) {
  const Path path = tree.path_of(protocol::kStartLockName);
  const int lock = path.ok() ? openat(AT_FDCWD, path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (lock < 0) return Reach::failed;
  // Where the file system has no locks, who comes first starts the helper, and so may the second.
  const bool ours = flock(lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
  Reach reach = Reach::absent;
  if (ours) {
    reach = connection->open(tree);  // the one who held the lock a moment ago may have started it
    if (reach == Reach::absent && !start_helper(tree, cwd)) {
      tree.mark_stalled();
      reach = Reach::failed;
    }
  }
  if (reach == Reach::absent || reach == Reach::busy) reach = wait_for_helper(tree, !ours, connection);
  close(lock);
  return reach;
}

}  // namespace

bool reach_helper(const Tree& tree, const char* cwd, Connection* connection, Decision* why) {
  Reach reach = connection->open(tree);
  if (reach == Reach::connected) return true;
  if (reach == Reach::absent) {
    if (!tree.is_owned_by(geteuid())) {
      *why = Decision::not_owner;
      return false;
    }
    if (tree.is_stalled()) {
      *why = Decision::stalled;
      return false;
    }
    reach = start_and_wait(tree, cwd, connection);
  } else if (reach == Reach::busy) {
    reach = wait_for_helper(tree, true, connection);
  }
  *why = reach == Reach::closed_stdio ? Decision::closed_stdio
         : reach == Reach::foreign    ? Decision::not_owner
                                      : Decision::no_helper;
  return reach == Reach::connected;
}

}  // namespace compiler_cache::launcher
