// Bytes as session parts and shared variants stand on disk: compressed, and in a shell that shows every
// changed byte and tells versions apart.
//
//   magic      4 bytes   what kind of file this is
//   version    u32       of the payload's format, little endian like all numbers here
//   checksum   32 bytes  BLAKE2b over magic, version, label and everything after this field
//   raw size   u64       of the payload
//   payload    one zstd frame
//
// The first 40 bytes stay like this in every version to come, so that a file of a newer version is told from
// a damaged one: the first is left alone, the second removed. The label (a part's name, say) is not in the
// file: one file renamed over another is damage, too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace compiler_cache {

inline constexpr std::size_t kSealMagicSize = 4;
inline constexpr std::size_t kSealPrefixSize = 40;
inline constexpr std::size_t kSealHeaderSize = 48;

struct SealKind {
  char magic[kSealMagicSize + 1];
  std::uint32_t version;
  std::uint64_t max_size;  ///< of the payload; no larger one is written or read
};

enum class SealState : std::uint8_t {
  good,
  damaged,
  older,  ///< undamaged, of a version before ours
  newer,  ///< undamaged, of a version after ours
};

struct Unsealed {
  SealState state = SealState::damaged;
  std::string payload;        ///< when good
  std::string_view checksum;  ///< 32 bytes within the input, unless damaged
};

/// `too_large` when `payload` is over the kind's limit.
Result<std::string> seal(const SealKind& kind, std::string_view label, std::string_view payload);
/// The checksum field of what seal() made; not checked.
inline std::string_view seal_checksum(std::string_view sealed) { return sealed.substr(8, 32); }
/// What unseal() would say, but for a payload that turns out not to be one; without unpacking it.
SealState seal_state(const SealKind& kind, std::string_view label, std::string_view file);
Unsealed unseal(const SealKind& kind, std::string_view label, std::string_view file);

}  // namespace compiler_cache
