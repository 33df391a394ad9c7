#include "helper/hasher.h"

namespace compiler_cache {

Hasher::Hasher(std::string_view key)
    : blake_(key.size() > Blake2b::kLongestKey ? hash_bytes(key).view() : key) {}

Hasher& Hasher::bytes(std::string_view data) {
  blake_.update(data);
  return *this;
}

Hasher& Hasher::item(std::string_view tag, std::string_view data) {
  const std::uint64_t lengths[2] = {tag.size(), data.size()};
  bytes({reinterpret_cast<const char*>(lengths), sizeof lengths});
  return bytes(tag).bytes(data);
}

Hasher& Hasher::item(std::string_view tag, std::uint64_t number) {
  return item(tag, std::string_view(reinterpret_cast<const char*>(&number), sizeof number));
}

Digest Hasher::finish() { return {blake_.finish()}; }

Digest hash_bytes(std::string_view data) { return Hasher().bytes(data).finish(); }

}  // namespace compiler_cache
