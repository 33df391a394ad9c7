// Where a hit's bytes came from.
#pragma once

#include <cstddef>
#include <cstdint>

namespace compiler_cache {

/// In the order in which tiers are read. The numbers are part of the disk format: never reuse one.
enum class HitSource : std::uint8_t { memory = 0, tree = 1, shared = 2, remote = 3 };

inline constexpr std::size_t kHitSourceCount = 4;

/// Stable names, indexed by HitSource.
inline constexpr const char* kHitSourceNames[kHitSourceCount] = {"memory", "tree", "shared", "remote"};

inline const char* name_of(HitSource source) { return kHitSourceNames[static_cast<std::size_t>(source)]; }

}  // namespace compiler_cache
