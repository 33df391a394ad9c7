// zstd in one place: for blobs and for sealed bytes. The only user of zstd.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace compiler_cache {

/// The fastest level: storing must not be felt beside compiling.
inline constexpr int kCompressionLevel = 1;

/// One zstd frame that holds its content size and checksum.
std::string compress(std::string_view bytes);

/// What the frame says its content is long; `corrupt` when it does not say.
Result<std::uint64_t> decompressed_size(std::string_view frame);

/// The content of exactly one frame; `corrupt` unless it is exactly `expected_size` bytes. Never allocates
/// more than that, so the caller caps `expected_size`.
Result<std::string> decompress(std::string_view frame, std::uint64_t expected_size);

}  // namespace compiler_cache
