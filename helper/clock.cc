#include "helper/clock.h"

#include <ctime>

namespace compiler_cache {
namespace {

std::int64_t read_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

class SystemClock final : public Clock {
 public:
  SystemClock() {
    timespec tick{};
    clock_getres(CLOCK_REALTIME_COARSE, &tick);
    tick_ns_ = static_cast<std::int64_t>(tick.tv_sec) * 1'000'000'000 + tick.tv_nsec;
  }
  std::int64_t file_now_ns() const override { return read_ns(CLOCK_REALTIME_COARSE); }
  std::int64_t file_tick_ns() const override { return tick_ns_; }
  std::int64_t wall_seconds() const override { return read_ns(CLOCK_REALTIME) / 1'000'000'000; }
  std::int64_t monotonic_us() const override { return read_ns(CLOCK_MONOTONIC) / 1000; }

 private:
  std::int64_t tick_ns_ = 0;
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace compiler_cache
