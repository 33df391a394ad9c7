// A build tree with the launcher and the helper in it, and what its counters say.
#pragma once

#include <map>
#include <string>

namespace compiler_cache::situations {

struct Counts {
  std::map<std::string, long> numbers;  ///< requests, hits, misses, uncacheable, errors, bypassed
  std::map<std::string, long> reasons;  ///< uncacheable_reasons

  /// What one request more made of it: "hit", "miss", "error", "bypassed" or the reason for not caching.
  /// Anything else: a sentence that says what changed.
  static std::string outcome(const Counts& before, const Counts& after);
};

class CachedTree {
 public:
  /// Below the test's folder for temporary files; nothing runs yet. `config`: further lines for the helper.
  explicit CachedTree(const std::string& config = {});
  /// Stops the helper and removes the tree.
  ~CachedTree();
  CachedTree(const CachedTree&) = delete;
  CachedTree& operator=(const CachedTree&) = delete;

  const std::string& path() const { return path_; }
  std::string launcher() const { return path_ + "/.compiler-cache/bin/compiler-cache-launcher"; }
  std::string log() const { return path_ + "/decisions"; }

  Counts counts() const;
  /// Counts once `requests` were counted; those at the end of a limit if that never comes.
  Counts counts_after(long requests) const;

  /// Stops the helper. False if a process of the tree is left, or it did not stop.
  bool stop() const;

 private:
  std::string helper() const { return path_ + "/.compiler-cache/bin/compiler-cache-helper"; }

  std::string path_;
};

}  // namespace compiler_cache::situations
