// The servers of the remote tier as one: which of them has what, which of them is asked at present, and what
// they said. Loop thread only.
//
// A place or an address belongs to one server, by rendezvous hashing over the servers' names: one that is
// added or taken away moves only what is its own. While a server is not asked, what is its own is missing: it
// is not looked for elsewhere, so that it is not stored twice.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "helper/circuit_breaker.h"
#include "helper/clock.h"
#include "helper/remote_client.h"
#include "helper/remote_entry.h"
#include "helper/status_report.h"

namespace compiler_cache {

struct RemoteServer {
  std::string name;  ///< its URL, without credentials; decides what is its own
  std::unique_ptr<RemoteClient> client;
};

class RemoteTier {
 public:
  RemoteTier(const Clock& clock, RemoteSeal seal, std::vector<RemoteServer> servers);
  /// Calls that are under way are answered with an error.
  ~RemoteTier();
  RemoteTier(const RemoteTier&) = delete;
  RemoteTier& operator=(const RemoteTier&) = delete;

  const RemoteSeal& seal() const { return seal_; }
  /// Whether any server is asked at present.
  bool usable() const;
  /// Tries those again, in the background, whose pause is over.
  void try_again();

  /// What is known of the context and can be trusted, newest first. What cannot is left out, and counted.
  void get_context(const Digest& context, std::function<void(Result<std::vector<RemoteEntry>>)> call);
  void get_roster(const std::string& project, std::function<void(Result<std::vector<Digest>>)> call);
  /// What is stored, of the right length; unpack_remote_blob() says whether it is the blob.
  void get_blob(const RemoteBlob& blob, std::function<void(Result<std::string>)> call);
  /// The blob was not what it had to be, as who unpacked it found.
  void reject(const RemoteBlob& blob, const std::string& why);
  /// Whoever waited for this has given up.
  void gave_up_on(const Digest& place_or_address);

  void touch_blob(const RemoteBlob& blob, std::function<void(Result<bool>)> call);
  void put_blob(const RemoteBlob& blob, RemoteClient::Bytes bytes, std::function<void(Status)> call);
  void add_entry(const Digest& place, std::string entry, std::size_t most, std::function<void(Status)> call);

  std::uint64_t bytes_read() const;
  std::uint64_t bytes_written() const;
  std::vector<RemoteServerStatus> status() const;
  /// What a caller is told of a server that is not asked.
  static Error not_asked();
  void close();

 private:
  struct Shard {
    RemoteServer server;
    CircuitBreaker breaker;
    RemoteServerStatus counted;
  };

  Shard& shard_of(const Digest& key);
  void note(Shard& shard, const Status& status);
  void note_written(Shard& shard, const Status& put, std::size_t size);
  void reject(Shard& shard, const std::string& why);
  void try_again(Shard& shard);

  const Clock& clock_;
  const RemoteSeal seal_;
  std::vector<Shard> shards_;
};

}  // namespace compiler_cache
