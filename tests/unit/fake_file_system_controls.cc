// What a test arranges on a fake disk, and what it looks at.
#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <utility>

#include "tests/unit/fake_disk.h"

namespace compiler_cache {

std::unique_ptr<FakeFileSystem> FakeFileSystem::copy() const {
  const std::lock_guard guard(disk_->mutex);
  auto other = std::make_shared<Disk>(disk_->clock);
  other->next_inode = disk_->next_inode;
  other->has_links = disk_->has_links;
  other->has_locks = disk_->has_locks;
  std::map<const Node*, NodePointer> copies;  // hard links stay hard links
  const std::function<NodePointer(const NodePointer&)> clone = [&](const NodePointer& node) {
    NodePointer& twin = copies[node.get()];
    if (twin != nullptr) return twin;
    twin = std::make_shared<Node>();
    const NodePointer result = twin;
    result->stat = node->stat;
    result->bytes = node->bytes;
    for (const auto& [name, child] : node->children) result->children[name] = clone(child);
    return result;
  };
  other->root = clone(disk_->root);
  return std::unique_ptr<FakeFileSystem>(new FakeFileSystem(other, clone(root_)));
}

// ---- what a test arranges

void FakeFileSystem::put(const std::string& path, std::string bytes, std::uint32_t mode) {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string::npos && slash > 0) put_folder(path.substr(0, slash));
  const std::lock_guard guard(disk_->mutex);
  const Place place = find(path, true);
  const NodePointer node = place.node != nullptr ? place.node : create(place, FileType::regular, mode);
  node->bytes = std::move(bytes);
  disk_->changed(*node, true);
}

void FakeFileSystem::put_folder(const std::string& path, std::uint32_t mode, std::uint32_t uid) {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string::npos && slash > 0) put_folder(path.substr(0, slash));
  const std::lock_guard guard(disk_->mutex);
  const Place place = find(path, true);
  if (place.node == nullptr) create(place, FileType::folder, mode)->stat.uid = uid;
}

void FakeFileSystem::put_symlink(const std::string& path, const std::string& target) {
  const std::lock_guard guard(disk_->mutex);
  create(find(path, false), FileType::symlink, 0777)->bytes = target;
}

void FakeFileSystem::overwrite(const std::string& path, std::string bytes) {
  const std::lock_guard guard(disk_->mutex);
  const NodePointer node = need(path, true);
  node->bytes = std::move(bytes);
  disk_->changed(*node, true);
}

void FakeFileSystem::set_times(const std::string& path, std::int64_t mtime_ns, std::int64_t ctime_ns) {
  const std::lock_guard guard(disk_->mutex);
  const NodePointer node = need(path);
  node->stat.mtime_ns = mtime_ns;
  node->stat.ctime_ns = ctime_ns;
}

void FakeFileSystem::set_owner(const std::string& path, std::uint32_t uid, std::uint32_t mode) {
  const std::lock_guard guard(disk_->mutex);
  const NodePointer node = need(path);
  node->stat.uid = uid;
  node->stat.mode = mode;
}

void FakeFileSystem::delete_tree(const std::string& path) {
  const std::lock_guard guard(disk_->mutex);
  const Place place = find(path, false);
  if (place.node == nullptr || place.parent == nullptr) return;
  const std::function<void(Node&)> unlink = [&](Node& node) {
    node.stat.links -= node.stat.links > 0 ? 1 : 0;
    for (const auto& [name, child] : node.children) unlink(*child);
    node.children.clear();
  };
  unlink(*place.node);
  place.parent->children.erase(place.name);
}

void FakeFileSystem::fail_operation(std::uint64_t n, ErrorKind kind, bool forever) {
  const std::lock_guard guard(disk_->mutex);
  disk_->has_failure = true;
  disk_->failure_at = disk_->operations + n;
  disk_->failure_kind = kind;
  disk_->fails_forever = forever;
}

void FakeFileSystem::fail_nothing() {
  const std::lock_guard guard(disk_->mutex);
  disk_->has_failure = false;
}

void FakeFileSystem::run_before_operation(std::uint64_t n, std::function<void()> action) {
  const std::lock_guard guard(disk_->mutex);
  disk_->intruder_at = disk_->operations + n;
  disk_->intruder = std::move(action);
}

void FakeFileSystem::set_has_links(bool has_links) { disk_->has_links = has_links; }
void FakeFileSystem::set_has_locks(bool has_locks) { disk_->has_locks = has_locks; }

// ---- what a test looks at

std::uint64_t FakeFileSystem::operations() const {
  const std::lock_guard guard(disk_->mutex);
  return disk_->operations;
}

std::vector<std::string> FakeFileSystem::take_recorded() {
  const std::lock_guard guard(disk_->mutex);
  return std::exchange(disk_->recorded, {});
}

std::map<std::string, std::string> FakeFileSystem::files() const {
  const std::lock_guard guard(disk_->mutex);
  std::map<std::string, std::string> found;
  const std::function<void(const Node&, const std::string&)> walk = [&](const Node& node,
                                                                        const std::string& path) {
    if (node.stat.type == FileType::regular) found[path] = node.bytes;
    for (const auto& [name, child] : node.children) walk(*child, path + "/" + name);
  };
  walk(*disk_->root, "");
  return found;
}

std::vector<std::string> FakeFileSystem::names(const std::string& folder) const {
  const std::lock_guard guard(disk_->mutex);
  std::vector<std::string> found;
  const std::function<void(const Node&, const std::string&)> walk = [&](const Node& node,
                                                                        const std::string& path) {
    for (const auto& [name, child] : node.children) {
      found.push_back(path + name);
      walk(*child, path + name + "/");
    }
  };
  if (const NodePointer node = find(folder, true).node; node != nullptr) walk(*node, "");
  return found;
}

std::string bytes_of(const OpenFile& file) {
  std::string bytes(static_cast<std::size_t>(file.size()), '\0');
  const ssize_t count = ::pread(file.descriptor(), bytes.data(), bytes.size(), 0);
  EXPECT_EQ(count, static_cast<ssize_t>(bytes.size()));
  return bytes;
}

}  // namespace compiler_cache
