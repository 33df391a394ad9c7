#include "helper/state_tables.h"

#include <string_view>

namespace compiler_cache {

Error malformed(const char* what) { return Error{ErrorKind::corrupt, std::string(what) + " is malformed"}; }

Status check_version(Node root, std::size_t size, const char* what, std::uint64_t expected) {
  std::uint64_t version = 0;
  if (!root.at(0).get(version)) return malformed(what);
  if (version != expected) return Error{ErrorKind::unsupported, std::string(what) + " has another version"};
  return root.size() == size ? Status() : malformed(what);
}

bool get_contents(Node node, ContentTable& table, std::vector<ContentId>& contents) {
  std::string_view bytes;
  if (!node.get(bytes) || bytes.size() % Digest::kSize != 0) return false;
  contents.reserve(bytes.size() / Digest::kSize);
  table.reserve(bytes.size() / Digest::kSize);
  for (std::size_t at = 0; at < bytes.size(); at += Digest::kSize) {
    Digest digest;
    Digest::from_bytes(bytes.substr(at, Digest::kSize), digest);
    contents.push_back(table.intern(digest));
  }
  return true;
}

bool get_paths(Node node, PathTable& table, std::vector<PathId>& paths) {
  if (!node.is_array()) return false;
  paths.reserve(node.size());
  table.reserve(node.size());
  for (std::size_t i = 0; i < node.size(); ++i) {
    std::string_view path;
    if (!node.at(i).get(path)) return false;
    paths.push_back(table.intern(path));
  }
  return true;
}

}  // namespace compiler_cache
