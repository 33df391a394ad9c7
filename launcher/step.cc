#include "launcher/step.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/child.h"
#include "launcher/exec.h"
#include "launcher/text.h"
#include "protocol/protocol.h"

namespace compiler_cache::launcher {
namespace {

[[noreturn]] void end_without_removal(const char* library, int error) {
  Text<PATH_MAX + 256> message;
  message.add("compiler-cache: cannot remove ").add(library).add(": ").add(strerror(error)).add("\n");
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, message.c_str(), message.size());
  _exit(1);
}

// Runs the archiver; returns only if it succeeded.
void run_archiver(char** argv) {
  const Child child = start_child(argv, {});
  if (child.exec_error != 0) {
    if (child.no_process) exec_compiler(argv);  // without ranlib, which the archivers of today don't need
    _exit(report_cannot_run(argv[0], child.exec_error));
  }
  const int status = wait_for_child(child);
  if (status == kUnknownEnd) _exit(1);
  if (WIFSIGNALED(status)) die_by_signal(WTERMSIG(status));
  if (WEXITSTATUS(status) != 0) _exit(WEXITSTATUS(status));
}

}  // namespace

bool parse_step(int argc, char** argv, Step* step) {
  if (argc < 2) return false;
  *step = Step();
  step->argv = argv + 1;
  if (strcmp(argv[1], "--link") == 0) {
    step->kind = StepKind::link;
    step->argv = argv + 2;
  } else if (strcmp(argv[1], "--archive") == 0) {
    if (argc < 5) return false;
    step->kind = StepKind::archive;
    step->library = argv[2];
    step->ranlib = strcmp(argv[3], ":") == 0 ? nullptr : argv[3];
    step->argv = argv + 4;
  }
  return step->argv[0] != nullptr;
}

uint32_t request_flags(const Step& step) {
  switch (step.kind) {
    case StepKind::compile:
      return 0;
    case StepKind::archive:
      return protocol::kArchiveStep;
    case StepKind::link:
      return protocol::kLinkStep;
  }
  return 0;
}

bool remove_old_library(const Step& step) { return unlink(step.library) == 0 || errno == ENOENT; }

char** ranlib_argv(const Step& step, char* (&memory)[3]) {
  memory[0] = step.ranlib;
  memory[1] = const_cast<char*>(step.library);
  memory[2] = nullptr;
  return memory;
}

void run_in_place(const Step& step) {
  if (step.kind != StepKind::archive) exec_compiler(step.argv);
  if (!remove_old_library(step)) end_without_removal(step.library, errno);
  if (step.ranlib == nullptr) exec_compiler(step.argv);
  run_archiver(step.argv);
  char* memory[3];
  exec_compiler(ranlib_argv(step, memory));
}

}  // namespace compiler_cache::launcher
