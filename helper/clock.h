// Time as the core sees it, so that tests can hold it still.
#pragma once

#include <cstdint>

namespace compiler_cache {

class Clock {
 public:
  virtual ~Clock() = default;
  /// CLOCK_REALTIME_COARSE in nanoseconds: the clock that the kernel stamps files with.
  virtual std::int64_t file_now_ns() const = 0;
  /// Length of one tick of that clock in nanoseconds.
  virtual std::int64_t file_tick_ns() const = 0;
  /// Seconds since the epoch, for records that people read.
  virtual std::int64_t wall_seconds() const = 0;
  /// A clock that never goes back, in microseconds.
  virtual std::int64_t monotonic_us() const = 0;
};

/// The system's clocks; one object for the whole process.
const Clock& system_clock();

}  // namespace compiler_cache
