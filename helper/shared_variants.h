// Variants of all trees of a user: variants/<context, 2 digits>/<context, 62 digits>/<file's digest>. Files
// are added and removed whole, never changed. They point at blobs that may be gone: that is a miss.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
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

struct SharedVariantsReport {
  std::uint64_t removed = 0;
  std::uint64_t bytes_left = 0;
};

/// Any thread. `variants` is made again when it was deleted; a shared folder that is gone stays gone, and
/// everything is an error value.
class SharedVariants {
 public:
  /// `root` is the shared folder (see shared_folder.h), which is checked to be `uid`'s before each use.
  SharedVariants(FileSystem& files, const Clock& clock, std::string root, std::uint32_t uid);

  /// Success when it is there already (it counts as new again).
  Status add(const Digest& context, const Variant& variant);
  /// Newest first, at most kMaxSharedVariants; empty when there are none. Damaged files are removed and
  /// skipped, those of a newer version left alone and skipped. What is listed counts as used.
  Result<std::vector<Variant>> list(const Digest& context);
  /// Removes what there is for the same inputs as this variant's. Success also when that is nothing.
  Status remove(const Digest& context, const Variant& variant);
  Status clear();
  /// Removes what was not used for more than `max_age_seconds`, then what was not used for longest until nine
  /// tenths of `max_bytes` are left (nothing younger than ten seconds), and stale temporaries. For a worker
  /// thread.
  Result<SharedVariantsReport> collect(std::int64_t max_age_seconds,
                                       std::uint64_t max_bytes = std::numeric_limits<std::uint64_t>::max());
  /// Bytes that were added since the last collection.
  std::uint64_t written() const { return written_; }

 private:
  struct File;

  std::string folder_of(const Digest& context) const;
  Status check();
  Status make_folders(const Digest& context);
  void keep_used(const std::vector<File>& listed);
  void collect_context(const std::string& folder, std::int64_t now_ns, std::vector<File>& found);

  FileSystem& files_;
  const Clock& clock_;
  const std::string root_;
  const std::string variants_;
  const std::uint32_t uid_;
  const std::string tag_;
  std::atomic<std::uint64_t> next_temporary_{0};
  std::atomic<std::uint64_t> written_{0};
};

}  // namespace compiler_cache
