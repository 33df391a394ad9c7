#include "launcher/compile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "launcher/capture.h"
#include "launcher/child.h"
#include "launcher/exec.h"
#include "launcher/own_files.h"
#include "launcher/restore.h"
#include "launcher/standard_stream.h"
#include "protocol/wire.h"

namespace compiler_cache::launcher {
namespace {

struct Outcome {
  bool no_process = false;  ///< the system has none left: nothing ran
  int wait_status = 0;
  uint64_t microseconds = 0;
  uint32_t flags = 0;
};

uint64_t now_us() {
  struct timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000 + static_cast<uint64_t>(now.tv_nsec) / 1000;
}

bool make_folders(char** paths) {
  for (; *paths != nullptr; ++paths) {
    if (mkdir(*paths, 0700) != 0 && errno != EEXIST) return false;
  }
  return true;
}

void remove_files(char** paths) {
  for (; *paths != nullptr; ++paths) unlink(*paths);
}

// Passes on what comes until the child has ended and everything it wrote has been read. A process that the
// compiler left behind with our pipe in its hands does not hold up the build: where the kernel tells of the
// child's end, the rest is read without waiting.
void forward_until_end(const Child& child, Capture* output, Capture* error) {
  bool ended = false;
  while (output->read_end() >= 0 || error->read_end() >= 0) {
    struct pollfd waited[] = {{output->read_end(), POLLIN, 0},
                              {error->read_end(), POLLIN, 0},
                              {ended ? -1 : child.handle, POLLIN, 0}};
    const int ready = poll(waited, 3, ended ? 0 : -1);
    if (ready < 0) continue;  // a signal; it was passed on to the child
    if (ready == 0) return;
    if (waited[0].revents != 0) output->forward();
    if (waited[1].revents != 0) error->forward();
    ended = ended || waited[2].revents != 0;
  }
}

bool run_compiler(char** argv, Capture* output, Capture* error, Outcome* outcome) {
  const uint64_t start = now_us();
  const Child child = start_child(argv, {-1, output->write_end(), error->write_end()});
  output->close_write_end();
  error->close_write_end();
  if (child.exec_error != 0) {
    outcome->no_process = child.no_process;
    if (child.no_process) return false;
    outcome->wait_status = report_cannot_run(argv[0], child.exec_error) << 8;
    return false;
  }
  forward_until_end(child, output, error);
  output->finish();
  error->finish();
  outcome->wait_status = wait_for_child(child);
  outcome->microseconds = now_us() - start;
  if (output->is_incomplete() || error->is_incomplete()) outcome->flags |= protocol::kCaptureOverflow;
  return true;
}

// Runs behind the archiver. What it says is passed on but not kept: then nothing is.
bool run_ranlib(const Step& step, Outcome* outcome) {
  Capture output(STDOUT_FILENO, "");
  Capture error(STDERR_FILENO, "");
  char* memory[3];
  char** argv = ranlib_argv(step, memory);
  const bool heard = output.open() && error.open();
  const uint64_t before = outcome->microseconds;
  const bool ran = run_compiler(argv, &output, &error, outcome);
  outcome->microseconds += before;
  if (!heard || output.kept().size > 0 || error.kept().size > 0) outcome->flags |= protocol::kCaptureOverflow;
  return ran;
}

// Runs a second program, of whose output nobody hears. The status only says whether what it wrote can be
// used.
bool run_scan(char** argv) {
  const int null = openat(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return false;
  const Child child = start_child(argv, {null, null, null});
  close(null);
  return child.exec_error == 0 && wait_for_child(child) == 0;
}

bool report(const Outcome& outcome, const Capture& output, const Capture& error, Connection* connection) {
  uint8_t memory[64];
  wire::Buffer head = {memory, 0, sizeof memory, nullptr};
  wire::Writer writer(&head);
  writer.begin_frame();
  writer.write_array(6);
  writer.write_uint(protocol::kCompiled);
  writer.write_uint(static_cast<uint32_t>(outcome.wait_status));
  writer.write_uint(outcome.microseconds);
  writer.write_uint(outcome.flags);
  writer.write_bin_header(output.kept().size);

  uint8_t middle_memory[16];
  wire::Buffer middle = {middle_memory, 0, sizeof middle_memory, nullptr};
  wire::Writer middle_writer(&middle);
  middle_writer.write_bin_header(error.kept().size);

  writer.end_frame(output.kept().size + middle.size + error.kept().size);
  struct iovec parts[] = {{head.data, head.size},
                          {output.kept().data, output.kept().size},
                          {middle.data, middle.size},
                          {error.kept().data, error.kept().size}};
  return writer.ok() && connection->send(parts, sizeof parts / sizeof parts[0]);
}

// The next step of the build may change the object in place, so the helper must have its bytes before we end.
// And it may have something to say: also of a compile that failed.
void await_stored(Connection* connection) {
  Message message;
  wire::Bytes note;
  if (connection->receive(&message) == Receipt::received && decode_stored(message, &note) && note.size > 0)
    pass_on(STDERR_FILENO, note.data, note.size);
}

bool is_ignored(int number) {
  struct sigaction current;
  return sigaction(number, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
}

void note_broken_pipe(int) {}

// The compiler is to run as the user asked for it, in our place.
bool give_up(const char* why, Text<512>* detail, Connection* connection) {
  detail->add(why);
  send_declined(why, connection);
  return false;
}

}  // namespace

bool compile(const Step& step, const Miss& miss, Connection* connection, Text<512>* detail, int* exit_code) {
  Capture output(STDOUT_FILENO, miss.note_prefix);
  Capture error(STDERR_FILENO, miss.note_prefix);
  if (!make_folders(miss.create)) return give_up("a folder of ours cannot be made", detail, connection);
  if (!have_room(miss)) return give_up("no room for a file of ours", detail, connection);
  if (!output.open() || !error.open()) return give_up("no descriptors left", detail, connection);

  if (step.kind == StepKind::archive && !remove_old_library(step))
    return give_up("the old library cannot be removed", detail, connection);

  // Caught for the time of the compile, so that the compiler meets its own broken pipe and we clean up after
  // it.
  const bool pipe_kills = !is_ignored(SIGPIPE);
  if (pipe_kills) signal(SIGPIPE, note_broken_pipe);
  Outcome outcome;
  bool ran = run_compiler(miss.argv, &output, &error, &outcome);
  if (ran && outcome.wait_status == 0 && step.ranlib != nullptr) ran = run_ranlib(step, &outcome);
  if (outcome.wait_status == kUnknownEnd) return give_up("the compiler's end is unknown", detail, connection);
  if (outcome.no_process) return give_up("no process left", detail, connection);
  const bool good = ran && outcome.wait_status == 0;
  if (ran && !good && !WIFSIGNALED(outcome.wait_status) && may_be_to_blame(miss, error)) {
    remove_files(miss.remove);
    return give_up("a file of ours cannot be written", detail, connection);
  }
  if (good && miss.scan_argv[0] != nullptr && !run_scan(miss.scan_argv))
    outcome.flags |= protocol::kScanFailed;
  const bool reported = report(outcome, output, error, connection);
  if (reported && WIFEXITED(outcome.wait_status)) await_stored(connection);
  remove_files(miss.remove);

  if (WIFSIGNALED(outcome.wait_status)) die_by_signal(WTERMSIG(outcome.wait_status));
  if (pipe_kills && (output.met_broken_pipe() || error.met_broken_pipe())) die_by_signal(SIGPIPE);
  *exit_code = WEXITSTATUS(outcome.wait_status);
  return true;
}

}  // namespace compiler_cache::launcher
