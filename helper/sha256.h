// SHA-256, by which stores that speak the Bazel protocol name what they hold. Everything of our own is named
// by BLAKE2b (hasher.h).
#pragma once

#include <string_view>

#include "helper/digest.h"

namespace compiler_cache {

/// SHA-256 of `data` (FIPS 180-4).
Digest sha256(std::string_view data);

}  // namespace compiler_cache
