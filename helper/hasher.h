// BLAKE2b-256 over tagged, length-delimited items or plain bytes. The only user of libb2.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "helper/digest.h"

namespace compiler_cache {

class Hasher {
 public:
  Hasher();
  /// Keyed: the hash is a MAC. A key of more than 64 bytes counts by its hash; an empty one is none.
  explicit Hasher(std::string_view key);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  /// Raw bytes, nothing added.
  Hasher& bytes(std::string_view data);

  /// One item: the tag, the length of `data` and `data`, so that no two different lists of items hash alike.
  Hasher& item(std::string_view tag, std::string_view data);
  Hasher& item(std::string_view tag, std::uint64_t number);

  /// The hash of all so far; the object must not be used afterwards.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// BLAKE2b-256 of `data` alone: the name under which a content or a blob is known.
Digest hash_bytes(std::string_view data);

}  // namespace compiler_cache
