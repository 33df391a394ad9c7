// Variants of all trees of a user: variants/<context, 2 digits>/<context, 62 digits>/<file's digest>. Files
// are added and removed whole, never changed. They point at blobs that may be gone: that is a miss.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "helper/clock.h"
#include "helper/digest.h"
#include "helper/file_system.h"
#include "helper/variant.h"

namespace compiler_cache {

/// Newest variants of one context that are read; beyond twice as many, list() removes the oldest.
inline constexpr std::size_t kMaxSharedVariants = 32;

/// Any thread. The folder may vanish at any time: then everything is an error value, and nothing is
/// recreated.
class SharedVariants {
 public:
  /// `root` is the shared folder (see shared_folder.h), which is checked to be `uid`'s before each use.
  SharedVariants(FileSystem& files, const Clock& clock, std::string root, std::uint32_t uid);

  /// Success when it is there already (it counts as new again).
  Status add(const Digest& context, const Variant& variant);
  /// Newest first, at most kMaxSharedVariants; empty when there are none. Damaged files are removed and
  /// skipped, those of a newer version left alone and skipped.
  Result<std::vector<Variant>> list(const Digest& context);
  Status clear();
  /// Removes files of contexts that were last written more than `max_age_seconds` ago, and stale temporaries.
  /// Returns how many. For a worker thread.
  Result<std::uint64_t> collect(std::int64_t max_age_seconds);

 private:
  std::string folder_of(const Digest& context) const;
  Status check();
  Status make_folders(const Digest& context);
  std::uint64_t collect_context(const std::string& folder, std::int64_t now_ns, std::int64_t max_age_seconds);

  FileSystem& files_;
  const Clock& clock_;
  const std::string root_;
  const std::string variants_;
  const std::uint32_t uid_;
  const std::string tag_;
  std::atomic<std::uint64_t> next_temporary_{0};
};

}  // namespace compiler_cache
