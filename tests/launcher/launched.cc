#include "tests/launcher/launched.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace compiler_cache::launcher_test {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

std::string read_back(int file) {
  if (file < 0) return "";
  std::string bytes(static_cast<size_t>(lseek(file, 0, SEEK_END)), '\0');
  EXPECT_EQ(pread(file, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  close(file);
  return bytes;
}

}  // namespace

int Ending::exit_code() const { return WIFEXITED(status) ? WEXITSTATUS(status) : -1; }
int Ending::signal() const { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

Launched::Launched(const Launch& launch) {
  if (launch.standard_output < 0) output_ = memfd_create("stdout", MFD_CLOEXEC);
  if (launch.standard_error < 0) error_ = memfd_create("stderr", MFD_CLOEXEC);
  std::vector<std::string> environment = launch.environment;
  environment.push_back(std::string("PATH=") + getenv("PATH"));
  // A sanitized launcher must not be told from a plain one by what it leaves behind at its exit.
  environment.push_back("ASAN_OPTIONS=detect_leaks=0");
  const std::vector<char*> argv = pointers(launch.argv);
  const std::vector<char*> envp = pointers(environment);
  pid_ = fork();
  if (pid_ != 0) return;
  dup2(launch.standard_output < 0 ? output_ : launch.standard_output, STDOUT_FILENO);
  dup2(launch.standard_error < 0 ? error_ : launch.standard_error, STDERR_FILENO);
  if (chdir(launch.cwd.c_str()) != 0) _exit(125);
  if (launch.in_child) launch.in_child();
  execve(launch.executable.empty() ? argv[0] : launch.executable.c_str(), argv.data(), envp.data());
  _exit(125);
}

Launched::~Launched() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  wait();
}

Ending Launched::wait() {
  Ending ending;
  waitpid(pid_, &ending.status, 0);
  pid_ = -1;
  ending.standard_output = read_back(output_);
  ending.standard_error = read_back(error_);
  return ending;
}

}  // namespace compiler_cache::launcher_test
