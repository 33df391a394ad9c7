// Any bytes as a Redis server's answers, in pieces of a length that the first byte says: never more than
// asked for is taken in, and what comes out does not depend on the pieces.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "helper/redis_replies.h"

namespace {

using namespace compiler_cache;

constexpr std::uint64_t kMost = 1000;

std::size_t answers_in(std::string_view bytes, std::size_t step) {
  RedisReplies replies;
  std::size_t count = 0;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    replies.feed(bytes.substr(at, step));
    while (true) {
      const Result<std::optional<RedisReply>> reply = replies.next(kMost);
      if (!reply.ok()) return count;
      if (!*reply) break;
      ++count;
    }
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (bytes.size() > kMost) return 0;  // beyond it where to give up depends on the pieces
  if (answers_in(bytes, 1U + data[0] % 16) != answers_in(bytes, bytes.size())) std::abort();
  return 0;
}
