#include "helper/real_file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

namespace compiler_cache {

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

namespace {

ErrorKind kind_from_errno(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
    case ESTALE:
      return ErrorKind::not_found;
    case EEXIST:
    case ENOTEMPTY:
      return ErrorKind::exists;
    case ENOSPC:
    case EDQUOT:
      return ErrorKind::no_space;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorKind::denied;
    case EFBIG:
    case ENAMETOOLONG:
      return ErrorKind::too_large;
    case ENOSYS:
    case EOPNOTSUPP:
    case EXDEV:
    case EMLINK:
    case ENOLCK:
      return ErrorKind::unsupported;
    case EINVAL:
    case EISDIR:
    case ELOOP:
      return ErrorKind::invalid;
    case ETIMEDOUT:
      return ErrorKind::timed_out;
    default:
      return ErrorKind::io;
  }
}

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool ok() const { return number_ >= 0; }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  /// False with errno set when the system only now says that a write was lost.
  bool close() { return ::close(release()) == 0; }

 private:
  int number_;
};

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileType type_from_mode(mode_t mode) {
  if (S_ISREG(mode)) return FileType::regular;
  if (S_ISDIR(mode)) return FileType::folder;
  if (S_ISLNK(mode)) return FileType::symlink;
  return FileType::other;
}

FileType type_from_entry(unsigned char type) {
  switch (type) {
    case DT_REG:
      return FileType::regular;
    case DT_DIR:
      return FileType::folder;
    case DT_LNK:
      return FileType::symlink;
    default:
      return FileType::other;
  }
}

FileStat from_system(const struct stat& raw) {
  FileStat stat;
  stat.device = raw.st_dev;
  stat.inode = raw.st_ino;
  stat.size = static_cast<std::uint64_t>(raw.st_size);
  stat.mtime_ns = nanoseconds(raw.st_mtim);
  stat.ctime_ns = nanoseconds(raw.st_ctim);
  stat.links = raw.st_nlink;
  stat.mode = raw.st_mode & 07777;
  stat.uid = raw.st_uid;
  stat.type = type_from_mode(raw.st_mode);
  return stat;
}

/// All of `bytes`; false with errno set.
bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Everything from the start to the end of the file, which may be longer or shorter by now than `size` says.
Result<std::string> read_all(int descriptor, std::uint64_t size, std::uint64_t max_bytes,
                             const std::string& path) {
  const Error too_large{ErrorKind::too_large, path + " is larger than it may be"};
  if (size > max_bytes) return too_large;
  std::string bytes;
  std::size_t filled = 0;
  // One byte more than the file has, so that the end of file shows in the same call.
  std::uint64_t wanted = size + 1;
  for (;;) {
    if (filled == bytes.size()) bytes.resize(static_cast<std::size_t>(wanted));
    const ssize_t count =
        ::pread(descriptor, bytes.data() + filled, bytes.size() - filled, static_cast<off_t>(filled));
    if (count < 0) {
      if (errno == EINTR) continue;
      return error_from_errno(errno, "read", path);
    }
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
    if (filled > max_bytes) return too_large;
    wanted = static_cast<std::uint64_t>(filled) * 2 + 4096;
  }
  bytes.resize(filled);
  return bytes;
}

class RealAppendFile final : public AppendFile {
 public:
  RealAppendFile(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Status append(std::string_view bytes) override {
    if (!write_all(descriptor_.get(), bytes)) return error_from_errno(errno, "append to", path_);
    return {};
  }
  Status truncate(std::uint64_t size) override {
    if (::ftruncate(descriptor_.get(), static_cast<off_t>(size)) != 0) {
      return error_from_errno(errno, "truncate", path_);
    }
    return {};
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

class RealFileLock final : public FileLock {
 public:
  explicit RealFileLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  Status make_shared() override {
    if (::flock(descriptor_.get(), LOCK_SH | LOCK_NB) == 0) return {};
    return error_from_errno(errno, "share", "a lock");
  }

 private:
  Descriptor descriptor_;  // closing it releases the lock
};

class RealFileSystem final : public FileSystem {
 public:
  /// `root` may be AT_FDCWD.
  explicit RealFileSystem(int root) : root_(root) {}
  ~RealFileSystem() override {
    if (root_ >= 0) ::close(root_);
  }
  RealFileSystem(const RealFileSystem&) = delete;
  RealFileSystem& operator=(const RealFileSystem&) = delete;

  Result<FileStat> stat(const std::string& path) override { return stat_with(path, 0); }
  Result<FileStat> lstat(const std::string& path) override { return stat_with(path, AT_SYMLINK_NOFOLLOW); }
  Result<std::string> read_link(const std::string& path) override;
  Result<std::vector<FolderEntry>> list(const std::string& path) override;

  Result<std::string> read(const std::string& path, std::uint64_t max_bytes, FileStat* stat) override;
  Result<std::string> read_start(const std::string& path, std::size_t bytes) override;
  Result<std::shared_ptr<OpenFile>> open(const std::string& path) override;
  Result<FileStat> stat_open(const OpenFile& file) override;
  Result<std::string> read_open(const OpenFile& file, std::uint64_t max_bytes) override;
  Result<std::shared_ptr<OpenFile>> open_bytes(std::string_view bytes) override;

  Status write_new(const std::string& path, std::string_view bytes, std::uint32_t mode) override;
  Result<std::unique_ptr<AppendFile>> open_append(const std::string& path, std::uint32_t mode) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status link(const std::string& from, const std::string& to) override;
  Status remove(const std::string& path) override;
  Status remove_folder(const std::string& path) override;
  Status make_folder(const std::string& path, std::uint32_t mode) override;
  Status set_mtime_now(const std::string& path) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path, LockMode mode) override;
  Result<std::unique_ptr<FileLock>> lock_existing(const std::string& path) override;

 private:
  static const char* name(const std::string& path) { return path.empty() ? "." : path.c_str(); }

  Result<FileStat> stat_with(const std::string& path, int flags) {
    struct stat raw {};
    if (::fstatat(root_, name(path), &raw, flags) != 0) return error_from_errno(errno, "stat", path);
    return from_system(raw);
  }

  /// `descriptor` may say that opening failed, with errno set.
  static Result<std::unique_ptr<FileLock>> lock_open(Descriptor descriptor, LockMode mode,
                                                     const std::string& path);

  /// For reading; regular files only, and never waiting (a fifo would).
  Result<Descriptor> open_regular(const std::string& path, FileStat& stat) {
    Descriptor descriptor(::openat(root_, name(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!descriptor.ok()) return error_from_errno(errno, "open", path);
    struct stat raw {};
    if (::fstat(descriptor.get(), &raw) != 0) return error_from_errno(errno, "stat", path);
    stat = from_system(raw);
    if (stat.type != FileType::regular) return Error{ErrorKind::invalid, path + " is not a regular file"};
    return descriptor;
  }

  int root_;
};

Result<std::string> RealFileSystem::read_link(const std::string& path) {
  std::array<char, PATH_MAX> target;
  const ssize_t size = ::readlinkat(root_, name(path), target.data(), target.size());
  if (size < 0) return error_from_errno(errno, "read the link", path);
  if (static_cast<std::size_t>(size) == target.size()) {
    return Error{ErrorKind::too_large, path + " points to too long a path"};
  }
  return std::string(target.data(), static_cast<std::size_t>(size));
}

Result<std::vector<FolderEntry>> RealFileSystem::list(const std::string& path) {
  Descriptor descriptor(::openat(root_, name(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.ok()) return error_from_errno(errno, "list", path);
  DIR* folder = ::fdopendir(descriptor.get());
  if (folder == nullptr) return error_from_errno(errno, "list", path);
  descriptor.release();

  std::vector<FolderEntry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view entry_name = entry->d_name;
    if (entry_name != "." && entry_name != "..") {
      entries.push_back({std::string(entry_name), type_from_entry(entry->d_type)});
    }
    errno = 0;
  }
  const int failure = errno;
  ::closedir(folder);
  if (failure != 0) return error_from_errno(failure, "list", path);
  return entries;
}

Result<std::string> RealFileSystem::read(const std::string& path, std::uint64_t max_bytes, FileStat* stat) {
  FileStat opened;
  auto descriptor = open_regular(path, opened);
  if (!descriptor) return descriptor.error();
  if (stat != nullptr) *stat = opened;
  return read_all(descriptor->get(), opened.size, max_bytes, path);
}

Result<std::string> RealFileSystem::read_start(const std::string& path, std::size_t bytes) {
  FileStat opened;
  auto descriptor = open_regular(path, opened);
  if (!descriptor) return descriptor.error();
  std::string start(bytes, '\0');
  ssize_t count = -1;
  do {
    count = ::pread(descriptor->get(), start.data(), start.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return error_from_errno(errno, "read", path);
  start.resize(static_cast<std::size_t>(count));
  return start;
}

Result<std::shared_ptr<OpenFile>> RealFileSystem::open(const std::string& path) {
  FileStat opened;
  auto descriptor = open_regular(path, opened);
  if (!descriptor) return descriptor.error();
  return std::make_shared<OpenFile>(descriptor->release(), opened.size);
}

Result<FileStat> RealFileSystem::stat_open(const OpenFile& file) {
  struct stat raw {};
  if (::fstat(file.descriptor(), &raw) != 0) return error_from_errno(errno, "stat", "an open file");
  return from_system(raw);
}

Result<std::string> RealFileSystem::read_open(const OpenFile& file, std::uint64_t max_bytes) {
  return read_all(file.descriptor(), file.size(), max_bytes, "an open file");
}

Result<std::shared_ptr<OpenFile>> RealFileSystem::open_bytes(std::string_view bytes) {
  Descriptor descriptor(::memfd_create("compiler-cache-blob", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!descriptor.ok()) return error_from_errno(errno, "create", "a file in memory");
  if (!write_all(descriptor.get(), bytes)) return error_from_errno(errno, "write", "a file in memory");
  const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (::fcntl(descriptor.get(), F_ADD_SEALS, seals) != 0) {
    return error_from_errno(errno, "seal", "a file in memory");
  }
  return std::make_shared<OpenFile>(descriptor.release(), bytes.size(), true);
}

Status RealFileSystem::write_new(const std::string& path, std::string_view bytes, std::uint32_t mode) {
  Descriptor descriptor(
      ::openat(root_, name(path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!descriptor.ok()) return error_from_errno(errno, "create", path);
  if (write_all(descriptor.get(), bytes) && descriptor.close()) return {};
  const int failure = errno;
  ::unlinkat(root_, name(path), 0);
  return error_from_errno(failure, "write", path);
}

Result<std::unique_ptr<AppendFile>> RealFileSystem::open_append(const std::string& path, std::uint32_t mode) {
  Descriptor descriptor(
      ::openat(root_, name(path), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode));
  if (!descriptor.ok()) return error_from_errno(errno, "open", path);
  return std::unique_ptr<AppendFile>(std::make_unique<RealAppendFile>(std::move(descriptor), path));
}

Status RealFileSystem::rename(const std::string& from, const std::string& to) {
  if (::renameat(root_, name(from), root_, name(to)) == 0) return {};
  return error_from_errno(errno, "rename to", to);
}

Status RealFileSystem::link(const std::string& from, const std::string& to) {
  if (::linkat(root_, name(from), root_, name(to), 0) == 0) return {};
  return error_from_errno(errno, "link to", to);
}

Status RealFileSystem::remove(const std::string& path) {
  if (::unlinkat(root_, name(path), 0) == 0) return {};
  return error_from_errno(errno, "remove", path);
}

Status RealFileSystem::remove_folder(const std::string& path) {
  if (::unlinkat(root_, name(path), AT_REMOVEDIR) == 0) return {};
  return error_from_errno(errno, "remove", path);
}

Status RealFileSystem::make_folder(const std::string& path, std::uint32_t mode) {
  if (::mkdirat(root_, name(path), mode) == 0) return {};
  return error_from_errno(errno, "make the folder", path);
}

Status RealFileSystem::set_mtime_now(const std::string& path) {
  const timespec times[2] = {{0, UTIME_OMIT}, {0, UTIME_NOW}};
  if (::utimensat(root_, name(path), times, AT_SYMLINK_NOFOLLOW) == 0) return {};
  return error_from_errno(errno, "touch", path);
}

Result<std::unique_ptr<FileLock>> RealFileSystem::lock(const std::string& path, LockMode mode) {
  Descriptor descriptor(::openat(root_, name(path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  return lock_open(std::move(descriptor), mode, path);
}

Result<std::unique_ptr<FileLock>> RealFileSystem::lock_existing(const std::string& path) {
  Descriptor descriptor(::openat(root_, name(path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  return lock_open(std::move(descriptor), LockMode::shared, path);
}

Result<std::unique_ptr<FileLock>> RealFileSystem::lock_open(Descriptor descriptor, LockMode mode,
                                                            const std::string& path) {
  if (!descriptor.ok()) return error_from_errno(errno, "open", path);
  const int operation = (mode == LockMode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  while (::flock(descriptor.get(), operation) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return Error{ErrorKind::exists, path + " is locked by somebody else"};
    if (errno == EINVAL || errno == EBADF) return Error{ErrorKind::unsupported, path + " cannot be locked"};
    return error_from_errno(errno, "lock", path);
  }
  return std::unique_ptr<FileLock>(std::make_unique<RealFileLock>(std::move(descriptor)));
}

}  // namespace

Error error_from_errno(int number, const char* action, const std::string& path) {
  return {kind_from_errno(number), std::string("cannot ") + action + " " + path + ": " + ::strerror(number)};
}

std::unique_ptr<FileSystem> make_real_file_system() { return std::make_unique<RealFileSystem>(AT_FDCWD); }

Result<std::unique_ptr<FileSystem>> make_folder_file_system(const std::string& path) {
  const int root = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return error_from_errno(errno, "open the folder", path);
  return std::unique_ptr<FileSystem>(std::make_unique<RealFileSystem>(root));
}

bool still_stands(FileSystem& folder, FileSystem& world, const std::string& path) {
  const auto held = folder.stat(".");
  const auto named = world.stat(path);
  return held.ok() && named.ok() && held.value().links > 0 && held.value().device == named.value().device &&
         held.value().inode == named.value().inode;
}

}  // namespace compiler_cache
