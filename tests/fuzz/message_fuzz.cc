// Everything that a peer can say to the helper: any bytes are a message or an error, and never more.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "helper/messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)compiler_cache::decode_message({reinterpret_cast<const char*>(data), size}).ok();
  return 0;
}
