// A disk in memory that can fail operation N, records what is asked of it, and can be copied as a crash would
// leave it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "helper/clock.h"
#include "helper/file_system.h"

namespace compiler_cache {

/// Several views may share one disk. Absolute paths start at the disk's root, relative ones at the view's.
/// Handles have real descriptors (of files in memory), with the bytes as they were when opened.
class FakeFileSystem final : public FileSystem {
 public:
  explicit FakeFileSystem(const Clock& clock);
  ~FakeFileSystem() override;

  /// A view that holds the folder, as make_folder_file_system does.
  std::unique_ptr<FakeFileSystem> at(const std::string& folder) const;
  /// Another disk with the same content and no locks: what a crash leaves.
  std::unique_ptr<FakeFileSystem> copy() const;

  // ---- what a test arranges; no operation is counted or recorded
  /// Makes missing folders, too.
  void put(const std::string& path, std::string bytes, std::uint32_t mode = 0644);
  void put_folder(const std::string& path, std::uint32_t mode = 0755, std::uint32_t uid = 0);
  void put_symlink(const std::string& path, const std::string& target);
  /// Changes bytes in place, through all hard links.
  void overwrite(const std::string& path, std::string bytes);
  void set_times(const std::string& path, std::int64_t mtime_ns, std::int64_t ctime_ns);
  void set_owner(const std::string& path, std::uint32_t uid, std::uint32_t mode);
  void delete_tree(const std::string& path);
  /// Operation `n` from now (0: the next) fails with `kind`; with `forever`, all after it, too.
  void fail_operation(std::uint64_t n, ErrorKind kind = ErrorKind::io, bool forever = false);
  void fail_nothing();
  /// Runs `action` right before operation `n` from now, as another process would come in between.
  void run_before_operation(std::uint64_t n, std::function<void()> action);
  void set_has_links(bool has_links);
  void set_has_locks(bool has_locks);

  // ---- what a test looks at
  std::uint64_t operations() const;
  /// "name path", in order, since the last take.
  std::vector<std::string> take_recorded();
  /// Regular files by absolute path.
  std::map<std::string, std::string> files() const;
  /// Regular files and folders below `folder`, by path relative to it.
  std::vector<std::string> names(const std::string& folder = "/") const;

  Result<FileStat> stat(const std::string& path) override;
  Result<FileStat> lstat(const std::string& path) override;
  Result<std::string> read_link(const std::string& path) override;
  Result<std::vector<FolderEntry>> list(const std::string& path) override;
  Result<std::string> read(const std::string& path, std::uint64_t max_bytes,
                           FileStat* stat = nullptr) override;
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
  struct Node;
  struct Disk;
  struct Place;
  class Appender;
  class Lock;
  using NodePointer = std::shared_ptr<Node>;

  FakeFileSystem(std::shared_ptr<Disk> disk, NodePointer root);

  Result<std::unique_ptr<FileLock>> lock_node(const NodePointer& node, const std::string& path,
                                              LockMode mode);
  bool failing(const char* operation, const std::string& path, Error& error);
  Place find(const std::string& path, bool follow, int depth = 0) const;
  Place find_for_creation(const std::string& path, Status& status) const;
  NodePointer create(const Place& place, FileType type, std::uint32_t mode);
  NodePointer need(const std::string& path, bool follow = false) const;
  Result<FileStat> stat_as(const char* operation, const std::string& path, bool follow);
  std::shared_ptr<OpenFile> hand_out(const NodePointer& node);
  void remove_from(const Place& place);

  std::shared_ptr<Disk> disk_;
  NodePointer root_;
};

/// The bytes behind a handle, read through its descriptor.
std::string bytes_of(const OpenFile& file);

}  // namespace compiler_cache
