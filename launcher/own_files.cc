#include "launcher/own_files.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace compiler_cache::launcher {
namespace {

// More than the depfile of a unit with thousands of headers.
constexpr size_t kUsualSize = 1U << 20;
uint8_t nothing[64U << 10];

// Room and permission for a file come and go, so it is tried, with a file of some size.
bool can_be_written(const char* path) {
  const int file = openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  bool good = true;
  for (size_t done = 0; good && done < kUsualSize; done += sizeof nothing) {
    good = write(file, nothing, sizeof nothing) == static_cast<ssize_t>(sizeof nothing);
  }
  return close(file) == 0 && good;
}

}  // namespace

bool have_room(const Miss& miss) {
  for (char** folder = miss.create; *folder != nullptr; ++folder) {
    struct statvfs system;
    // Where nothing is known of the room, as on some network file systems, it is reported as 0 of 0.
    if (statvfs(*folder, &system) == 0 && system.f_blocks > 0 &&
        uint64_t{system.f_bavail} * system.f_frsize < kUsualSize)
      return false;
  }
  return true;
}

bool may_be_to_blame(const Miss& miss, const Capture& error) {
  if (miss.scan_argv[0] != nullptr) return false;  // they were not this compile's to write
  const wire::Buffer& said = error.kept();
  for (char** path = miss.remove; *path != nullptr; ++path) {
    if (said.size > 0 && memmem(said.data, said.size, *path, strlen(*path)) != nullptr) return true;
    if (!can_be_written(*path)) return true;
  }
  return false;
}

}  // namespace compiler_cache::launcher
