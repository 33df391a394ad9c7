// One server of the remote tier, whatever it speaks: Redis or HTTP.
//
// All on the loop's thread. Nothing blocks, and every call is answered exactly once, on the loop, in bounded
// time: also when the server stalls, and with an error when the client is closed. An answer may come before
// the call returns. Calls that are made together travel together, and their answers come in any order.
//
// Errors: `not_found` is an answer like another. `denied` (credentials, a replica that takes no writes) and
// `no_space` (the server's memory is full) say why nothing is taken; `corrupt` that the server speaks
// nonsense; `too_large` that it has more than it may; `timed_out` and `io` that it cannot be reached.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "helper/digest.h"

namespace compiler_cache {

class RemoteClient {
 public:
  using Entries = std::vector<std::string>;
  using Bytes = std::shared_ptr<const std::string>;

  virtual ~RemoteClient() = default;

  /// The entries of a place, newest first, at most kMaxRemoteEntries.
  virtual void get_entries(const Digest& place, std::function<void(Result<Entries>)> call) = 0;
  /// Puts one in front; those beyond the `most` newest go. Of two writers at once one may be lost.
  virtual void add_entry(const Digest& place, std::string entry, std::size_t most,
                         std::function<void(Status)> call) = 0;

  /// What is stored there; never more than `size` bytes are taken in.
  virtual void get_blob(const Digest& address, std::uint64_t size,
                        std::function<void(Result<std::string>)> call) = 0;
  virtual void put_blob(const Digest& address, Bytes bytes, std::function<void(Status)> call) = 0;
  /// Whether it is there; if it is, it counts as used.
  virtual void touch_blob(const Digest& address, std::function<void(Result<bool>)> call) = 0;

  /// For the end: what is under way is answered with an error, and no handle stays open.
  virtual void close() = 0;
};

}  // namespace compiler_cache
