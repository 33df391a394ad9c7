#include "launcher/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher/memory.h"
#include "launcher/standard_stream.h"
#include "protocol/protocol.h"

namespace compiler_cache::launcher {
namespace {

constexpr size_t kStep = 64U << 10;  // a pipe holds as much

// What a step leaves for the user: what was read, and what had been held back before. One for both streams,
// since it is empty between two steps.
struct {
  char bytes[kStep + kMaxIncludeNote];
  size_t size;
} texts;

void add_text(void*, const char* bytes, size_t size) {
  memcpy(texts.bytes + texts.size, bytes, size);
  texts.size += size;
}

}  // namespace

Capture::Capture(int target, const char* note_prefix)
    : target_(target),
      has_notes_(note_prefix[0] != '\0'),
      notes_(note_prefix, strlen(note_prefix), {nullptr, add_text, is_file}) {}

// A line that looks like a note of a file that is not there was written by somebody else.
bool Capture::is_file(void*, const char* path, size_t size, size_t) {
  char name[PATH_MAX];
  if (size >= sizeof name || memchr(path, '\0', size) != nullptr) return false;
  memcpy(name, path, size);
  name[size] = '\0';
  struct stat found;
  return fstatat(AT_FDCWD, name, &found, 0) == 0 && !S_ISDIR(found.st_mode);
}

bool Capture::open() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  read_end_ = ends[0];
  write_end_ = ends[1];
  kept_.grow = grow_by_mapping;
  return true;
}

void Capture::close_write_end() {
  if (write_end_ >= 0) close(write_end_);
  write_end_ = -1;
}

void Capture::close_read_end() {
  if (read_end_ >= 0) close(read_end_);
  read_end_ = -1;
}

void Capture::keep(const uint8_t* data, size_t size) {
  if (incomplete_) return;
  incomplete_ = size > protocol::kMaxCapture - kept_.size || !kept_.append(data, size);
}

void Capture::pass(const uint8_t* data, size_t size) {
  const int error = pass_on(target_, data, size);
  if (error == 0) return;
  // A log on a full disk, a terminal that was hung up: compilers don't mind.
  incomplete_ = true;
  if (error != EPIPE) return;
  broken_pipe_ = true;
  close_read_end();
}

void Capture::pass_texts() {
  const size_t size = texts.size;
  texts.size = 0;
  if (size > 0) pass(reinterpret_cast<const uint8_t*>(texts.bytes), size);
}

void Capture::forward() {
  static uint8_t bytes[kStep];
  const ssize_t count = read(read_end_, bytes, sizeof bytes);
  if (count < 0 && errno == EINTR) return;
  if (count <= 0) {
    incomplete_ = incomplete_ || count < 0;
    close_read_end();
    return;
  }
  const size_t size = static_cast<size_t>(count);
  keep(bytes, size);
  if (!has_notes_) return pass(bytes, size);
  notes_.feed(reinterpret_cast<const char*>(bytes), size);
  pass_texts();
}

void Capture::finish() {
  if (!has_notes_) return;
  notes_.finish();
  pass_texts();
}

}  // namespace compiler_cache::launcher
