// Any bytes as a session's part. A fuzzer cannot guess a checksum, so the same bytes are also tried as the
// frame alone.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "helper/compress.h"
#include "helper/session_content.h"

namespace {

using namespace compiler_cache;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Small enough that a frame that claims to be long costs nothing.
constexpr std::uint64_t kMaxContent = std::uint64_t{1} << 20;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Unsealed unsealed = unseal(kSessionPartKind, "graph", bytes);
  if (unsealed.state == SealState::good) {
    const auto sealed = seal(kSessionPartKind, "graph", unsealed.payload);
    require(sealed.ok() && unseal(kSessionPartKind, "graph", sealed.value()).payload == unsealed.payload);
  }
  const auto stated = decompressed_size(bytes);
  if (stated.ok() && stated.value() <= kMaxContent) {
    const auto content = decompress(bytes, stated.value());
    require(!content.ok() || content.value().size() == stated.value());
  }
  require(is_session_file_name(bytes) || !is_session_part_name(bytes));
  return 0;
}
