// A server of the remote tier that is played: what it has is in memory, and it can be silent, refuse, or lie.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "helper/remote_client.h"

namespace compiler_cache {

struct FakeRemoteServer {
  std::map<Digest, RemoteClient::Entries> places;
  std::map<Digest, std::string> blobs;
  bool silent = false;                ///< what is asked from now on is not answered
  Status reads;                       ///< what is said to each read; success: the truth
  Status writes;                      ///< the same to what is written
  std::function<void()> before_read;  ///< called at each
  int entry_reads = 0;
  int blob_reads = 0;
  int blob_writes = 0;
  int entry_writes = 0;
  std::vector<Digest> order;  ///< of places, as they were asked for
  std::vector<std::function<void()>> held;

  /// The server finds its voice.
  void speak() {
    silent = false;
    for (const auto& answer : std::exchange(held, {})) answer();
  }
};

class FakeRemoteClient final : public RemoteClient {
 public:
  explicit FakeRemoteClient(FakeRemoteServer& server) : server_(server) {}

  void get_entries(const Digest& place, std::function<void(Result<Entries>)> call) override {
    ++server_.entry_reads;
    server_.order.push_back(place);
    answer([this, place, call = std::move(call)] {
      if (closed_) return call(Error{ErrorKind::io, "closed"});
      if (!server_.reads.ok()) return call(server_.reads.error());
      const auto found = server_.places.find(place);
      if (found == server_.places.end()) return call(Error{ErrorKind::not_found, "no entries"});
      call(found->second);
    });
  }
  void add_entry(const Digest& place, std::string entry, std::size_t most,
                 std::function<void(Status)> call) override {
    ++server_.entry_writes;
    answer([this, place, entry = std::move(entry), most, call = std::move(call)] {
      if (closed_) return call(Error{ErrorKind::io, "closed"});
      if (!server_.writes.ok()) return call(server_.writes);
      Entries& entries = server_.places[place];
      entries.insert(entries.begin(), entry);
      if (entries.size() > most) entries.resize(most);
      call({});
    });
  }
  void get_blob(const Digest& address, std::uint64_t,
                std::function<void(Result<std::string>)> call) override {
    ++server_.blob_reads;
    answer([this, address, call = std::move(call)] {
      if (closed_) return call(Error{ErrorKind::io, "closed"});
      if (!server_.reads.ok()) return call(server_.reads.error());
      const auto found = server_.blobs.find(address);
      if (found == server_.blobs.end()) return call(Error{ErrorKind::not_found, "no blob"});
      call(found->second);
    });
  }
  void put_blob(const Digest& address, Bytes bytes, std::function<void(Status)> call) override {
    ++server_.blob_writes;
    answer([this, address, bytes, call = std::move(call)] {
      if (closed_) return call(Error{ErrorKind::io, "closed"});
      if (server_.writes.ok()) server_.blobs[address] = *bytes;
      call(server_.writes);
    });
  }
  void touch_blob(const Digest& address, std::function<void(Result<bool>)> call) override {
    answer([this, address, call = std::move(call)] {
      if (closed_) return call(Error{ErrorKind::io, "closed"});
      if (!server_.reads.ok()) return call(server_.reads.error());
      call(server_.blobs.contains(address));
    });
  }
  void close() override {
    closed_ = true;
    for (const auto& answer : std::exchange(server_.held, {})) answer();
  }

 private:
  void answer(std::function<void()> work) {
    if (server_.before_read) server_.before_read();
    if (server_.silent && !closed_) {
      server_.held.push_back(std::move(work));
    } else {
      work();
    }
  }

  FakeRemoteServer& server_;
  bool closed_ = false;
};

}  // namespace compiler_cache
