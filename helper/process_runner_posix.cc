#include "helper/process_runner.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "helper/clock.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kMaxOutput = 4U << 20;

struct Pipe {
  int read_end = -1;
  int write_end = -1;

  bool open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = ends[0];
    write_end = ends[1];
    return true;
  }
  void close_write() { close_end(write_end); }
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  ~Pipe() {
    close_end(read_end);
    close_end(write_end);
  }
};

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> list;
  list.reserve(strings.size() + 1);
  for (const std::string& text : strings) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

/// posix_spawn with the working directory, own process group (so that a time-out ends its children too),
/// default signal dispositions and the three standard descriptors.
int spawn(pid_t& child, const std::vector<std::string>& argv, const std::vector<std::string>& environment,
          const std::string& cwd, const Pipe& out, const Pipe& err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, cwd.c_str());
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write_end, 1);
  posix_spawn_file_actions_adddup2(&actions, err.write_end, 2);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

  const int error = posix_spawn(&child, argv[0].c_str(), &actions, &attributes, pointers(argv).data(),
                                pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/// Reads both pipes to their ends, or until the limit. Success means that both ended.
Status drain(Pipe& out, Pipe& err, ProcessOutput& output, std::int64_t deadline_us) {
  std::array<pollfd, 2> polled{pollfd{out.read_end, POLLIN, 0}, pollfd{err.read_end, POLLIN, 0}};
  std::array<std::string*, 2> sinks{&output.standard_output, &output.standard_error};
  char buffer[16384];
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    const std::int64_t left_us = deadline_us - system_clock().monotonic_us();
    if (left_us <= 0) return Error{ErrorKind::timed_out, "the compiler did not answer in time"};
    if (poll(polled.data(), polled.size(), static_cast<int>(left_us / 1000 + 1)) < 0 && errno != EINTR) {
      return Error{ErrorKind::io, std::string("poll: ") + std::strerror(errno)};
    }
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      const ssize_t got = read(polled[i].fd, buffer, sizeof buffer);
      if (got > 0) sinks[i]->append(buffer, static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EINTR)) polled[i].fd = -1;
      if (sinks[i]->size() > kMaxOutput) return Error{ErrorKind::too_large, "the compiler printed too much"};
    }
  }
  return {};
}

class RealProcessRunner final : public ProcessRunner {
 public:
  Result<ProcessOutput> run(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
                            const std::string& cwd, int limit_ms) override {
    Pipe out;
    Pipe err;
    if (!out.open() || !err.open()) return Error{ErrorKind::io, std::string("pipe: ") + std::strerror(errno)};
    pid_t child = 0;
    if (const int error = spawn(child, argv, environment, cwd, out, err); error != 0) {
      return Error{error == ENOENT ? ErrorKind::not_found : ErrorKind::io,
                   argv[0] + ": " + std::strerror(error)};
    }
    out.close_write();
    err.close_write();
    ProcessOutput output;
    const Status drained =
        drain(out, err, output, system_clock().monotonic_us() + static_cast<std::int64_t>(limit_ms) * 1000);
    if (!drained.ok()) kill(-child, SIGKILL);
    int status = 0;
    pid_t ended = -1;
    while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR) {
    }
    if (!drained.ok()) return drained.error();
    if (ended < 0) return Error{ErrorKind::io, argv[0] + ": its end is unknown"};
    output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return output;
  }
};

}  // namespace

ProcessRunner& real_process_runner() {
  static RealProcessRunner runner;
  return runner;
}

}  // namespace compiler_cache
