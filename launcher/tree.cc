#include "launcher/tree.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace compiler_cache::launcher {
namespace {

constexpr char kFolderName[] = ".compiler-cache";
constexpr size_t kFolderNameSize = sizeof kFolderName - 1;

// Length of the folder part of `path`, without the slashes before its last component.
size_t parent_size(const char* path, size_t size) {
  while (size > 0 && path[size - 1] != '/') --size;
  while (size > 1 && path[size - 1] == '/') --size;
  return size;
}

bool ends_in_folder_name(const char* path, size_t size) {
  if (size < kFolderNameSize) return false;
  const char* name = path + size - kFolderNameSize;
  return memcmp(name, kFolderName, kFolderNameSize) == 0 && (name == path || name[-1] == '/');
}

}  // namespace

bool Tree::set_from_program(const char* program) {
  const size_t size = parent_size(program, parent_size(program, strlen(program)));
  if (!ends_in_folder_name(program, size)) return false;
  folder_ = Path();
  folder_.add(program, size);
  return folder_.ok();
}

bool Tree::find(const char* typed_name) {
  if (strchr(typed_name, '/') != nullptr && set_from_program(typed_name)) return true;
  char program[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
  if (size <= 0) return false;
  program[size] = '\0';
  return set_from_program(program);
}

Path Tree::path_of(const char* name) const {
  Path path;
  path.add(folder_.c_str(), folder_.size()).add("/").add(name);
  return path;
}

Path Tree::build_folder(const char* cwd) const {
  Path path;
  const size_t size = parent_size(folder_.c_str(), folder_.size());
  if (folder_.c_str()[0] != '/') path.add(cwd).add(size == 0 ? "" : "/");
  path.add(folder_.c_str(), size);
  return path;
}

bool Tree::is_stalled() const {
  struct stat mark;
  if (stat(path_of(protocol::kStalledName).c_str(), &mark) != 0) return false;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return false;
  const int64_t age =
      (int64_t{now.tv_sec} - mark.st_mtim.tv_sec) * 1000 + (now.tv_nsec - mark.st_mtim.tv_nsec) / 1000000;
  // A mark from the future means that the clock was set back.
  return age >= 0 && age < protocol::kStalledHoldMs;
}

/// -1 when it cannot be. What the superuser makes in somebody's tree is that one's all the same, whose helper
/// could not read it otherwise.
int Tree::open_own(const char* name, int flags) const {
  const Path path = path_of(name);
  if (!path.ok()) return -1;
  const int file = openat(AT_FDCWD, path.c_str(), flags | O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  struct stat folder;
  if (file < 0 || geteuid() != 0 || stat(folder_.c_str(), &folder) != 0 || folder.st_uid == 0) return file;
  [[maybe_unused]] const int given = fchown(file, folder.st_uid, folder.st_gid);
  return file;
}

void Tree::mark_stalled() const {
  const int mark = open_own(protocol::kStalledName, 0);
  if (mark < 0) return;
  futimens(mark, nullptr);
  close(mark);
}

void Tree::record_bypass(protocol::BypassCode code) const {
  const int record = open_own(protocol::kBypassedName, O_APPEND);
  if (record < 0) return;
  [[maybe_unused]] const ssize_t written = write(record, &code, 1);
  close(record);
}

bool Tree::is_owned_by(uid_t user) const {
  struct stat folder;
  return stat(folder_.c_str(), &folder) == 0 && folder.st_uid == user;
}

}  // namespace compiler_cache::launcher
