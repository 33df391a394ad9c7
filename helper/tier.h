// A place that holds blobs: memory, this tree's folder, the folder that all trees of a user share.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include "base/status.h"
#include "helper/digest.h"
#include "helper/file_system.h"
#include "helper/hit_source.h"

namespace compiler_cache {

/// For fetch when the caller does not know how long the blob is.
inline constexpr std::uint64_t kAnySize = std::numeric_limits<std::uint64_t>::max();

/// No larger blob is stored, nor read.
inline constexpr std::uint64_t kMaxBlobBytes = std::uint64_t{1} << 30;

struct TierUsage {
  std::uint64_t bytes = 0;
  std::uint64_t blobs = 0;
  std::uint64_t limit = 0;           ///< bytes that the tier itself keeps to; 0: others see to that
  std::int64_t least_recent_ns = 0;  ///< file clock, when the least recently used blob was; 0: not known
};

/// All functions may be called from several threads at once. A tier may vanish at any time: every failure is
/// an error value, and the caller goes on without it.
class Tier {
 public:
  virtual ~Tier() = default;

  virtual HitSource source() const = 0;
  const char* name() const { return to_string(source()); }

  /// The blob's bytes, uncompressed, for handing on. `not_found` when the tier does not have it; `corrupt`
  /// when what it had was not the blob, or not `size` bytes long: such a file is removed.
  virtual Result<std::shared_ptr<OpenFile>> fetch(const Digest& digest, std::uint64_t size) = 0;
  /// Stores `bytes`, whose hash is `digest`. Success when it is there already.
  virtual Status put(const Digest& digest, std::string_view bytes) = 0;
  /// Whether fetch has something to look at; verifies nothing.
  virtual bool has(const Digest& digest) = 0;
  virtual Status remove(const Digest& digest) = 0;
  /// Removes every blob.
  virtual Status clear() = 0;
  virtual Result<TierUsage> usage() = 0;
};

}  // namespace compiler_cache
