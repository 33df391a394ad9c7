// A variant as bytes, for the shared folder and for the parts of a session: msgpack, paths as an index into
// a table of folders. The grammar is in docs/store-format.md.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "helper/digest.h"
#include "helper/variant.h"

namespace compiler_cache {

inline constexpr std::size_t kMaxVariantInputs = 100'000;
inline constexpr std::size_t kMaxVariantAbsent = 1'000'000;
inline constexpr std::size_t kMaxVariantFolders = 200'000;
inline constexpr std::size_t kMaxVariantOutputs = 16;
inline constexpr std::size_t kMaxVariantTargets = 64;
inline constexpr std::size_t kMaxVariantPath = 64 * 1024;
/// All paths of a variant together, written out: a short file must not grow without bound in memory.
inline constexpr std::size_t kMaxVariantPathBytes = std::size_t{256} << 20;

struct StoredVariant {
  Digest context;
  Variant variant;

  friend bool operator==(const StoredVariant&, const StoredVariant&) = default;
};

/// Uncompressed msgpack with the format version first; for embedding in journal records and parts, which have
/// checksums of their own. `too_large` when a limit above is exceeded.
Result<std::string> encode_variant(const StoredVariant& stored);
/// `corrupt` for what encode_variant does not write; `unsupported` for a newer version, `invalid` for an
/// older.
Result<StoredVariant> decode_variant(std::string_view bytes);

/// A file of its own: compressed and sealed (sealed_bytes.h). The errors are those above, and `corrupt` also
/// for any changed byte.
Result<std::string> encode_variant_file(const StoredVariant& stored);
Result<StoredVariant> decode_variant_file(std::string_view file);

}  // namespace compiler_cache
