// Results on their way to the remote tier: behind the build's back, a few at a time, and what is left when
// the helper ends goes with the next one. Loop thread only.
//
// Blobs first, then the entry that names them: whoever finds an entry finds its blobs, as far as the server
// keeps them. What the server has already is not sent again.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "helper/executor.h"
#include "helper/remote_tier.h"
#include "helper/variant_codec.h"

namespace compiler_cache {

class RemotePublisher {
 public:
  struct Source {
    /// The newest result of a context; nothing when it is gone.
    std::function<std::optional<Variant>(const Digest& context)> variant;
    /// A blob's bytes, from the local tiers; asked by workers.
    std::function<Result<std::string>(const Digest& blob)> bytes;
    /// Something that people should know.
    std::function<void(const std::string& sentence)> note;
  };

  RemotePublisher(RemoteTier& tier, Executor& executor, const Clock& clock, Source source);

  /// `variant`: what it is, where Source does not know.
  void publish(const Digest& context, std::optional<Variant> variant = {});
  void publish_roster(const std::string& project, const std::vector<Digest>& contexts);
  /// Goes on with what had to wait for the server.
  void go_on();
  /// Calls once nothing is under way that can be: all is sent, or the server takes nothing.
  void when_idle(std::function<void()> call);
  /// Starts nothing more. What is left, for the next helper.
  std::vector<Digest> stop();

  std::size_t waiting() const { return queue_.size() + under_way_; }
  std::uint64_t published() const { return published_; }

 private:
  struct Job;
  using JobPtr = std::shared_ptr<Job>;

  void start(const Digest& context);
  void pack(const JobPtr& job);
  void look_what_is_there(const JobPtr& job);
  void put_missing(const JobPtr& job);
  void add_entry(const JobPtr& job);
  void ended(const JobPtr& job, const Status& status);
  bool may_go_on() const;

  RemoteTier& tier_;
  Executor& executor_;
  const Clock& clock_;
  const Source source_;
  std::deque<Digest> queue_;
  std::unordered_set<Digest> queued_;
  std::unordered_map<Digest, Variant> given_;  ///< of those that are queued or on their way
  std::unordered_set<Digest> sending_;
  std::size_t under_way_ = 0;
  std::uint64_t published_ = 0;
  std::int64_t paused_until_us_ = 0;
  bool refused_ = false;
  bool stopped_ = false;
  std::vector<std::function<void()>> when_idle_;
  /// Answers of clients and workers may come after this object.
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace compiler_cache
