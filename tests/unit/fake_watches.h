// Watches without a system: a test says what happens.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "helper/watch_source.h"

namespace compiler_cache {

/// What the source sees and does, for the test to look at and to change; outlives it.
struct FakeWatchWorld {
  std::map<std::string, int> watches;  ///< by path
  std::set<std::string> contents;      ///< folders whose contents are watched, too
  std::set<std::string> refused;       ///< paths that cannot be watched
  std::deque<WatchEvent> events;
  bool lost = false;
  std::uint64_t drained = 0;

  void happen(const std::string& path, WatchChange change, const std::string& name = {}) {
    events.push_back({watches.at(path), change, name});
  }
};

class FakeWatches final : public WatchSource {
 public:
  explicit FakeWatches(FakeWatchWorld& world) : world_(world) {}

  Result<int> watch_folder(const std::string& path, bool contents) override {
    if (world_.refused.contains(path)) return Error{ErrorKind::unsupported, path + " cannot be watched"};
    if (contents) world_.contents.insert(path);
    return world_.watches.try_emplace(path, static_cast<int>(world_.watches.size()) + 1).first->second;
  }
  Result<int> watch_file(const std::string& path) override { return watch_folder(path, true); }
  void forget(int) override {}
  bool drain(const std::function<void(const WatchEvent&)>& each) override {
    ++world_.drained;
    for (; !world_.events.empty(); world_.events.pop_front()) each(world_.events.front());
    return !std::exchange(world_.lost, false);
  }

 private:
  FakeWatchWorld& world_;
};

}  // namespace compiler_cache
