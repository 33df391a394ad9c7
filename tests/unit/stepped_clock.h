// A clock with the kernel's resolution that stands still until a test moves it. Its times are never whole
// seconds, so that files stamped by it do not look like those of a coarse file system (see still_clock.h for
// a clock that stamps such).
#pragma once

#include <cstdint>

#include "helper/clock.h"

namespace compiler_cache {

class SteppedClock final : public Clock {
 public:
  static constexpr std::int64_t kTickNs = 4'000'000;
  static constexpr std::int64_t kTicksPerSecond = 250;

  std::int64_t file_now_ns() const override { return now_ns_; }
  std::int64_t file_tick_ns() const override { return kTickNs; }
  std::int64_t wall_seconds() const override { return now_ns_ / 1'000'000'000; }
  std::int64_t monotonic_us() const override { return now_ns_ / 1'000; }

  void tick(std::int64_t ticks = 1) { now_ns_ += ticks * kTickNs; }
  /// Long enough for every file there is to be trusted by its times.
  void settle() { tick(10); }

 private:
  std::int64_t now_ns_ = 1'700'000'000'001'000'000;  // never a multiple of a second, by whatever ticks
};

}  // namespace compiler_cache
