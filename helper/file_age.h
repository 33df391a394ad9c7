// How old a file's time is, for deciding what may be removed.
#pragma once

#include <cstdint>

namespace compiler_cache {

inline constexpr std::int64_t kSecondNs = 1'000'000'000;

/// Nanoseconds between the two. A time ahead of the clock counts by its distance: the clock may have been set
/// back since, and what it stamped must not stay young until it has caught up.
inline std::int64_t file_age_ns(std::int64_t time_ns, std::int64_t now_ns) {
  return time_ns > now_ns ? time_ns - now_ns : now_ns - time_ns;
}

}  // namespace compiler_cache
