// The helper's one seam to the disk. It is no full abstraction of a file system: it has what the core needs,
// so that every path of the core runs in a unit test on a disk that can fail operation N. Nothing in the core
// bypasses it.
//
// All functions may be called from several threads at once. None of them creates missing parent folders.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace compiler_cache {

enum class FileType : std::uint8_t { regular, folder, symlink, other };

/// What stat says of a file. Times are nanoseconds since the epoch.
struct FileStat {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t links = 1;
  std::uint32_t mode = 0;  ///< permission bits only
  std::uint32_t uid = 0;
  FileType type = FileType::regular;

  /// Same file, and as far as timestamps can tell with the same content.
  bool same_version(const FileStat& other) const {
    return device == other.device && inode == other.inode && size == other.size &&
           mtime_ns == other.mtime_ns && ctime_ns == other.ctime_ns && type == other.type;
  }
};

struct FolderEntry {
  std::string name;
  FileType type;  ///< of the entry itself, not of what a symlink points to; `other` when the file system does
                  ///< not say
};

/// A file's bytes behind a descriptor that another process can be handed. Closes it when destroyed.
class OpenFile {
 public:
  OpenFile(int descriptor, std::uint64_t size, bool in_memory = false)
      : descriptor_(descriptor), size_(size), in_memory_(in_memory) {}
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int descriptor() const { return descriptor_; }
  std::uint64_t size() const { return size_; }
  /// Whether it lies in no file system that has blocks.
  bool in_memory() const { return in_memory_; }

 private:
  int descriptor_;
  std::uint64_t size_;
  bool in_memory_;
};

/// A file open for appending.
class AppendFile {
 public:
  virtual ~AppendFile() = default;
  /// All of `bytes`, or an error and an unknown part of them at the end of the file.
  virtual Status append(std::string_view bytes) = 0;
  /// Cut the file back to `size` bytes (after a failed append).
  virtual Status truncate(std::uint64_t size) = 0;
};

/// An advisory lock on a whole file; released when destroyed or when the process ends.
class FileLock {
 public:
  virtual ~FileLock() = default;
  /// An exclusive lock becomes a shared one, without letting go of it and without touching the file's name.
  virtual Status make_shared() = 0;
};

enum class LockMode : std::uint8_t { shared, exclusive };

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// Relative paths start at the root folder that the object was made for (see real_file_system.h).
  virtual Result<FileStat> stat(const std::string& path) = 0;   ///< follows symlinks
  virtual Result<FileStat> lstat(const std::string& path) = 0;  ///< does not
  virtual Result<std::string> read_link(const std::string& path) = 0;
  virtual Result<std::vector<FolderEntry>> list(const std::string& path) = 0;

  /// The whole file; too_large beyond `max_bytes`. `stat`, when given, is of the open file *before* its first
  /// byte was read.
  virtual Result<std::string> read(const std::string& path, std::uint64_t max_bytes,
                                   FileStat* stat = nullptr) = 0;
  /// The first bytes of a regular file, `bytes` at most.
  virtual Result<std::string> read_start(const std::string& path, std::size_t bytes) = 0;
  /// For handing on; regular files only.
  virtual Result<std::shared_ptr<OpenFile>> open(const std::string& path) = 0;
  /// What stat says of an open file now.
  virtual Result<FileStat> stat_open(const OpenFile& file) = 0;
  /// All bytes of an open file; too_large beyond `max_bytes`. Moves no file position.
  virtual Result<std::string> read_open(const OpenFile& file, std::uint64_t max_bytes) = 0;
  /// An unnamed file in memory with these bytes, sealed against changes, for handing on.
  virtual Result<std::shared_ptr<OpenFile>> open_bytes(std::string_view bytes) = 0;

  /// Creates `path`, which must not exist; on failure nothing of it is left.
  virtual Status write_new(const std::string& path, std::string_view bytes, std::uint32_t mode) = 0;
  virtual Result<std::unique_ptr<AppendFile>> open_append(const std::string& path, std::uint32_t mode) = 0;
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status link(const std::string& from, const std::string& to) = 0;
  virtual Status remove(const std::string& path) = 0;         ///< a file or symlink
  virtual Status remove_folder(const std::string& path) = 0;  ///< empty folders only
  virtual Status make_folder(const std::string& path, std::uint32_t mode) = 0;
  virtual Status set_mtime_now(const std::string& path) = 0;

  /// Creates the file if missing. `exists` error kind when somebody else holds a lock in the way (never
  /// waits); `unsupported` where the file system has no locks.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path, LockMode mode) = 0;
  /// A shared lock on a file that is there, for whoever must not write: otherwise the same.
  virtual Result<std::unique_ptr<FileLock>> lock_existing(const std::string& path) = 0;
};

}  // namespace compiler_cache
