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

Unsealed unseal(const SealKind& kind, std::string_view label, std::string_view file) {
  Unsealed out;
  if (file.size() < kSealPrefixSize || file.substr(0, kSealMagicSize) != kind.magic) return out;
  const std::string_view checksum = file.substr(kChecksumOffset, Digest::kSize);
  const std::string_view rest = file.substr(kSealPrefixSize);
  if (checksum_of(file.substr(0, kChecksumOffset), label, rest).view() != checksum) return out;
  out.checksum = checksum;
  const std::uint32_t version = get_u32(file.substr(kVersionOffset));
  if (version != kind.version) {
    out.state = version < kind.version ? SealState::older : SealState::newer;
    return out;
  }
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
