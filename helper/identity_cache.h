// Compiler identities by question: probed once on a worker, kept while the compiler's files stay the same.
// They are looked at once in each build, and then only after something that they rest on has changed; all of
// them at each question where that would not be told of. For wrapper scripts, which can change their mind
// without any file changing, the probe is repeated in each build. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "helper/executor.h"
#include "helper/identity.h"
#include "helper/path_watches.h"
#include "helper/pending_answers.h"

namespace compiler_cache {

class IdentityCache {
 public:
  struct Entry {
    std::shared_ptr<const Identity> identity;
    std::uint64_t asked_in_build = 0;
    std::optional<PathWatches::Guard> guard = {};  ///< over all that still_same() looks at
    std::uint64_t unwatched_in_build = 0;          ///< where not all of it can be watched
  };
  /// Null when the compiler could not be probed; `error` says why.
  using Answer = std::function<void(std::shared_ptr<const Identity> identity, const std::string& error)>;

  /// `watches`: tell whether an identity must be looked at; may be null.
  IdentityCache(FileSystem& files, const Clock& clock, Executor& executor, ProcessRunner& processes,
                PathWatches* watches = nullptr)
      : files_(files), clock_(clock), executor_(executor), processes_(processes), watches_(watches) {}

  /// Answers at once when it can, else when a worker has probed. The watches have begun the request before.
  void get(const IdentityQuestion& question, std::uint64_t build, Answer answer);

  /// For persistence; `adopt` is for loading.
  const std::unordered_map<Digest, Entry>& entries() const { return entries_; }
  void adopt(const Digest& key, std::shared_ptr<const Identity> identity) {
    entries_.try_emplace(key, Entry{std::move(identity)});
  }
  /// True once after something was probed.
  bool take_changed() { return std::exchange(changed_, false); }

 private:
  bool still_holds(Entry& entry, std::uint64_t build);
  bool watch(Entry& entry);
  void probe(const Digest& key, const IdentityQuestion& question, std::uint64_t build);
  void finish(const Digest& key, std::uint64_t build, Result<Identity> result);
  ProgramMemo memo() const;

  FileSystem& files_;
  const Clock& clock_;
  Executor& executor_;
  ProcessRunner& processes_;
  PathWatches* const watches_;
  std::unordered_map<Digest, Entry> entries_;
  PendingAnswers<Answer> pending_;
  bool changed_ = false;
};

}  // namespace compiler_cache
