#include "helper/process_list.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace compiler_cache {
namespace {

/// Fields of /proc/<pid>/stat after the name, counted from its state (proc(5) numbers them from 3).
constexpr int kParentField = 1;
constexpr int kStartTimeField = 19;

std::string proc_path(pid_t pid, const char* entry) { return "/proc/" + std::to_string(pid) + "/" + entry; }

Error process_error(const std::string& path, int code) {
  const bool gone = code == ENOENT || code == ESRCH;
  const bool denied = code == EACCES || code == EPERM;
  return {gone ? ErrorKind::not_found : denied ? ErrorKind::denied : ErrorKind::io, "cannot read " + path};
}

Result<std::string> read_link(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t size = ::readlink(path.c_str(), target, sizeof target);
  if (size < 0) return process_error(path, errno);
  return std::string(target, static_cast<std::size_t>(size));
}

/// The first page of it.
Result<std::string> read_short(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return process_error(path, errno);
  char text[4096];  // the kernel's line has under 500 bytes
  const ssize_t size = ::read(file, text, sizeof text);
  const int code = errno;
  ::close(file);
  if (size < 0) return process_error(path, code);
  return std::string(text, static_cast<std::size_t>(size));
}

template <class Number>
bool parse_whole(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

std::string_view take_field(std::string_view& text) {
  const std::size_t end = text.find_first_of(" \n");
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return field;
}

}  // namespace

bool parse_process_stat(std::string_view text, ProcessInfo& info) {
  const std::size_t open = text.find(" (");
  const std::size_t close = text.rfind(") ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open + 2) return false;
  ProcessInfo parsed;
  if (!parse_whole(text.substr(0, open), parsed.pid)) return false;
  parsed.name = text.substr(open + 2, close - open - 2);
  text.remove_prefix(close + 2);
  for (int field = 0; field <= kStartTimeField; ++field) {
    const std::string_view value = take_field(text);
    if (field == kParentField && !parse_whole(value, parsed.parent)) return false;
    if (field == kStartTimeField && !parse_whole(value, parsed.start_time)) return false;
  }
  info = std::move(parsed);
  return true;
}

Result<ProcessInfo> ProcProcessList::info(pid_t pid) {
  const std::string path = proc_path(pid, "stat");
  Result<std::string> text = read_short(path);
  if (!text) return text.error();
  ProcessInfo info;
  if (!parse_process_stat(*text, info)) return Error{ErrorKind::corrupt, path + " is of an unknown form"};
  return info;
}

Result<std::string> ProcProcessList::working_folder(pid_t pid) { return read_link(proc_path(pid, "cwd")); }

Result<std::string> ProcProcessList::executable(pid_t pid) { return read_link(proc_path(pid, "exe")); }

Result<std::string> ProcProcessList::command_line(pid_t pid) {
  Result<std::string> words = read_short(proc_path(pid, "cmdline"));
  if (!words) return words;
  while (words->ends_with('\0')) words->pop_back();
  std::ranges::replace(*words, '\0', ' ');
  return words;
}

Result<ProcProcessList::OwnView> ProcProcessList::look_at_own_view() {
  Result<std::string> mounts = read_link("/proc/self/ns/mnt");
  if (!mounts) return mounts.error();
  struct stat root;
  if (::stat("/", &root) != 0) return process_error("/", errno);
  return OwnView{std::move(*mounts), root.st_dev, root.st_ino};
}

Result<bool> ProcProcessList::sees_same_files(pid_t pid, const protocol::RootView& root) {
  if (root.mount != 0 && own_root_.mount != 0)
    return root.mount == own_root_.mount && root.inode == own_root_.inode;
  if (!own_) {
    Result<OwnView> own = look_at_own_view();
    if (!own) return own.error();
    own_ = std::move(*own);
  }
  Result<std::string> theirs = read_link(proc_path(pid, "ns/mnt"));
  if (!theirs) return theirs.error();
  if (*theirs != own_->mounts) return false;
  struct stat their_root;
  const std::string path = proc_path(pid, "root/.");
  if (::stat(path.c_str(), &their_root) != 0) return process_error(path, errno);
  return their_root.st_dev == own_->root_device && their_root.st_ino == own_->root_inode;
}

std::string ProcProcessList::real_path(const std::string& path) {
  char resolved[PATH_MAX];
  return ::realpath(path.c_str(), resolved) == nullptr ? path : std::string(resolved);
}

}  // namespace compiler_cache
