// Compiled and linked while configuring: has this C library what the launcher needs?
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

int main() {
  return O_TMPFILE != 0 && O_PATH != 0 && copy_file_range(-1, nullptr, -1, nullptr, 0, 0) < 0 && vfork() >= 0
             ? 0
             : 1;
}
