#include "launcher/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher/memory.h"

namespace compiler_cache::launcher {
namespace {

// Less the umask, as compilers and linkers create theirs.
constexpr mode_t kMode = 0666;
constexpr mode_t kExecutableMode = 0777;
constexpr int kTemporaryNames = 100;

bool signals_held = false;
sigset_t mask_before;

// A file under a temporary name must not be left behind by the Ctrl-C that ends the build.
void hold_signals() {
  if (signals_held) return;
  sigset_t held;
  sigemptyset(&held);
  constexpr int kEnding[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
  for (const int number : kEnding) sigaddset(&held, number);
  signals_held = sigprocmask(SIG_BLOCK, &held, &mask_before) == 0;
}

ssize_t copy_by_range(int source, int target, uint64_t done, size_t count) {
  off_t from = static_cast<off_t>(done);
  off_t to = from;
  return copy_file_range(source, &from, target, &to, count, 0);
}

ssize_t copy_by_sendfile(int source, int target, uint64_t done, size_t count) {
  off_t from = static_cast<off_t>(done);
  // Nothing else moves the position, and it begins there.
  if (from != 0 && lseek(target, from, SEEK_SET) < 0) return -1;
  return sendfile(target, source, &from, count);
}

ssize_t copy_by_hand(int source, int target, uint64_t done, size_t count) {
  static uint8_t bytes[256U << 10];
  if (count > sizeof bytes) count = sizeof bytes;
  const ssize_t got = pread(source, bytes, count, static_cast<off_t>(done));
  return got <= 0 ? got : pwrite(target, bytes, static_cast<size_t>(got), static_cast<off_t>(done));
}

using Copier = ssize_t (*)(int source, int target, uint64_t done, size_t count);
// The fastest first; each where the ones before cannot (other file system, memory file, old kernel). Only the
// first shares blocks where the file system can, which saves nothing for a small file.
constexpr Copier kCopiers[] = {copy_by_range, copy_by_sendfile, copy_by_hand};
constexpr size_t kCopierCount = sizeof kCopiers / sizeof kCopiers[0];
constexpr uint64_t kLargestStep = 1U << 30;
constexpr uint64_t kWorthSharing = 64U << 10;

bool would_be_overwritten(const char* path) {
  struct stat found;
  return lstat(path, &found) == 0 && S_ISREG(found.st_mode) && found.st_nlink == 1 &&
         faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

}  // namespace

void release_signals() {
  if (signals_held) sigprocmask(SIG_SETMASK, &mask_before, nullptr);
  signals_held = false;
}

Obstacle OutputFile::create(mode_t mode) {
  Path folder;
  const char* slash = strrchr(path_, '/');
  if (slash == nullptr) {
    folder.add(".");
  } else {
    folder.add(path_, slash == path_ ? 1 : static_cast<size_t>(slash - path_));
  }
  if (!folder.ok()) return {"create", ENAMETOOLONG};
  file_ = openat(AT_FDCWD, folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  if (file_ >= 0) return {};
  // File systems say EOPNOTSUPP, kernels without the flag EISDIR.
  if (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL) return create_named(mode);
  return {"create", errno};
}

Obstacle OutputFile::create_named(mode_t mode) {
  hold_signals();
  for (int i = 0; i < kTemporaryNames; ++i) {
    Path name;
    name.add(path_).add(".").add_number(getpid()).add("-").add_number(i).add(".compiler-cache-tmp");
    if (!name.ok()) return {"create", ENAMETOOLONG};
    file_ = openat(AT_FDCWD, name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
    if (file_ >= 0) {
      temporary_ = allocate_text({reinterpret_cast<const uint8_t*>(name.c_str()), name.size()});
      if (temporary_ != nullptr) return {};
      unlink(name.c_str());
      return {"create", ENOMEM};
    }
    if (errno != EEXIST) break;
  }
  return {"create", errno};
}

Obstacle OutputFile::copy(const Output& output) {
  const uint64_t size = output.size;
  size_t copier = output.in_memory || size < kWorthSharing ? 1 : 0;
  uint64_t done = 0;
  while (done < size) {
    // One byte more than there should be, so that a source that is longer than told shows without a call of
    // its own.
    const uint64_t left = size - done + 1;
    const size_t step = static_cast<size_t>(left < kLargestStep ? left : kLargestStep);
    const ssize_t count = kCopiers[copier](output.source, file_, done, step);
    if (count > 0) {
      done += static_cast<uint64_t>(count);
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else if (count < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EFBIG)) {
      return {"copy", errno};
    } else if (++copier == kCopierCount) {
      return {"copy", count < 0 ? errno : 0};
    }
  }
  if (done != size) return {"copy: longer than told", 0};
  return {};
}

Obstacle OutputFile::prepare(const Output& output) {
  path_ = output.path;
  const Obstacle obstacle = create(output.executable ? kExecutableMode : kMode);
  return obstacle.ok() ? copy(output) : obstacle;
}

bool OutputFile::give_name() {
  if (temporary_ != nullptr) {
    // Not every such file system has hard links either. Who checks first may be overtaken; compilers may,
    // too.
    struct stat found;
    if (lstat(path_, &found) == 0) {
      errno = EEXIST;
      return false;
    }
    if (rename(temporary_, path_) != 0) return false;
    temporary_ = nullptr;
    return true;
  }
  // Not by /proc where that can be helped: a process that has just begun has nothing in there yet.
  if (linkat(file_, "", AT_FDCWD, path_, AT_EMPTY_PATH) == 0) return true;
  if (errno == EEXIST) return false;
  // Kernels before 6.10 want a capability for it.
  Text<64> name;
  name.add("/proc/self/fd/").add_number(file_);
  return linkat(AT_FDCWD, name.c_str(), AT_FDCWD, path_, AT_SYMLINK_FOLLOW) == 0;
}

Obstacle OutputFile::offer(bool* taken) {
  *taken = false;
  placed_ = give_name();
  if (placed_) return {};
  if (errno != EEXIST) return {"name", errno};
  *taken = true;
  if (!would_be_overwritten(path_)) return {"name is taken by a file of another kind", 0};
  return {};
}

Obstacle OutputFile::replace() {
  // Unlinking first is several times faster than renaming over a file: ext4 then flushes the data at once.
  if (unlink(path_) != 0 && errno != ENOENT) return {"remove the old file", errno};
  placed_ = give_name();
  if (!placed_) return {"name", errno};
  return {};
}

void OutputFile::abandon() {
  if (placed_) unlink(path_);
  if (temporary_ != nullptr) {
    unlink(temporary_);
    temporary_ = nullptr;
  }
  if (file_ >= 0) close(file_);
  file_ = -1;
  placed_ = false;
}

}  // namespace compiler_cache::launcher
