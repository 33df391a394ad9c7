// An executor without threads: work runs when the test says so, or at once.
#pragma once

#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "helper/executor.h"

namespace compiler_cache {

class InlineExecutor final : public Executor {
 public:
  struct Later {
    int milliseconds;
    std::function<void()> work;
  };

  void run(std::function<void()> work, std::function<void()> done) override {
    if (held_) {
      queue_.emplace_back(std::move(work), std::move(done));
    } else {
      work();
      done();
    }
  }
  void after(int milliseconds, std::function<void()> work) override {
    later_.push_back({milliseconds, std::move(work)});
  }

  /// From now on work waits for run_one() or run_all().
  void hold() { held_ = true; }
  std::size_t queued() const { return queue_.size(); }
  void run_one() {
    auto [work, done] = std::move(queue_.front());
    queue_.pop_front();
    work();
    done();
  }
  /// As another worker does that was faster.
  void run_last() {
    auto [work, done] = std::move(queue_.back());
    queue_.pop_back();
    work();
    done();
  }
  void run_all() {
    while (!queue_.empty()) run_one();
  }

  /// As when the process ends: what waits is never run.
  void forget() { queue_.clear(); }

  const std::vector<Later>& later() const { return later_; }
  /// Everything that waits for its time.
  void run_later() {
    for (Later& call : std::exchange(later_, {})) call.work();
  }

 private:
  bool held_ = false;
  std::deque<std::pair<std::function<void()>, std::function<void()>>> queue_;
  std::vector<Later> later_;
};

}  // namespace compiler_cache
