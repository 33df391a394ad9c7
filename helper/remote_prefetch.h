// What the last build of this project asked for is fetched from the remote tier in that order, before this
// build asks: so most questions find their answer here, and the way to the server is paid once.
//
// Also the one place that knows what is on its way: a question for it waits for it. What nobody has asked for
// takes at most a budget of memory; then fetching ahead waits until some of it was taken. Loop thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "helper/remote_tier.h"

namespace compiler_cache {

struct PrefetchLimits {
  std::uint64_t bytes = std::uint64_t{64} << 20;  ///< fetched or on their way, and not asked for
  std::size_t contexts = 256;                     ///< on their way at a time
  std::size_t kept = 4096;                        ///< contexts that are here and not asked for
};

class RemotePrefetch {
 public:
  using Entries = std::vector<RemoteEntry>;

  /// `has`: whether a blob need not be fetched.
  RemotePrefetch(RemoteTier& tier, std::function<bool(const Digest& blob)> has, PrefetchLimits limits = {});

  /// As RemoteTier::get_context, from here if it is here.
  void get_context(const Digest& context, std::function<void(const Result<Entries>&)> call);
  /// As RemoteTier::get_blob.
  void get_blob(const RemoteBlob& blob, std::function<void(Result<std::string>)> call);

  /// Fetches these, but for what has been asked for in this build.
  void begin(const std::vector<Digest>& contexts);
  /// The build is over: what was not asked for is dropped.
  void end();

  /// Contexts that were asked for since the last end(), in that order.
  const std::vector<Digest>& asked() const { return asked_; }
  void note_asked(const Digest& context);
  std::uint64_t bytes_held() const { return held_; }

 private:
  struct Known {
    bool here = false;
    bool ahead = false;  ///< fetched before anybody asked
    Result<Entries> entries = Entries{};
    std::vector<std::function<void(const Result<Entries>&)>> waiting;
  };
  struct Blob {
    bool here = false;
    std::uint64_t held = 0;  ///< what it counts in the budget
    Result<std::string> bytes = std::string();
    std::vector<std::function<void(Result<std::string>)>> waiting;
  };

  void go_on();
  void fetch(const Digest& context, Known& known);
  void arrived(const Digest& context, Result<Entries> entries);
  void fetch_blobs(const RemoteEntry& entry);
  void fetch_blob(const RemoteBlob& blob, std::uint64_t held);
  void arrived_blob(const Digest& address, Result<std::string> bytes);

  RemoteTier& tier_;
  const std::function<bool(const Digest&)> has_;
  const PrefetchLimits limits_;
  std::deque<Digest> plan_;
  std::unordered_map<Digest, Known> contexts_;
  std::unordered_map<Digest, Blob> blobs_;  ///< by address
  std::unordered_set<Digest> asked_set_;
  std::vector<Digest> asked_;
  std::uint64_t held_ = 0;
  std::size_t under_way_ = 0;  ///< contexts that nobody has asked for
  bool going_on_ = false;
};

}  // namespace compiler_cache
