// Which file it is, by whatever name: as a key of maps.
#pragma once

#include <cstddef>
#include <cstdint>

namespace compiler_cache {

struct FileKey {
  std::uint64_t device;
  std::uint64_t inode;
  friend bool operator==(const FileKey&, const FileKey&) = default;
};

struct FileKeyHash {
  std::size_t operator()(const FileKey& key) const { return key.inode * 0x9e3779b97f4a7c15ULL ^ key.device; }
};

}  // namespace compiler_cache
