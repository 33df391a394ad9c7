#include "tests/unit/fake_file_system.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <utility>

#include "tests/unit/fake_disk.h"

namespace compiler_cache {
namespace {

constexpr int kMaxSymlinks = 8;

std::vector<std::string> components(const std::string& path) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : path + "/") {
    if (c != '/') {
      part.push_back(c);
      continue;
    }
    if (!part.empty() && part != ".") parts.push_back(part);
    part.clear();
  }
  return parts;
}

Error missing(const std::string& path) { return {ErrorKind::not_found, path + " does not exist"}; }

std::uint64_t identity_of(int descriptor) {
  struct stat raw {};
  ::fstat(descriptor, &raw);
  return raw.st_ino;
}

}  // namespace

class FakeFileSystem::Appender final : public AppendFile {
 public:
  Appender(std::unique_ptr<FakeFileSystem> view, NodePointer node, std::string path)
      : view_(std::move(view)), node_(std::move(node)), path_(std::move(path)) {}

  Status append(std::string_view bytes) override {
    const std::lock_guard guard(view_->disk_->mutex);
    Error error;
    const bool fails = view_->failing("append", path_, error);
    node_->bytes += fails ? bytes.substr(0, bytes.size() / 2) : bytes;
    view_->disk_->changed(*node_, true);
    return fails ? Status(error) : Status();
  }
  Status truncate(std::uint64_t size) override {
    const std::lock_guard guard(view_->disk_->mutex);
    Error error;
    if (view_->failing("truncate", path_, error)) return error;
    node_->bytes.resize(static_cast<std::size_t>(size));
    view_->disk_->changed(*node_, true);
    return {};
  }

 private:
  std::unique_ptr<FakeFileSystem> view_;
  NodePointer node_;
  std::string path_;
};

class FakeFileSystem::Lock final : public FileLock {
 public:
  Lock(std::shared_ptr<Disk> disk, NodePointer node, LockMode mode)
      : disk_(std::move(disk)), node_(std::move(node)), exclusive_(mode == LockMode::exclusive) {
    exclusive_ ? void(node_->exclusive_lock = true) : void(++node_->shared_locks);
  }
  ~Lock() override {
    const std::lock_guard guard(disk_->mutex);
    exclusive_ ? void(node_->exclusive_lock = false) : void(--node_->shared_locks);
  }
  Status make_shared() override {
    const std::lock_guard guard(disk_->mutex);
    if (!exclusive_) return {};
    exclusive_ = false;
    node_->exclusive_lock = false;
    ++node_->shared_locks;
    return {};
  }

 private:
  std::shared_ptr<Disk> disk_;
  NodePointer node_;
  bool exclusive_;
};

FakeFileSystem::FakeFileSystem(const Clock& clock) : disk_(std::make_shared<Disk>(clock)) {
  disk_->root = root_ = disk_->make(FileType::folder, 0755);
}
FakeFileSystem::FakeFileSystem(std::shared_ptr<Disk> disk, NodePointer root)
    : disk_(std::move(disk)), root_(std::move(root)) {}
FakeFileSystem::~FakeFileSystem() = default;

std::unique_ptr<FakeFileSystem> FakeFileSystem::at(const std::string& folder) const {
  return std::unique_ptr<FakeFileSystem>(new FakeFileSystem(disk_, need(folder, true)));
}

// ---- finding

FakeFileSystem::Place FakeFileSystem::find(const std::string& path, bool follow, int depth) const {
  const bool absolute = !path.empty() && path[0] == '/';
  Place place{nullptr, ".", absolute ? disk_->root : root_};
  std::vector<NodePointer> above;
  const std::vector<std::string> parts = components(path);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (place.node == nullptr || place.node->stat.type != FileType::folder) return {};
    if (parts[i] == "..") {
      if (!above.empty()) {
        place.node = above.back();
        above.pop_back();
      }
      continue;
    }
    above.push_back(place.node);
    place = Place{place.node, parts[i], nullptr};
    const auto child = place.parent->children.find(parts[i]);
    if (child == place.parent->children.end()) {
      if (i + 1 < parts.size()) return {};
      return place;
    }
    place.node = child->second;
    const bool last = i + 1 == parts.size();
    if (place.node->stat.type == FileType::symlink && (!last || follow)) {
      if (depth >= kMaxSymlinks) return {};
      std::string rest = place.node->bytes;
      if (rest.empty() || rest[0] != '/') {
        std::string folder = absolute ? "/" : "";
        for (std::size_t j = 0; j < i; ++j) folder += parts[j] + "/";
        rest.insert(0, folder);
      }
      for (std::size_t j = i + 1; j < parts.size(); ++j) rest += "/" + parts[j];
      return find(rest, follow, depth + 1);
    }
  }
  return place;
}

FakeFileSystem::Place FakeFileSystem::find_for_creation(const std::string& path, Status& status) const {
  Place place = find(path, false);
  if (place.node != nullptr) {
    status = {ErrorKind::exists, path + " exists"};
  } else if (place.parent == nullptr || place.parent->stat.links == 0) {
    status = missing(path);
  }
  return place;
}

FakeFileSystem::NodePointer FakeFileSystem::need(const std::string& path, bool follow) const {
  NodePointer node = find(path, follow).node;
  if (node == nullptr) {
    ADD_FAILURE() << path << " does not exist";
    node = disk_->make(FileType::regular, 0);
  }
  return node;
}

FakeFileSystem::NodePointer FakeFileSystem::create(const Place& place, FileType type, std::uint32_t mode) {
  const NodePointer node = disk_->make(type, mode);
  place.parent->children[place.name] = node;
  disk_->changed(*place.parent, true);
  return node;
}

void FakeFileSystem::remove_from(const Place& place) {
  place.parent->children.erase(place.name);
  place.node->stat.links -= place.node->stat.links > 0 ? 1 : 0;
  disk_->changed(*place.node, false);
  disk_->changed(*place.parent, true);
}

bool FakeFileSystem::failing(const char* operation, const std::string& path, Error& error) {
  if (disk_->intruder && disk_->operations == disk_->intruder_at) std::exchange(disk_->intruder, {})();
  const std::uint64_t number = disk_->operations++;
  disk_->recorded.push_back(std::string(operation) + " " + path);
  if (!disk_->has_failure || number < disk_->failure_at) return false;
  if (number > disk_->failure_at && !disk_->fails_forever) return false;
  error = {disk_->failure_kind, std::string("arranged failure of ") + operation + " " + path};
  return true;
}

// ---- FileSystem

Result<FileStat> FakeFileSystem::stat_as(const char* operation, const std::string& path, bool follow) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing(operation, path, error)) return error;
  const NodePointer node = find(path, follow).node;
  if (node == nullptr) return missing(path);
  return node->stat;
}

Result<FileStat> FakeFileSystem::stat(const std::string& path) { return stat_as("stat", path, true); }
Result<FileStat> FakeFileSystem::lstat(const std::string& path) { return stat_as("lstat", path, false); }

Result<std::string> FakeFileSystem::read_link(const std::string& path) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("read_link", path, error)) return error;
  const NodePointer node = find(path, false).node;
  if (node == nullptr) return missing(path);
  if (node->stat.type != FileType::symlink) return Error{ErrorKind::invalid, path + " is no symlink"};
  return node->bytes;
}

Result<std::vector<FolderEntry>> FakeFileSystem::list(const std::string& path) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("list", path, error)) return error;
  const NodePointer node = find(path, true).node;
  if (node == nullptr || node->stat.type != FileType::folder) return missing(path);
  std::vector<FolderEntry> entries;
  for (const auto& [name, child] : node->children) entries.push_back({name, child->stat.type});
  return entries;
}

Result<std::string> FakeFileSystem::read(const std::string& path, std::uint64_t max_bytes, FileStat* stat) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("read", path, error)) return error;
  const NodePointer node = find(path, true).node;
  if (node == nullptr) return missing(path);
  if (node->stat.type != FileType::regular) return Error{ErrorKind::invalid, path + " is no file"};
  if (node->bytes.size() > max_bytes) return Error{ErrorKind::too_large, path + " is too large"};
  if (stat != nullptr) *stat = node->stat;
  return node->bytes;
}

Result<std::string> FakeFileSystem::read_start(const std::string& path, std::size_t bytes) {
  Result<std::string> all = read(path, UINT64_MAX, nullptr);
  return all.ok() ? Result<std::string>(all->substr(0, bytes)) : all;
}

std::shared_ptr<OpenFile> FakeFileSystem::hand_out(const NodePointer& node) {
  const int descriptor = ::memfd_create("fake", MFD_CLOEXEC);
  EXPECT_EQ(::write(descriptor, node->bytes.data(), node->bytes.size()),
            static_cast<ssize_t>(node->bytes.size()));
  disk_->handed_out[identity_of(descriptor)] = node;
  return std::make_shared<OpenFile>(descriptor, node->bytes.size());
}

Result<std::shared_ptr<OpenFile>> FakeFileSystem::open(const std::string& path) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("open", path, error)) return error;
  const NodePointer node = find(path, true).node;
  if (node == nullptr) return missing(path);
  if (node->stat.type != FileType::regular) return Error{ErrorKind::invalid, path + " is no file"};
  return hand_out(node);
}

Result<FileStat> FakeFileSystem::stat_open(const OpenFile& file) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("stat_open", "", error)) return error;
  return disk_->handed_out.at(identity_of(file.descriptor()))->stat;
}

Result<std::string> FakeFileSystem::read_open(const OpenFile& file, std::uint64_t max_bytes) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("read_open", "", error)) return error;
  const NodePointer node = disk_->handed_out.at(identity_of(file.descriptor()));
  if (node->bytes.size() > max_bytes) return Error{ErrorKind::too_large, "too large"};
  return node->bytes;
}

Result<std::shared_ptr<OpenFile>> FakeFileSystem::open_bytes(std::string_view bytes) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("open_bytes", "", error)) return error;
  const NodePointer node = disk_->make(FileType::regular, 0600);
  node->bytes = bytes;
  disk_->changed(*node, true);
  return hand_out(node);
}

Status FakeFileSystem::write_new(const std::string& path, std::string_view bytes, std::uint32_t mode) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("write_new", path, error)) return error;
  Status status;
  const Place place = find_for_creation(path, status);
  if (!status.ok()) return status;
  const NodePointer node = create(place, FileType::regular, mode);
  node->bytes = bytes;
  disk_->changed(*node, true);
  return {};
}

Result<std::unique_ptr<AppendFile>> FakeFileSystem::open_append(const std::string& path, std::uint32_t mode) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("open_append", path, error)) return error;
  Status status;
  const Place place = find_for_creation(path, status);
  if (!status.ok() && status.error().kind != ErrorKind::exists) return status.error();
  const NodePointer node = status.ok() ? create(place, FileType::regular, mode) : place.node;
  std::unique_ptr<FakeFileSystem> view(new FakeFileSystem(disk_, root_));
  return std::unique_ptr<AppendFile>(std::make_unique<Appender>(std::move(view), node, path));
}

Status FakeFileSystem::rename(const std::string& from, const std::string& to) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("rename", to, error)) return error;
  const Place source = find(from, false);
  if (source.node == nullptr) return missing(from);
  const Place target = find(to, false);
  if (target.parent == nullptr) return missing(to);
  if (target.node == source.node) return {};
  if (target.node != nullptr) {
    if (!target.node->children.empty()) return {ErrorKind::exists, to + " is not empty"};
    remove_from(target);
  }
  source.parent->children.erase(source.name);
  target.parent->children[target.name] = source.node;
  disk_->changed(*source.node, false);
  disk_->changed(*source.parent, true);
  disk_->changed(*target.parent, true);
  return {};
}

Status FakeFileSystem::link(const std::string& from, const std::string& to) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("link", to, error)) return error;
  if (!disk_->has_links) return {ErrorKind::unsupported, "no hard links here"};
  const NodePointer node = find(from, false).node;
  if (node == nullptr) return missing(from);
  Status status;
  const Place place = find_for_creation(to, status);
  if (!status.ok()) return status;
  place.parent->children[place.name] = node;
  ++node->stat.links;
  disk_->changed(*node, false);
  disk_->changed(*place.parent, true);
  return {};
}

Status FakeFileSystem::remove(const std::string& path) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("remove", path, error)) return error;
  const Place place = find(path, false);
  if (place.node == nullptr) return missing(path);
  if (place.node->stat.type == FileType::folder) return {ErrorKind::invalid, path + " is a folder"};
  remove_from(place);
  return {};
}

Status FakeFileSystem::remove_folder(const std::string& path) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("remove_folder", path, error)) return error;
  const Place place = find(path, false);
  if (place.node == nullptr) return missing(path);
  if (!place.node->children.empty()) return {ErrorKind::exists, path + " is not empty"};
  remove_from(place);
  return {};
}

Status FakeFileSystem::make_folder(const std::string& path, std::uint32_t mode) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("make_folder", path, error)) return error;
  Status status;
  const Place place = find_for_creation(path, status);
  if (status.ok()) create(place, FileType::folder, mode);
  return status;
}

Status FakeFileSystem::set_mtime_now(const std::string& path) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("set_mtime_now", path, error)) return error;
  const NodePointer node = find(path, false).node;
  if (node == nullptr) return missing(path);
  disk_->changed(*node, true);
  return {};
}

Result<std::unique_ptr<FileLock>> FakeFileSystem::lock(const std::string& path, LockMode mode) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("lock", path, error)) return error;
  if (!disk_->has_locks) return Error{ErrorKind::unsupported, "no locks here"};
  Status status;
  const Place place = find_for_creation(path, status);
  if (!status.ok() && status.error().kind != ErrorKind::exists) return status.error();
  const NodePointer node = status.ok() ? create(place, FileType::regular, 0644) : place.node;
  return lock_node(node, path, mode);
}

Result<std::unique_ptr<FileLock>> FakeFileSystem::lock_existing(const std::string& path) {
  const std::lock_guard guard(disk_->mutex);
  Error error;
  if (failing("lock_existing", path, error)) return error;
  if (!disk_->has_locks) return Error{ErrorKind::unsupported, "no locks here"};
  const NodePointer node = find(path, false).node;
  if (node == nullptr) return missing(path);
  return lock_node(node, path, LockMode::shared);
}

Result<std::unique_ptr<FileLock>> FakeFileSystem::lock_node(const NodePointer& node, const std::string& path,
                                                            LockMode mode) {
  const bool in_the_way = node->exclusive_lock || (mode == LockMode::exclusive && node->shared_locks > 0);
  if (in_the_way) return Error{ErrorKind::exists, path + " is locked"};
  return std::unique_ptr<FileLock>(std::make_unique<Lock>(disk_, node, mode));
}

}  // namespace compiler_cache
