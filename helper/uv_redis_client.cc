#include "helper/uv_redis_client.h"

#include <charconv>
#include <utility>

#include "helper/remote_entry.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kSmallAnswer = 64 * 1024;
constexpr std::uint64_t kSlotsAnswer = std::uint64_t{4} << 20;
constexpr int kMostHops = 4;
constexpr std::size_t kSlotCount = 16384;

Error unexpected() { return {ErrorKind::corrupt, "the server's answer is not what was asked for"}; }

Status status_of(const Result<RedisReply>& reply) {
  if (!reply.ok()) return reply.error();
  if (reply->kind == RedisReply::Kind::error) return redis_error(reply->text);
  return {};
}

bool number_from(std::string_view text, std::uint16_t& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size();
}

}  // namespace

UvRedisClient::UvRedisClient(uv_loop_t* loop, RemoteTarget target)
    : loop_(loop), target_(std::move(target)), seed_{target_.url.host, target_.url.port} {}

UvRedisClient::~UvRedisClient() { close(); }

void UvRedisClient::close() {
  closed_ = true;
  for (auto& [node, connection] : connections_) connection->close();
}

/// The braces make a cluster's slot depend on the digest alone.
std::string UvRedisClient::key(const char* kind, const Digest& name) const {
  return "compiler-cache:" + target_.name_space + ":" + kind + ":{" + name.hex() + "}";
}

// ---- nodes

UvRedisConnection& UvRedisClient::connection(const Node& node, Line line) {
  std::unique_ptr<UvRedisConnection>& found = connections_[{node, line}];
  if (found == nullptr) {
    RemoteTarget target = target_;
    target.url.host = node.host;
    target.url.port = node.port;
    found = std::make_unique<UvRedisConnection>(loop_, std::move(target));
  }
  return *found;
}

UvRedisClient::Node UvRedisClient::node_of(const std::string& key) const {
  return slots_.empty() ? seed_ : slots_[redis_slot(key)];
}

void UvRedisClient::run(Command command) {
  if (closed_) return command.call(Error{ErrorKind::io, "the connection is closed"});
  const Node node = node_of(command.words[1]);
  send(std::make_shared<Command>(std::move(command)), node, false);
}

void UvRedisClient::send(const CommandPtr& command, const Node& node, bool asking) {
  UvRedisConnection& to = connection(node, command->line);
  if (asking) to.send({"ASKING"}, nullptr, {}, kSmallAnswer, [](const Result<RedisReply>&) {});
  const std::vector<std::string_view> words(command->words.begin(), command->words.end());
  const std::vector<std::string_view> behind(command->words_behind.begin(), command->words_behind.end());
  to.send(words, command->payload, behind, command->most,
          [this, command](Result<RedisReply> reply) { answered(command, std::move(reply)); });
}

void UvRedisClient::answered(const CommandPtr& command, Result<RedisReply> reply) {
  if (reply.ok() && reply->kind == RedisReply::Kind::error && follow(command, reply->text)) return;
  // The node that had this slot may be gone, and another have it by now.
  if (!reply.ok() && !slots_.empty() && !closed_) slots_.clear();
  command->call(std::move(reply));
}

/// "MOVED 3999 127.0.0.1:6381", "ASK 3999 127.0.0.1:6381": without a host, the one that was asked.
bool UvRedisClient::follow(const CommandPtr& command, const std::string& redirection) {
  const bool moved = redirection.starts_with("MOVED ");
  if ((!moved && !redirection.starts_with("ASK ")) || closed_ || ++command->hops > kMostHops) return false;
  const std::size_t space = redirection.rfind(' ');
  const std::size_t colon = redirection.rfind(':');
  Node node;
  if (colon == std::string::npos || colon < space ||
      !number_from(std::string_view(redirection).substr(colon + 1), node.port))
    return false;
  node.host = redirection.substr(space + 1, colon - space - 1);
  if (node.host.empty()) node.host = seed_.host;
  if (moved) learn_slots();
  send(command, node, !moved);
  return true;
}

void UvRedisClient::learn_slots() {
  if (std::exchange(learning_slots_, true)) return;
  connection(seed_, Line::reads)
      .send({"CLUSTER", "SLOTS"}, nullptr, {}, kSlotsAnswer, [this](const Result<RedisReply>& reply) {
        learning_slots_ = false;
        if (reply.ok() && !closed_) take_slots(*reply);
      });
}

/// [[first, last, [host, port, ...], replicas...]...]
void UvRedisClient::take_slots(const RedisReply& reply) {
  std::vector<Node> slots(kSlotCount, seed_);
  for (const RedisReply& range : reply.list) {
    if (range.list.size() < 3 || range.list[2].list.size() < 2) return;
    const RedisReply& master = range.list[2];
    const long long first = range.list[0].number;
    const long long last = range.list[1].number;
    const long long port = master.list[1].number;
    if (first < 0 || last >= static_cast<long long>(kSlotCount) || port < 1 || port > 65535) return;
    const Node node{master.list[0].text.empty() ? seed_.host : master.list[0].text,
                    static_cast<std::uint16_t>(port)};
    for (long long slot = first; slot <= last; ++slot) slots[static_cast<std::size_t>(slot)] = node;
  }
  slots_ = std::move(slots);
}

// ---- calls

void UvRedisClient::get_entries(const Digest& place, std::function<void(Result<Entries>)> call) {
  Command command;
  command.words = {"LRANGE", key("entries", place), "0", std::to_string(kMaxRemoteEntries - 1)};
  command.most = kMaxRemoteEntryBytes * 4;
  command.call = [call = std::move(call)](Result<RedisReply> reply) {
    if (const Status status = status_of(reply); !status.ok()) return call(status.error());
    if (reply->kind != RedisReply::Kind::list) return call(unexpected());
    Entries entries;
    for (RedisReply& entry : reply->list) entries.push_back(std::move(entry.text));
    if (entries.empty()) return call(Error{ErrorKind::not_found, "no entries"});
    if (entries.size() > kMaxRemoteEntries) return call(unexpected());
    call(std::move(entries));
  };
  run(std::move(command));
}

/// A list grows in front and is cut behind: of several writers none undoes what another did.
void UvRedisClient::add_entry(const Digest& place, std::string entry, std::size_t most,
                              std::function<void(Status)> call) {
  const std::string name = key("entries", place);
  Command push;
  push.line = Line::writes;
  push.words = {"LPUSH", name};
  push.payload = std::make_shared<const std::string>(std::move(entry));
  push.most = kSmallAnswer;
  push.call = [call = std::move(call)](const Result<RedisReply>& reply) { call(status_of(reply)); };
  run(std::move(push));
  // What comes of these shows with the next entry at the latest.
  Command trim;
  trim.line = Line::writes;
  trim.words = {"LTRIM", name, "0", std::to_string(most - 1)};
  trim.most = kSmallAnswer;
  trim.call = [](const Result<RedisReply>&) {};
  run(trim);
  if (target_.expiry_s == 0) return;
  Command expire = trim;
  expire.words = {"EXPIRE", name, std::to_string(target_.expiry_s)};
  run(std::move(expire));
}

void UvRedisClient::get_blob(const Digest& address, std::uint64_t size,
                             std::function<void(Result<std::string>)> call) {
  Command command;
  command.words = {"GET", key("blob", address)};
  command.most = size;
  command.call = [call = std::move(call)](Result<RedisReply> reply) {
    if (const Status status = status_of(reply); !status.ok()) return call(status.error());
    if (reply->kind == RedisReply::Kind::nothing) return call(Error{ErrorKind::not_found, "no such blob"});
    if (reply->kind != RedisReply::Kind::text) return call(unexpected());
    call(std::move(reply->text));
  };
  run(std::move(command));
}

void UvRedisClient::put_blob(const Digest& address, Bytes bytes, std::function<void(Status)> call) {
  Command command;
  command.line = Line::writes;
  command.words = {"SET", key("blob", address)};
  command.payload = std::move(bytes);
  if (target_.expiry_s != 0) command.words_behind = {"EX", std::to_string(target_.expiry_s)};
  command.most = kSmallAnswer;
  command.call = [call = std::move(call)](const Result<RedisReply>& reply) { call(status_of(reply)); };
  run(std::move(command));
}

void UvRedisClient::touch_blob(const Digest& address, std::function<void(Result<bool>)> call) {
  Command command;
  command.line = Line::writes;
  command.words = {"TOUCH", key("blob", address)};
  if (target_.expiry_s != 0) command.words = {"EXPIRE", command.words[1], std::to_string(target_.expiry_s)};
  command.most = kSmallAnswer;
  command.call = [call = std::move(call)](const Result<RedisReply>& reply) {
    if (const Status status = status_of(reply); !status.ok()) return call(status.error());
    if (reply->kind != RedisReply::Kind::number) return call(unexpected());
    call(reply->number > 0);
  };
  run(std::move(command));
}

}  // namespace compiler_cache
