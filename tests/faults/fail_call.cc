// fail_call N ERRNO RECORD PROGRAM ARGUMENT...: runs PROGRAM, whose call number N (from 1) of the system,
// counted over its threads, fails with ERRNO without having been made. RECORD then holds the call's number;
// else it is empty. Only calls that fail in life are counted: by full disks, limits, file systems that break
// off, peers that go. What PROGRAM executes or forks is left alone. Its exit status is passed on.
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#if defined(__x86_64__)

namespace {

constexpr unsigned long long kFailing[] = {
    SYS_open,
    SYS_openat,
    SYS_pread64,
    SYS_write,
    SYS_pwrite64,
    SYS_writev,
    SYS_rename,
    SYS_renameat,
    SYS_renameat2,
    SYS_link,
    SYS_linkat,
    SYS_unlink,
    SYS_unlinkat,
    SYS_mkdir,
    SYS_mkdirat,
    SYS_rmdir,
    SYS_fsync,
    SYS_fdatasync,
    SYS_ftruncate,
    SYS_flock,
    SYS_memfd_create,
    SYS_getdents64,
    SYS_readlink,
    SYS_readlinkat,
    SYS_stat,
    SYS_lstat,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_utimensat,
    SYS_fcntl,
    SYS_statfs,
    SYS_faccessat,
    SYS_access,
    SYS_getcwd,
    SYS_chmod,
    SYS_fchmod,
    SYS_socket,
    SYS_bind,
    SYS_listen,
    SYS_connect,
    SYS_accept4,
    SYS_sendmsg,
    SYS_recvmsg,
    SYS_recvfrom,
    SYS_getsockopt,
    SYS_poll,
    SYS_epoll_create1,
    SYS_eventfd2,
    SYS_pipe2,
    SYS_copy_file_range,
    SYS_sendfile,
    SYS_lseek,
    SYS_ioctl,
    SYS_fork,
    SYS_vfork,
    SYS_wait4,
    SYS_pidfd_open,
    SYS_setsid,
    SYS_kill,
    SYS_inotify_init1,
    SYS_inotify_add_watch,
};

/// A thread or a signal's handler wakes the event loop: neither fails in life, and the loop does not live
/// without.
bool wakes_own_loop(pid_t thread, unsigned long long descriptor) {
  if (descriptor <= STDERR_FILENO) return false;
  const std::string link = "/proc/" + std::to_string(thread) + "/fd/" + std::to_string(descriptor);
  char target[64];
  const ssize_t length = readlink(link.c_str(), target, sizeof target);
  const std::string_view name(target, length > 0 ? static_cast<std::size_t>(length) : 0);
  return name.starts_with("pipe:") || name == "anon_inode:[eventfd]";
}

struct Tracer {
  long wanted = 0;
  long error = 0;
  const char* record = nullptr;
  long seen = 0;
  pid_t failing = 0;  ///< whose call is being refused
  bool done = false;
  bool has_pipe = false;  ///< libuv's for all loops, without which it aborts; few_descriptors is about that

  bool counts(pid_t thread, const user_regs_struct& registers) {
    if (registers.orig_rax == SYS_write && wakes_own_loop(thread, registers.rdi)) return false;
    if (registers.orig_rax == SYS_pipe2 && !std::exchange(has_pipe, true)) return false;
    return std::find(std::begin(kFailing), std::end(kFailing), registers.orig_rax) != std::end(kFailing);
  }

  /// A call begins or ends; which one, the kernel knows.
  void at_call(pid_t thread) {
    __ptrace_syscall_info info{};
    user_regs_struct registers{};
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0 ||
        ptrace(PTRACE_GETREGS, thread, nullptr, &registers) != 0)
      return;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY && failing == 0 && counts(thread, registers) &&
        ++seen == wanted) {
      note(registers.orig_rax);
      registers.orig_rax = static_cast<unsigned long long>(-1);
      ptrace(PTRACE_SETREGS, thread, nullptr, &registers);
      failing = thread;
    } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && failing == thread) {
      registers.rax = static_cast<unsigned long long>(-error);
      ptrace(PTRACE_SETREGS, thread, nullptr, &registers);
      done = true;
    }
  }

  void note(unsigned long long call) const {
    FILE* file = std::fopen(record, "w");
    if (file == nullptr) return;
    std::fprintf(file, "%llu\n", call);
    std::fclose(file);
  }

  int run(pid_t program) {
    // The first stop is the program's own execve().
    int status = 0;
    waitpid(program, &status, 0);
    ptrace(PTRACE_SETOPTIONS, program, nullptr,
           PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC);
    ptrace(PTRACE_SYSCALL, program, nullptr, nullptr);
    while (true) {
      const pid_t thread = waitpid(-1, &status, __WALL);
      if (thread < 0 && errno == EINTR) continue;
      if (thread < 0) return 1;
      if (WIFEXITED(status) || WIFSIGNALED(status)) {
        if (thread != program) continue;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      }
      go_on(thread, status);
    }
  }

  void go_on(pid_t thread, int status) {
    const int signal = WSTOPSIG(status);
    long passed = 0;
    if (signal == (SIGTRAP | 0x80)) {
      at_call(thread);
    } else if (status >> 16 == PTRACE_EVENT_EXEC) {
      done = true;  // from here on it is another program
    } else if (status >> 16 == 0 && signal != SIGSTOP) {
      passed = signal;
    }
    ptrace(done ? PTRACE_CONT : PTRACE_SYSCALL, thread, nullptr, passed);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  Tracer tracer{std::atol(argv[1]), std::atol(argv[2]), argv[3]};
  if (FILE* file = std::fopen(tracer.record, "w"); file != nullptr) std::fclose(file);
  const pid_t program = fork();
  if (program == 0) {
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(77);
    execv(argv[4], argv + 4);
    _exit(127);
  }
  return tracer.run(program);
}

#else
int main() { return 77; }
#endif
