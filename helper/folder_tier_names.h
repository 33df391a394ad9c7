// Names below `objects` and the ages that decide about them; only the folder tier's own files include this.
#pragma once

#include <cstddef>
#include <cstdint>

#include "helper/file_age.h"

namespace compiler_cache {

inline constexpr char kBlobCompressedSuffix[] = ".zst";
inline constexpr char kBlobTemporaryPrefix[] = ".tmp-";
inline constexpr std::size_t kBlobFolderDigits = 2;

/// A blob's mtime is its last use, to within this.
inline constexpr std::int64_t kBlobTouchAge = 3600 * kSecondNs;

}  // namespace compiler_cache
