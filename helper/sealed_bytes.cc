#include "helper/sealed_bytes.h"

#include <cstring>

#include "helper/bytes.h"
#include "helper/compress.h"
#include "helper/hasher.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kVersionOffset = kSealMagicSize;
constexpr std::size_t kChecksumOffset = kVersionOffset + 4;

static_assert(kChecksumOffset + Digest::kSize == kSealPrefixSize);
static_assert(kSealPrefixSize + 8 == kSealHeaderSize);

Digest checksum_of(std::string_view magic_and_version, std::string_view label, std::string_view rest) {
  Hasher hasher;
  hasher.item("seal", magic_and_version).item("label", label).item("rest", rest);
  return hasher.finish();
}

}  // namespace

Result<std::string> seal(const SealKind& kind, std::string_view label, std::string_view payload) {
  if (payload.size() > kind.max_size) return Error{ErrorKind::too_large, "more than one file may hold"};
  std::string start(kind.magic, kSealMagicSize);
  put_u32(start, kind.version);
  std::string rest;
  put_u64(rest, payload.size());
  rest += compress(payload);
  std::string file = start;
  file += checksum_of(start, label, rest).view();
  file += rest;
  return file;
}

SealState seal_state(const SealKind& kind, std::string_view label, std::string_view file) {
  if (file.size() < kSealPrefixSize || file.substr(0, kSealMagicSize) != kind.magic)
    return SealState::damaged;
  const std::string_view rest = file.substr(kSealPrefixSize);
  if (checksum_of(file.substr(0, kChecksumOffset), label, rest).view() != seal_checksum(file)) {
    return SealState::damaged;
  }
  const std::uint32_t version = get_u32(file.substr(kVersionOffset));
  if (version == kind.version) return SealState::good;
  return version < kind.version ? SealState::older : SealState::newer;
}

Unsealed unseal(const SealKind& kind, std::string_view label, std::string_view file) {
  Unsealed out;
  const SealState state = seal_state(kind, label, file);
  if (state == SealState::damaged) return out;
  out.checksum = seal_checksum(file);
  if (state != SealState::good) {
    out.state = state;
    return out;
  }
  const std::string_view rest = file.substr(kSealPrefixSize);
  if (file.size() < kSealHeaderSize) return out;
  const std::uint64_t raw_size = get_u64(rest);
  if (raw_size > kind.max_size) return out;
  auto payload = decompress(file.substr(kSealHeaderSize), raw_size);
  if (!payload) return out;
  out.payload = std::move(*payload);
  out.state = SealState::good;
  return out;
}

}  // namespace compiler_cache
