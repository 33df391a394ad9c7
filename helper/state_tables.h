// What the codecs of a session's parts share: versions, tables of paths and contents.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "helper/codec.h"
#include "helper/names.h"

namespace compiler_cache {

/// Ids as they are in the process, renumbered to those that a part uses.
class Renumber {
 public:
  std::uint32_t operator()(std::uint32_t id) {
    auto [found, inserted] = numbers_.try_emplace(id, static_cast<std::uint32_t>(order_.size()));
    if (inserted) order_.push_back(id);
    return found->second;
  }
  const std::vector<std::uint32_t>& order() const { return order_; }

 private:
  std::unordered_map<std::uint32_t, std::uint32_t> numbers_;
  std::vector<std::uint32_t> order_;
};

Error malformed(const char* what);
/// Success for the root of a part of this version; otherwise why not.
Status check_version(Node root, std::size_t size, const char* what, std::uint64_t expected);

/// Tables as a part has them: the ids that its numbers stand for in this process.
bool get_paths(Node node, PathTable& table, std::vector<PathId>& paths);
bool get_contents(Node node, ContentTable& table, std::vector<ContentId>& contents);

}  // namespace compiler_cache
