// A Redis server, or a cluster of which one node is known, as a server of the remote tier. The keys are in
// docs/store-format.md.
#pragma once

#include <uv.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "helper/remote_client.h"
#include "helper/uv_redis_connection.h"

namespace compiler_cache {

class UvRedisClient final : public RemoteClient {
 public:
  UvRedisClient(uv_loop_t* loop, RemoteTarget target);
  ~UvRedisClient() override;

  void get_entries(const Digest& place, std::function<void(Result<Entries>)> call) override;
  void add_entry(const Digest& place, std::string entry, std::size_t most,
                 std::function<void(Status)> call) override;
  void get_blob(const Digest& address, std::uint64_t size,
                std::function<void(Result<std::string>)> call) override;
  void put_blob(const Digest& address, Bytes bytes, std::function<void(Status)> call) override;
  void touch_blob(const Digest& address, std::function<void(Result<bool>)> call) override;
  void close() override;

 private:
  /// Reads do not queue behind what is written.
  enum class Line : std::uint8_t { reads, writes };
  struct Command {
    Line line = Line::reads;
    std::vector<std::string> words;  ///< the second is the key
    Bytes payload;                   ///< behind them; may be null
    std::vector<std::string> words_behind;
    std::uint64_t most = 0;
    UvRedisConnection::Call call;
    int hops = 0;
  };
  struct Node {
    std::string host;
    std::uint16_t port = 0;
    friend auto operator<=>(const Node&, const Node&) = default;
  };
  using CommandPtr = std::shared_ptr<Command>;

  void run(Command command);
  void send(const CommandPtr& command, const Node& node, bool asking);
  void answered(const CommandPtr& command, Result<RedisReply> reply);
  bool follow(const CommandPtr& command, const std::string& redirection);
  void learn_slots();
  void take_slots(const RedisReply& reply);
  UvRedisConnection& connection(const Node& node, Line line);
  Node node_of(const std::string& key) const;
  std::string key(const char* kind, const Digest& name) const;

  uv_loop_t* const loop_;
  const RemoteTarget target_;
  const Node seed_;
  std::map<std::pair<Node, Line>, std::unique_ptr<UvRedisConnection>> connections_;
  std::vector<Node> slots_;  ///< of a cluster; empty: none is known
  bool learning_slots_ = false;
  bool closed_ = false;
};

}  // namespace compiler_cache
