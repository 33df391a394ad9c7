#include "launcher/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "launcher/memory.h"
#include "launcher/standard_stream.h"
#include "protocol/protocol.h"

namespace compiler_cache::launcher {
namespace {

constexpr size_t kStep = 64U << 10;  // a pipe holds as much

}  // namespace

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

void Capture::forward() {
  static uint8_t bytes[kStep];
  const ssize_t count = read(read_end_, bytes, sizeof bytes);
  if (count < 0 && errno == EINTR) return;
  if (count <= 0) {
    incomplete_ = incomplete_ || count < 0;
    close_read_end();
    return;
  }
  keep(bytes, static_cast<size_t>(count));
  const int error = pass_on(target_, bytes, static_cast<size_t>(count));
  if (error == 0) return;
  incomplete_ = true;
  broken_pipe_ = error == EPIPE;
  close_read_end();
}

}  // namespace compiler_cache::launcher
