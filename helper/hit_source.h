// Where a hit's bytes came from, in statistics, logs and tiers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace compiler_cache {

/// In the order in which tiers are read. The numbers are part of the disk format: never reuse one.
enum class HitSource : std::uint8_t { memory = 0, tree = 1, shared = 2, remote = 3 };

inline constexpr std::size_t kHitSourceCount = 4;

/// Stable names, indexed by HitSource.
inline constexpr const char* kHitSourceNames[kHitSourceCount] = {"memory", "tree", "shared", "remote"};

/// Its stable name.
inline const char* to_string(HitSource source) { return kHitSourceNames[static_cast<std::size_t>(source)]; }

}  // namespace compiler_cache
