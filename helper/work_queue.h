// Work for the executor, so much at a time: the rest waits in order. Loop thread only.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

#include "helper/executor.h"

namespace compiler_cache {

class WorkQueue {
 public:
  WorkQueue(Executor& executor, std::size_t workers) : executor_(executor), workers_(workers) {}

  void run(std::function<void()> work, std::function<void()> done) {
    waiting_.emplace_back(std::move(work), std::move(done));
    start();
  }
  std::size_t waiting() const { return waiting_.size(); }
  std::size_t running() const { return running_; }

 private:
  void start() {
    while (running_ < workers_ && !waiting_.empty()) {
      auto [work, done] = std::move(waiting_.front());
      waiting_.pop_front();
      ++running_;
      executor_.run(std::move(work), [this, done = std::move(done)] {
        --running_;
        done();
        start();
      });
    }
  }

  Executor& executor_;
  const std::size_t workers_;
  std::size_t running_ = 0;
  std::deque<std::pair<std::function<void()>, std::function<void()>>> waiting_;
};

}  // namespace compiler_cache
