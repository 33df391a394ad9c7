#include "launcher/standard_stream.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

namespace compiler_cache::launcher {

int pass_on(int descriptor, const uint8_t* data, size_t size) {
  while (size > 0) {
    const ssize_t count = write(descriptor, data, size);
    if (count >= 0) {
      data += count;
      size -= static_cast<size_t>(count);
    } else if (errno == EAGAIN) {
      struct pollfd waited = {descriptor, POLLOUT, 0};
      poll(&waited, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace compiler_cache::launcher
