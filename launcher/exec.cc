#include "launcher/exec.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "launcher/memory.h"
#include "launcher/text.h"

extern char** environ;

namespace compiler_cache::launcher {
namespace {

constexpr char kDefaultPath[] = "/usr/local/bin:/bin:/usr/bin";

// A script without `#!` is the shell's to run.
int exec_by_shell(const char* program, char** argv) {
  size_t count = 0;
  while (argv[count] != nullptr) ++count;
  char** shell_argv = static_cast<char**>(allocate((count + 2) * sizeof(char*)));
  if (shell_argv == nullptr) return ENOMEM;
  static char shell[] = "/bin/sh";
  shell_argv[0] = shell;
  shell_argv[1] = const_cast<char*>(program);
  for (size_t i = 1; i < count; ++i) shell_argv[i + 1] = argv[i];
  execve(shell, shell_argv, environ);
  return errno;
}

int exec_program(const char* program, char** argv) {
  execve(program, argv, environ);
  return errno == ENOEXEC ? exec_by_shell(program, argv) : errno;
}

}  // namespace

int try_exec(char** argv) {
  const char* name = argv[0];
  if (strchr(name, '/') != nullptr) return exec_program(name, argv);
  if (name[0] == '\0') return ENOENT;

  const char* folder = getenv("PATH");
  if (folder == nullptr) folder = kDefaultPath;
  int error = ENOENT;
  while (true) {
    const size_t size = strcspn(folder, ":");
    Text<PATH_MAX> program;
    program.add(folder, size).add(size == 0 ? "" : "/").add(name);
    const int failed = program.ok() ? exec_program(program.c_str(), argv) : ENAMETOOLONG;
    if (failed == EACCES) {
      error = EACCES;  // remembered, and the search goes on: a later folder may have one that runs
    } else if (failed != ENOENT && failed != ENOTDIR && failed != ENAMETOOLONG) {
      return failed;
    }
    if (folder[size] == '\0') return error;
    folder += size + 1;
  }
}

int report_cannot_run(const char* name, int error) {
  Text<PATH_MAX + 256> message;
  message.add("compiler-cache: cannot run ").add(name).add(": ").add(strerror(error)).add("\n");
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, message.c_str(), message.size());
  return error == ENOENT ? 127 : 126;
}

void exec_compiler(char** argv) {
  const int error = try_exec(argv);
  _exit(report_cannot_run(argv[0], error));
}

}  // namespace compiler_cache::launcher
