// What a Redis server answers, taken apart by hiredis as it comes in. The only user of hiredis.
//
// A server that lies costs no memory: no list may be longer, and no answer larger, than the caller has asked
// for; the bytes that are taken in are counted, not those that are announced.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace compiler_cache {

struct RedisReply {
  enum class Kind : std::uint8_t { text, list, number, nothing, status, error };
  Kind kind = Kind::nothing;
  std::string text;  ///< of a text, a status or an error
  long long number = 0;
  std::vector<RedisReply> list;
};

/// Longest list in an answer that is taken in.
inline constexpr std::size_t kMaxRedisList = 20'000;

class RedisReplies {
 public:
  RedisReplies();
  ~RedisReplies();
  RedisReplies(const RedisReplies&) = delete;
  RedisReplies& operator=(const RedisReplies&) = delete;

  void feed(std::string_view bytes);
  /// The next answer that is complete; nothing when there is none yet. `corrupt` when the server speaks
  /// something else: then nothing more can be read. `too_large` beyond `most` bytes.
  Result<std::optional<RedisReply>> next(std::uint64_t most);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Appends a command as the server takes it.
void append_redis_command(std::string& out, const std::vector<std::string_view>& words);

/// The slot of a key among the 16384 of a cluster: CRC16 (XMODEM) of the part in braces, if there is one.
std::uint16_t redis_slot(std::string_view key);

/// What an error of the server means to us.
Error redis_error(const std::string& text);

}  // namespace compiler_cache
