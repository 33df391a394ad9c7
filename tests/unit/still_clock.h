// A clock that stands still until a test moves it.
#pragma once

#include <cstdint>

#include "helper/clock.h"

namespace compiler_cache {

class StillClock final : public Clock {
 public:
  explicit StillClock(std::int64_t wall_seconds) : wall_seconds_(wall_seconds) {}
  std::int64_t file_now_ns() const override { return wall_seconds_ * 1'000'000'000; }
  std::int64_t file_tick_ns() const override { return 4'000'000; }
  std::int64_t wall_seconds() const override { return wall_seconds_; }
  std::int64_t monotonic_us() const override { return wall_seconds_ * 1'000'000; }
  void advance(std::int64_t seconds) { wall_seconds_ += seconds; }

 private:
  std::int64_t wall_seconds_;
};

}  // namespace compiler_cache
