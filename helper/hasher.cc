#include "helper/hasher.h"

#include <blake2.h>

namespace compiler_cache {

struct Hasher::State {
  blake2b_state blake;
};

Hasher::Hasher() : Hasher(std::string_view()) {}

Hasher::Hasher(std::string_view key) : state_(std::make_unique<State>()) {
  if (key.empty()) {
    blake2b_init(&state_->blake, Digest::kSize);
  } else if (key.size() <= BLAKE2B_KEYBYTES) {
    blake2b_init_key(&state_->blake, Digest::kSize, key.data(), key.size());
  } else {
    const Digest digest = hash_bytes(key);
    blake2b_init_key(&state_->blake, Digest::kSize, digest.bytes.data(), Digest::kSize);
  }
}

Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

Hasher& Hasher::bytes(std::string_view data) {
  blake2b_update(&state_->blake, reinterpret_cast<const std::uint8_t*>(data.data()), data.size());
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

Digest Hasher::finish() {
  Digest digest;
  blake2b_final(&state_->blake, digest.bytes.data(), Digest::kSize);
  return digest;
}

Digest hash_bytes(std::string_view data) { return Hasher().bytes(data).finish(); }

}  // namespace compiler_cache
