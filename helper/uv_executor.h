// Executor on libuv's thread pool and timers.
#pragma once

#include <uv.h>

#include "helper/executor.h"

namespace compiler_cache {

class UvExecutor final : public Executor {
 public:
  explicit UvExecutor(uv_loop_t* loop) : loop_(loop) {}
  void run(std::function<void()> work, std::function<void()> done) override;
  void after(int milliseconds, std::function<void()> work) override;

 private:
  uv_loop_t* loop_;
};

}  // namespace compiler_cache
