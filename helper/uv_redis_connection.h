// One connection to a Redis server: commands go out together, answers come back in order. Opened by the first
// command, closed when it fails, stalls, or is not used for a while; the next command opens it anew.
#pragma once

#include <uv.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/redis_replies.h"
#include "helper/remote_settings.h"

namespace compiler_cache {

class UvStream;

class UvRedisConnection {
 public:
  using Call = std::function<void(Result<RedisReply>)>;

  UvRedisConnection(uv_loop_t* loop, RemoteTarget target);
  /// After close() only.
  ~UvRedisConnection();
  UvRedisConnection(const UvRedisConnection&) = delete;
  UvRedisConnection& operator=(const UvRedisConnection&) = delete;

  /// `payload`: one word more, which is not copied; may be null. Of the answer at most `most` bytes are taken
  /// in.
  void send(const std::vector<std::string_view>& words, std::shared_ptr<const std::string> payload,
            const std::vector<std::string_view>& words_behind, std::uint64_t most, Call call);
  /// For good: what is under way is answered with an error.
  void close();

 private:
  struct Pending {
    std::uint64_t most = 0;
    Call call;
  };

  void open();
  void greet();
  void on_open(const Status& status);
  void on_bytes(std::string_view bytes);
  void fail(const Error& error);
  void drop_stream();
  void look_at_the_clock();

  uv_loop_t* const loop_;
  const RemoteTarget target_;
  std::shared_ptr<UvStream> stream_;
  std::unique_ptr<RedisReplies> replies_;
  std::deque<Pending> pending_;
  std::vector<std::shared_ptr<const std::string>> unsent_;  ///< until the stream is open
  uv_timer_t* timer_ = nullptr;
  bool open_ = false;
  bool closed_ = false;
};

}  // namespace compiler_cache
