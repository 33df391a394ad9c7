#include "helper/content_address.h"

#include "helper/hasher.h"

#ifdef COMPILER_CACHE_WITH_OPENSSL
#include <openssl/evp.h>
#endif

namespace compiler_cache {

#ifdef COMPILER_CACHE_WITH_OPENSSL

Digest content_address(std::string_view stored) {
  Digest digest;
  unsigned size = 0;
  const bool done =
      EVP_Digest(stored.data(), stored.size(), digest.bytes.data(), &size, EVP_sha256(), nullptr) == 1;
  // It fails for want of memory; a store that checks will refuse the other name.
  return done && size == Digest::kSize ? digest : hash_bytes(stored);
}

bool addresses_are_sha256() { return true; }

#else

Digest content_address(std::string_view stored) { return hash_bytes(stored); }

bool addresses_are_sha256() { return false; }

#endif

}  // namespace compiler_cache
