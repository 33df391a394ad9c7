#include "tests/situations/run.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

namespace compiler_cache::situations {
namespace {

struct Channel {
  int read_end = -1;
  int write_end = -1;
};

Channel open_pipe() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) perror("pipe");
  return {ends[0], ends[1]};
}

Channel open_terminal() {
  Channel channel;
  channel.read_end = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (channel.read_end < 0 || grantpt(channel.read_end) != 0 || unlockpt(channel.read_end) != 0) {
    perror("posix_openpt");
    return channel;
  }
  channel.write_end = open(ptsname(channel.read_end), O_RDWR | O_NOCTTY | O_CLOEXEC);
  return channel;
}

[[noreturn]] void become(const CommandRun& run, const Channel& output, const Channel& error) {
  std::vector<std::string> entries;
  for (const auto& [name, value] : run.environment) entries.push_back(name + "=" + value);
  std::vector<char*> environment;
  for (std::string& entry : entries) environment.push_back(entry.data());
  environment.push_back(nullptr);
  std::vector<std::string> words = run.argv;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  umask(run.umask);
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, 0);
  dup2(output.write_end, 1);
  dup2(error.write_end, 2);
  if (chdir(run.cwd.c_str()) != 0) _exit(126);
  execvpe(argv[0], argv.data(), environment.data());
  perror(argv[0]);
  _exit(errno == ENOENT ? 127 : 126);
}

// A terminal whose other side is gone says EIO where a pipe says end of file.
void read_both(const Channel& output, const Channel& error, Ending& ending) {
  std::array<pollfd, 2> waited{pollfd{output.read_end, POLLIN, 0}, pollfd{error.read_end, POLLIN, 0}};
  std::array<std::string*, 2> sinks{&ending.output, &ending.error};
  std::array<char, 65536> buffer;
  while (waited[0].fd >= 0 || waited[1].fd >= 0) {
    if (poll(waited.data(), waited.size(), -1) < 0) continue;
    for (std::size_t i = 0; i < waited.size(); ++i) {
      if (waited[i].fd < 0 || waited[i].revents == 0) continue;
      const ssize_t got = read(waited[i].fd, buffer.data(), buffer.size());
      if (got > 0)
        sinks[i]->append(buffer.data(), static_cast<std::size_t>(got));
      else
        waited[i].fd = -1;
    }
  }
}

}  // namespace

int Ending::exit_code() const { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }

int Ending::signal() const { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

Ending run(const CommandRun& command) {
  const Channel output = open_pipe();
  const Channel error = command.terminal ? open_terminal() : open_pipe();
  const pid_t child = fork();
  if (child == 0) become(command, output, error);
  close(output.write_end);
  close(error.write_end);
  Ending ending;
  read_both(output, error, ending);
  while (waitpid(child, &ending.status, 0) < 0 && errno == EINTR) {
  }
  close(output.read_end);
  close(error.read_end);
  return ending;
}

}  // namespace compiler_cache::situations
