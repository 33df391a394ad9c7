#include "helper/uv_redis_connection.h"

#include <algorithm>
#include <utility>

#include "helper/uv_stream.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kSmallReply = 64 * 1024;
constexpr std::uint64_t kUnusedMs = 10'000;
/// How often it is looked whether the server has stalled, in one limit's time.
constexpr std::uint64_t kLooksPerLimit = 8;

}  // namespace

UvRedisConnection::UvRedisConnection(uv_loop_t* loop, RemoteTarget target)
    : loop_(loop), target_(std::move(target)), timer_(new uv_timer_t{}) {
  uv_timer_init(loop_, timer_);
  timer_->data = this;
}

UvRedisConnection::~UvRedisConnection() { close(); }

void UvRedisConnection::send(const std::vector<std::string_view>& words,
                             std::shared_ptr<const std::string> payload,
                             const std::vector<std::string_view>& words_behind, std::uint64_t most,
                             Call call) {
  if (closed_) return call(Error{ErrorKind::io, "the connection is closed"});
  std::vector<UvStream::Piece> pieces;
  std::string command;
  if (payload == nullptr) {
    append_redis_command(command, words);
    pieces.push_back(std::make_shared<const std::string>(std::move(command)));
  } else {
    // As append_redis_command, but for one word, which may be large and stays where it is.
    command = "*" + std::to_string(words.size() + 1 + words_behind.size()) + "\r\n";
    const auto add = [](std::string& out, std::string_view word) {
      out += "$" + std::to_string(word.size()) + "\r\n";
      out.append(word).append("\r\n");
    };
    for (const std::string_view word : words) add(command, word);
    command += "$" + std::to_string(payload->size()) + "\r\n";
    std::string behind = "\r\n";
    for (const std::string_view word : words_behind) add(behind, word);
    pieces.push_back(std::make_shared<const std::string>(std::move(command)));
    pieces.push_back(std::move(payload));
    pieces.push_back(std::make_shared<const std::string>(std::move(behind)));
  }
  pending_.push_back({most, std::move(call)});
  if (open_) return stream_->write(std::move(pieces));
  unsent_.insert(unsent_.end(), pieces.begin(), pieces.end());
  if (stream_ == nullptr) open();
}

void UvRedisConnection::open() {
  replies_ = std::make_unique<RedisReplies>();
  const std::uint64_t step = std::max<std::uint64_t>(1, target_.timeout_ms / kLooksPerLimit);
  uv_timer_start(
      timer_, [](uv_timer_t* timer) { static_cast<UvRedisConnection*>(timer->data)->look_at_the_clock(); },
      step, step);
  // A failure may be told before it returns.
  UvStream::Handlers handlers;
  handlers.on_open = [this](const Status& status) { on_open(status); };
  handlers.on_bytes = [this](std::string_view bytes) { on_bytes(bytes); };
  handlers.on_end = [this](const Error& error) { fail(error); };
  std::shared_ptr<UvStream> stream = UvStream::open(loop_, target_, std::move(handlers));
  if (!pending_.empty()) stream_ = std::move(stream);
}

void UvRedisConnection::on_open(const Status& status) {
  if (!status.ok()) return fail(status.error());
  open_ = true;
  greet();
  if (open_) stream_->write(std::exchange(unsent_, {}));
}

/// Who we are goes in front, without waiting for an answer: a refusal is the answer to the first command,
/// too.
void UvRedisConnection::greet() {
  const RemoteCredentials& who = target_.credentials;
  const std::string& password = who.password.empty() ? who.token : who.password;
  std::string commands;
  std::deque<Pending> greeting;
  const auto heard = [](const Result<RedisReply>&) {};
  if (!password.empty()) {
    if (who.user.empty())
      append_redis_command(commands, {"AUTH", password});
    else
      append_redis_command(commands, {"AUTH", who.user, password});
    greeting.push_back({kSmallReply, heard});
  }
  if (target_.url.database != 0) {
    append_redis_command(commands, {"SELECT", std::to_string(target_.url.database)});
    greeting.push_back({kSmallReply, [this](const Result<RedisReply>& reply) {
                          // What follows would go to another database.
                          if (reply.ok() && reply->kind == RedisReply::Kind::error)
                            fail(redis_error(reply->text));
                        }});
  }
  if (commands.empty()) return;
  pending_.insert(pending_.begin(), greeting.begin(), greeting.end());
  stream_->write({std::make_shared<const std::string>(std::move(commands))});
}

void UvRedisConnection::on_bytes(std::string_view bytes) {
  replies_->feed(bytes);
  while (replies_ != nullptr && !pending_.empty()) {
    Result<std::optional<RedisReply>> reply = replies_->next(pending_.front().most);
    if (!reply.ok()) return fail(reply.error());
    if (!*reply) return;
    const Pending answered = std::move(pending_.front());
    pending_.pop_front();
    answered.call(std::move(**reply));
  }
}

void UvRedisConnection::drop_stream() {
  open_ = false;
  unsent_.clear();
  replies_.reset();
  if (const auto stream = std::exchange(stream_, nullptr)) stream->close();
  if (timer_ != nullptr) uv_timer_stop(timer_);
}

void UvRedisConnection::fail(const Error& error) {
  const Error kept = error;  // NOLINT(performance-unnecessary-copy-initialization): it may be what is dropped
  drop_stream();
  for (const Pending& pending : std::exchange(pending_, {})) pending.call(kept);
}

void UvRedisConnection::look_at_the_clock() {
  if (stream_ == nullptr) return;
  const std::uint64_t silent = uv_now(loop_) - stream_->active_at();
  if (pending_.empty()) {
    if (silent > kUnusedMs) drop_stream();
    return;
  }
  if (silent > target_.timeout_ms) fail({ErrorKind::timed_out, "the server is silent"});
}

void UvRedisConnection::close() {
  if (std::exchange(closed_, true)) return;
  fail({ErrorKind::io, "the connection is closed"});
  uv_close(reinterpret_cast<uv_handle_t*>(std::exchange(timer_, nullptr)),
           [](uv_handle_t* handle) { delete reinterpret_cast<uv_timer_t*>(handle); });
}

}  // namespace compiler_cache
