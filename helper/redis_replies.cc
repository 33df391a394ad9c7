#include "helper/redis_replies.h"

#include <hiredis/read.h>

#include <array>
#include <utility>

namespace compiler_cache {
namespace {

/// Beside the bytes of an answer: its lengths and line ends.
constexpr std::uint64_t kReplyOverhead = 64 * 1024;

RedisReply* reply_object(const redisReadTask* task, RedisReply&& reply) {
  if (task->parent == nullptr) return new RedisReply(std::move(reply));
  auto* const list = static_cast<RedisReply*>(task->parent->obj);
  RedisReply& element = list->list[static_cast<std::size_t>(task->idx)];
  element = std::move(reply);
  return &element;
}

void* make_string(const redisReadTask* task, char* text, std::size_t size) {
  RedisReply reply;
  reply.kind = task->type == REDIS_REPLY_ERROR    ? RedisReply::Kind::error
               : task->type == REDIS_REPLY_STATUS ? RedisReply::Kind::status
                                                  : RedisReply::Kind::text;
  reply.text.assign(text, size);
  return reply_object(task, std::move(reply));
}

/// The type of a length is another one in later versions.
template <class Length>
void* make_list(const redisReadTask* task, Length length) {
  const auto count = static_cast<std::size_t>(length);
  if (count > kMaxRedisList) return nullptr;
  RedisReply reply;
  reply.kind = RedisReply::Kind::list;
  reply.list.resize(count);
  return reply_object(task, std::move(reply));
}

void* make_number(const redisReadTask* task, long long number) {
  RedisReply reply;
  reply.kind = RedisReply::Kind::number;
  reply.number = number;
  return reply_object(task, std::move(reply));
}

void* make_nothing(const redisReadTask* task) { return reply_object(task, RedisReply{}); }

/// Called for the outermost one only.
void free_reply(void* reply) { delete static_cast<RedisReply*>(reply); }

constexpr std::array<std::uint16_t, 256> crc16_table() {
  constexpr std::uint16_t kPolynomial = 0x1021;
  std::array<std::uint16_t, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    auto value = static_cast<std::uint16_t>(i << 8);
    for (int bit = 0; bit < 8; ++bit)
      value = static_cast<std::uint16_t>((value & 0x8000) != 0 ? value << 1 ^ kPolynomial : value << 1);
    table[i] = value;
  }
  return table;
}

}  // namespace

struct RedisReplies::State {
  redisReplyObjectFunctions functions{};
  redisReader* reader = nullptr;
  std::uint64_t fed = 0;  ///< since the last answer that was complete
};

RedisReplies::RedisReplies() : state_(std::make_unique<State>()) {
  state_->functions.createString = make_string;
  state_->functions.createArray = make_list;
  state_->functions.createInteger = make_number;
  state_->functions.createNil = make_nothing;
  state_->functions.freeObject = free_reply;
  state_->reader = redisReaderCreateWithFunctions(&state_->functions);
}

RedisReplies::~RedisReplies() {
  if (state_->reader != nullptr) redisReaderFree(state_->reader);
}

void RedisReplies::feed(std::string_view bytes) {
  if (state_->reader == nullptr) return;
  state_->fed += bytes.size();
  redisReaderFeed(state_->reader, bytes.data(), bytes.size());
}

Result<std::optional<RedisReply>> RedisReplies::next(std::uint64_t most) {
  void* found = nullptr;
  if (state_->reader == nullptr || redisReaderGetReply(state_->reader, &found) != REDIS_OK) {
    const char* const why = state_->reader == nullptr ? "no memory" : state_->reader->errstr;
    return Error{ErrorKind::corrupt, std::string("the server does not speak Redis' protocol: ") + why};
  }
  if (found == nullptr) {
    if (state_->fed > most + kReplyOverhead)
      return Error{ErrorKind::too_large, "the server's answer is larger than what was asked for"};
    return std::optional<RedisReply>();
  }
  // What came with it belongs to the next one, and is not much.
  state_->fed = 0;
  const std::unique_ptr<RedisReply> reply(static_cast<RedisReply*>(found));
  return std::optional<RedisReply>(std::move(*reply));
}

void append_redis_command(std::string& out, const std::vector<std::string_view>& words) {
  out += "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string_view word : words) {
    out += "$" + std::to_string(word.size()) + "\r\n";
    out.append(word).append("\r\n");
  }
}

std::uint16_t redis_slot(std::string_view key) {
  static constexpr std::array<std::uint16_t, 256> kTable = crc16_table();
  constexpr std::uint16_t kSlots = 16384;
  const std::size_t open = key.find('{');
  const std::size_t close = open == std::string_view::npos ? open : key.find('}', open + 1);
  if (close != std::string_view::npos && close > open + 1) key = key.substr(open + 1, close - open - 1);
  std::uint16_t crc = 0;
  for (const char byte : key)
    crc = static_cast<std::uint16_t>(crc << 8 ^ kTable[(crc >> 8 ^ static_cast<unsigned char>(byte)) & 0xff]);
  return crc % kSlots;
}

Error redis_error(const std::string& text) {
  constexpr struct {
    std::string_view prefix;
    ErrorKind kind;
  } kKinds[] = {{"READONLY", ErrorKind::denied},
                {"NOAUTH", ErrorKind::denied},
                {"WRONGPASS", ErrorKind::denied},
                {"NOPERM", ErrorKind::denied},
                {"ERR invalid password", ErrorKind::denied},
                {"OOM", ErrorKind::no_space},
                {"MISCONF", ErrorKind::no_space},
                {"WRONGTYPE", ErrorKind::corrupt}};
  for (const auto& row : kKinds) {
    if (text.starts_with(row.prefix)) return {row.kind, "the server says: " + text.substr(0, 200)};
  }
  return {ErrorKind::io, "the server says: " + text.substr(0, 200)};
}

}  // namespace compiler_cache
