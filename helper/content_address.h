// Under which name remote stores keep a content. Everything of our own is named by BLAKE2b (hasher.h).
#pragma once

#include <string_view>

#include "helper/digest.h"

namespace compiler_cache {

/// SHA-256, as stores that speak the Bazel protocol want it, where the helper was built with OpenSSL; without
/// it no such store is spoken to, and the others take any name: BLAKE2b-256. Who reads an entry is told the
/// address in it.
Digest content_address(std::string_view stored);

/// Which of both.
bool addresses_are_sha256();

}  // namespace compiler_cache
