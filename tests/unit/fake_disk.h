// What FakeFileSystem is made of; only its own files include this.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/unit/fake_file_system.h"

namespace compiler_cache {

struct FakeFileSystem::Node {
  FileStat stat;
  std::string bytes;  ///< or a symlink's target
  std::map<std::string, NodePointer> children;
  int shared_locks = 0;
  bool exclusive_lock = false;
};

struct FakeFileSystem::Disk {
  explicit Disk(const Clock& c) : clock(c) {}

  NodePointer make(FileType type, std::uint32_t mode) {
    auto node = std::make_shared<Node>();
    node->stat.device = 1;
    node->stat.inode = next_inode++;
    node->stat.type = type;
    node->stat.mode = mode;
    node->stat.mtime_ns = node->stat.ctime_ns = clock.file_now_ns();
    return node;
  }
  void changed(Node& node, bool content) {
    node.stat.ctime_ns = clock.file_now_ns();
    if (content) node.stat.mtime_ns = node.stat.ctime_ns;
    if (node.stat.type == FileType::regular) node.stat.size = node.bytes.size();
  }

  const Clock& clock;
  mutable std::recursive_mutex mutex;  ///< recursive for the sake of `intruder`
  NodePointer root;
  std::uint64_t next_inode = 1;
  std::uint64_t operations = 0;
  std::vector<std::string> recorded;
  std::map<std::uint64_t, NodePointer> handed_out;  ///< by the inode of the descriptor's file in memory
  std::uint64_t intruder_at = 0;
  std::function<void()> intruder;
  bool has_failure = false;
  std::uint64_t failure_at = 0;
  ErrorKind failure_kind = ErrorKind::io;
  bool fails_forever = false;
  bool has_links = true;
  bool has_locks = true;
};

/// Where a path leads: the folder that has (or could have) the last component, and what is there.
struct FakeFileSystem::Place {
  NodePointer parent;
  std::string name;
  NodePointer node;
};

}  // namespace compiler_cache
