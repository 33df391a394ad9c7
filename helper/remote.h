// The remote tier as a tree's cache uses it: questions that are answered in bounded time, results that are
// published behind the build's back, and what the last build asked for fetched ahead. Loop thread only.
//
// No build waits longer than the time limit for one question. A server that is silent, or sends what it must
// not, is not asked for a while (circuit_breaker.h); one that answers more slowly than compilers compile is
// not asked for a minute.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "helper/capture.h"
#include "helper/executor.h"
#include "helper/remote_prefetch.h"
#include "helper/remote_publisher.h"
#include "helper/remote_tier.h"

namespace compiler_cache {

struct RemoteOptions {
  std::string project;    ///< whose builds ask for the same things
  int time_limit_ms = 0;  ///< for one question
  bool writes = false;
};

class Remote {
 public:
  struct Local {
    std::function<bool(const Digest& context)> knows;
    std::function<bool(const Digest& blob)> has;
    RemotePublisher::Source publishing;
  };
  struct Found {
    RemoteEntry entry;
    std::vector<CapturedOutput> blobs;  ///< those that were not here
  };
  struct Answer {
    bool found = false;
    std::int64_t waited_us = 0;
    std::uint64_t bytes = 0;  ///< that came over the network for it
  };
  /// One key under which there may be a result.
  struct Candidate {
    Digest context;
    std::function<bool(const Variant& variant)> holds;
    /// Takes over what was found, before the answer; also when it comes too late for that.
    std::function<void(Found)> take;
  };
  struct Question {
    std::vector<Candidate> candidates;  ///< all are asked for at once, the first
                                        ///< result that holds is taken
    /// Called once, perhaps at once.
    std::function<void(const Answer&)> then;
  };

  Remote(const Clock& clock, Executor& executor, RemoteSeal seal, std::vector<RemoteServer> servers,
         RemoteOptions options, Local local);
  ~Remote();

  /// A context that this build asks for, whoever answers.
  void note_asked(const Digest& context) { prefetch_.note_asked(context); }
  void ask(Question question);

  /// A result that was made here. `variant`: what it is, where the graph does
  /// not know.
  void publish(const Digest& context, std::optional<Variant> variant = {});
  /// The build is over; what is on its way to the servers stays on its way.
  void build_ended();
  /// Now and then: tries servers again, and goes on with what waited for them.
  void tick();
  /// Calls when everything is sent that can be.
  void when_published(std::function<void()> call) { publisher_.when_idle(std::move(call)); }
  /// The end. Returns contexts whose results were not sent.
  std::vector<Digest> stop();

  RemoteStatus status() const;

 private:
  struct Asking {
    Question question;
    std::int64_t began_us = 0;
    Digest waits_for;  ///< place or address
    std::uint64_t bytes = 0;
    std::size_t open = 0;  ///< candidates of which nothing is known yet
    bool chosen = false;
    bool answered = false;
  };
  using AskingPtr = std::shared_ptr<Asking>;
  struct Fetching;

  void ask_for_roster();
  void choose(const AskingPtr& asking, std::size_t candidate, const Result<RemotePrefetch::Entries>& entries);
  void fetch(const AskingPtr& asking, std::size_t candidate, const RemoteEntry& entry);
  void unpack(const AskingPtr& asking, const std::shared_ptr<Fetching>& fetching);
  void answer(const AskingPtr& asking, bool found, std::uint64_t saved_us = 0);
  void watch_the_clock();
  void look_at_the_clock();

  const Clock& clock_;
  Executor& executor_;
  const RemoteOptions options_;
  const Local local_;
  RemoteTier tier_;
  RemotePrefetch prefetch_;
  RemotePublisher publisher_;
  std::list<AskingPtr> asking_;
  bool watching_ = false;
  bool roster_asked_ = false;  ///< in this build
  std::optional<std::vector<Digest>> roster_;
  std::int64_t debt_us_ = 0;
  std::int64_t slow_until_us_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t found_ = 0;
  std::uint64_t waited_us_ = 0;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace compiler_cache
