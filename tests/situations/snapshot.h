// What a folder holds: names, kinds, bytes and mode bits, so that two ways to the same end can be compared.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

namespace compiler_cache::situations {

struct Item {
  mode_t mode = 0;    ///< kind and permission bits, of the name itself
  nlink_t links = 1;  ///< names of the same file
  std::string bytes;  ///< of a symlink: where it points
  std::uint64_t inode = 0;
  std::int64_t changed_ns = 0;
};

/// By path relative to the folder.
using Snapshot = std::map<std::string, Item>;

Snapshot take_snapshot(const std::string& folder);

/// Those of `after` that are new or were written since `before`.
Snapshot written_since(const Snapshot& before, const Snapshot& after);

/// Puts the folder back to `before`, so that the same command can run again: what is new goes, what was
/// written or removed gets its old bytes, kind, mode and links.
void put_back(const std::string& folder, const Snapshot& before);

/// Where the two differ, a line each; empty when nowhere. `bytes`: whether what is in the files counts.
std::string difference(const Snapshot& expected, const Snapshot& found, bool bytes);

}  // namespace compiler_cache::situations
