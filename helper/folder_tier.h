// Blobs in a folder: this tree's, or the one that all trees of a user share.
//
//   objects/ab/cdef…        the blob's bytes, bare, so that they can be reflinked; or
//   objects/ab/cdef….zst    one zstd frame of them (see docs/store-format.md for when)
//   objects/ab/.tmp-<tag>-<n>   being written
//
// `abcdef…` is the BLAKE2b of the uncompressed bytes. A blob is never modified: it is written to a temporary
// and renamed. Its mtime is when it was last used, to within an hour.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "helper/clock.h"
#include "helper/tier.h"

namespace compiler_cache {

struct FolderTierOptions {
  HitSource source = HitSource::tree;
  /// The folder that has `objects`, as the FileSystem sees it; empty: the file system's root.
  std::string root;
  /// Compress nothing, so that every blob can be cloned block by block.
  bool bare = false;
  /// Never writes, removes or touches anything: the folder of another tree.
  bool read_only = false;
  /// For a folder that several processes use: whose it must be, and nobody else's to write to (see
  /// shared_folder.h), before anything is made in it again or collected.
  std::optional<std::uint32_t> owner = std::nullopt;
};

/// Bytes that may be written before a folder with this limit is looked at again. A collection starts at 95 %
/// of the limit, so twenty processes that write at once stay below it.
std::uint64_t collection_step(std::uint64_t max_bytes);

/// What a collection did.
struct CollectReport {
  std::vector<Digest> removed;
  std::uint64_t bytes_removed = 0;
  std::uint64_t bytes_left = 0;
  std::uint64_t blobs_left = 0;
  std::uint64_t temporaries_removed = 0;
};

/// What was used last within an age, and not within that of the group before it.
struct AgeGroup {
  std::int64_t within_s = 0;  ///< 0: any age
  std::uint64_t blobs = 0;
  std::uint64_t bytes = 0;
};

/// Any thread. Folders are made on demand, `objects` itself too, but not the root: what was deleted as a
/// whole stays deleted.
class FolderTier final : public Tier {
 public:
  FolderTier(FileSystem& files, const Clock& clock, FolderTierOptions options);

  /// Makes `objects`; the root must exist.
  Status prepare();

  HitSource source() const override { return options_.source; }
  Result<std::shared_ptr<OpenFile>> fetch(const Digest& digest, std::uint64_t size) override;
  Status put(const Digest& digest, std::string_view bytes) override;
  bool has(const Digest& digest) override;
  Status remove(const Digest& digest) override;
  Status clear() override;
  /// Reads every folder: for a worker thread.
  Result<TierUsage> usage() override;
  /// The same by age, youngest first; every group is there. Also reads every folder.
  Result<std::vector<AgeGroup>> usage_by_age();

  /// Puts a hard link to `other`'s blob here. `not_found` when `other` has none; any other error where the
  /// two are on different file systems, or linking is not allowed: then the caller copies.
  Status link_from(FolderTier& other, const Digest& digest);

  /// The blob counts as used now when it comes to collecting: another tier served it, or it was to be stored
  /// and is here already.
  void note_used(const Digest& digest);

  /// Whether enough was written, or enough time has gone by, for a collection with this limit (0: none).
  bool collection_due(std::uint64_t max_bytes) const;
  /// Null where the file system has no locks. `exists` while another process is collecting this folder.
  Result<std::unique_ptr<FileLock>> lock_for_collection();
  /// When more than 95 % of `max_bytes` are there: removes least recently used blobs until 90 % are left, but
  /// nothing younger than ten seconds. Also temporaries older than an hour. For a worker thread; the caller
  /// holds the lock above if several processes use the folder.
  Result<CollectReport> collect(std::uint64_t max_bytes);

 private:
  struct Blob;
  struct Scan;

  std::string folder_of(const Digest& digest) const;
  std::string path_of(const Digest& digest, bool compressed) const;
  Result<std::shared_ptr<OpenFile>> fetch_as(bool compressed, const Digest& digest, std::uint64_t size);
  Result<std::string> read_blob(const OpenFile& file, bool compressed, std::uint64_t size);
  Status write(const Digest& digest, bool compressed, std::string_view bytes);
  Status write_once(const Digest& digest, bool compressed, std::string_view bytes);
  Status make_folder_of(const Digest& digest);
  Status check_owner();
  Status link_as(bool compressed, FolderTier& other, const Digest& digest);
  Error drop_damaged(const Digest& digest, bool compressed, const std::string& why);
  bool is_verified(const Digest& digest, const FileStat& version);
  void note_verified(const Digest& digest, const FileStat& before, const OpenFile& file);
  void forget_verified(const Digest& digest);
  void touch_if_old(const std::string& path, const FileStat& stat);
  Status scan(Scan& scan);
  void scan_folder(const std::string& name, Scan& scan);
  void apply_use(Scan& scan);
  bool remove_unless_used(const Blob& blob);

  FileSystem& files_;
  const Clock& clock_;
  const FolderTierOptions options_;
  const std::string objects_;  ///< path of `objects`
  const std::string tag_;      ///< of this process's temporaries
  std::atomic<std::uint64_t> next_temporary_{0};
  std::atomic<std::uint64_t> written_{0};         ///< bytes since the last collection began
  std::atomic<std::int64_t> collected_at_us_{0};  ///< by the monotonic clock; 0: not yet

  std::mutex mutex_;
  // Guarded by mutex_.
  std::unordered_map<Digest, FileStat> verified_;  ///< file versions whose bytes were hashed by this process
  std::unordered_map<Digest, std::int64_t> used_;  ///< when, if later than the file's mtime says
};

}  // namespace compiler_cache
