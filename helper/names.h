// Interning: each distinct value once, known by a small number that stays valid for the life of the table.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "helper/digest.h"

namespace compiler_cache {

using PathId = std::uint32_t;
using ContentId = std::uint32_t;
inline constexpr std::uint32_t kNoId = 0xffffffff;

class PathTable {
 public:
  PathId intern(std::string_view path) {
    if (auto found = ids_.find(path); found != ids_.end()) return found->second;
    const auto id = static_cast<PathId>(paths_.size());
    paths_.emplace_back(path);
    ids_.emplace(paths_.back(), id);
    return id;
  }
  /// kNoId for one that was never interned.
  PathId find(std::string_view path) const {
    const auto found = ids_.find(path);
    return found == ids_.end() ? kNoId : found->second;
  }
  const std::string& operator[](PathId id) const { return paths_[id]; }
  std::size_t size() const { return paths_.size(); }
  /// For as many as are coming at once.
  void reserve(std::size_t more) { ids_.reserve(paths_.size() + more); }

 private:
  std::deque<std::string> paths_;  // a deque: the views in ids_ must not move
  std::unordered_map<std::string_view, PathId> ids_;
};

class ContentTable {
 public:
  ContentId intern(const Digest& digest) {
    auto [found, inserted] = ids_.try_emplace(digest, static_cast<ContentId>(digests_.size()));
    if (inserted) digests_.push_back(digest);
    return found->second;
  }
  const Digest& operator[](ContentId id) const { return digests_[id]; }
  std::size_t size() const { return digests_.size(); }
  void reserve(std::size_t more) { ids_.reserve(digests_.size() + more); }

 private:
  std::deque<Digest> digests_;
  std::unordered_map<Digest, ContentId> ids_;
};

}  // namespace compiler_cache
