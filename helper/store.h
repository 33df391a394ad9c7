// All tiers together: memory, then this tree's folder, then the user's shared one; each may be missing, and
// each may fail at any time without more than a note.
//
// Threads: every function may be called from any thread. fetch and remember are made for the loop (a fetch
// that has to verify or decompress a blob from disk does that on the calling thread); put, write_deferred,
// usage, collect and clear are for workers. Lock order: writes_ before mutex_ before a tier's own mutex;
// mutex_ is never held during I/O.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "helper/folder_tier.h"
#include "helper/memory_tier.h"
#include "helper/shared_variants.h"
#include "helper/tier.h"

namespace compiler_cache {

struct StoreOptions {
  MemoryTierLimits memory;
  /// What puts may keep in memory while writing is paused.
  std::uint64_t deferred_bytes = std::uint64_t{256} << 20;
  /// Of the shared folder: they count in its limit and are collected with it. May be null.
  SharedVariants* variants = nullptr;
  /// Asked before each write, by any thread: true when writing is about to be paused. May be empty.
  std::function<bool()> hold_back = {};
};

struct FetchedBlob {
  std::shared_ptr<OpenFile> file;
  HitSource source = HitSource::memory;
};

enum class PutOutcome : std::uint8_t {
  stored,    ///< in at least one folder
  deferred,  ///< writing is paused, or about to be; write_deferred() will do it
};

/// How a tier fares, for the status.
struct TierHealth {
  HitSource source = HitSource::memory;
  std::uint64_t failures = 0;
  std::string last_error;  ///< empty: none so far
};

struct StoreCollectReport {
  CollectReport tree;
  CollectReport shared;
  SharedVariantsReport variants;
  bool shared_busy = false;  ///< another process is collecting the shared folder
  /// Blobs that no folder has any more: entries that point at them are to be dropped.
  std::vector<Digest> gone;
};

class Store {
 public:
  /// `tree` and `shared` may be null; they must use `files` too.
  Store(FileSystem& files, StoreOptions options, std::unique_ptr<FolderTier> tree,
        std::unique_ptr<FolderTier> shared);

  /// The blob from the first tier that has it, with size `size` (or kAnySize). It is in memory afterwards,
  /// and one from the shared tier also in the tree (unless writing is paused). `not_found` when none has it,
  /// for whatever reason.
  Result<FetchedBlob> fetch(const Digest& digest, std::uint64_t size);
  /// Whether any tier seems to have it; verifies nothing.
  bool has(const Digest& digest);

  /// Serves from memory at once, without any disk. `file` holds the blob's bytes.
  Status remember(const Digest& digest, std::shared_ptr<OpenFile> file);
  /// Counts `bytes` of outputs that are on their way to the folders in the memory limit; what is served from
  /// memory makes room for them.
  MemoryReservation reserve(std::uint64_t bytes) { return {memory_, bytes}; }
  /// All bytes that are reserved or deferred, for whoever has to hold back.
  std::uint64_t in_flight() { return memory_.reserved(); }
  /// Writes to both folders: once, and a hard link in the other where possible. An error only when neither
  /// took it.
  Result<PutOutcome> put(const Digest& digest, std::string_view bytes);

  /// While paused no name is created in the tree or the shared folder: puts are kept in memory. Returns when
  /// the last write under way is done. Un-pausing writes nothing by itself: call write_deferred().
  void set_writes_paused(bool paused);
  bool writes_paused() const { return paused_.load(); }
  /// Writes what was put while paused: all of it, then the first error. Stops when paused again.
  Status write_deferred();
  std::size_t deferred() const;

  /// Drops the blob from every tier.
  void remove(const Digest& digest);
  /// Whether collect() with this limit for each folder should be called: enough was written since, or enough
  /// time has gone by. 0: no limit, and never.
  bool collection_due(std::uint64_t max_bytes) const;
  /// Brings each folder under its limit (see FolderTier::collect); the variants of the shared folder may take
  /// an eighth of its. Holds nothing that a fetch or put waits for.
  StoreCollectReport collect(std::uint64_t max_tree_bytes, std::uint64_t max_shared_bytes);
  /// Empties memory and tree; the shared folder too when `shared_too`.
  Status clear(bool shared_too);

  /// A further folder to read from, after the others. Any thread, at any time.
  void add_source(std::unique_ptr<FolderTier> source);

  /// Null when there is none.
  Tier* tier(HitSource source);
  std::vector<TierHealth> health() const;

 private:
  using Sources = std::vector<std::unique_ptr<FolderTier>>;

  Result<FetchedBlob> fetch_tiers(const Digest& digest, std::uint64_t size);
  Result<FetchedBlob> fetch_deferred(const Digest& digest, std::uint64_t size);
  Result<FetchedBlob> fetch_folder(FolderTier& tier, const Digest& digest, std::uint64_t size);
  Result<PutOutcome> defer(const Digest& digest, std::string_view bytes);
  Status write_one_deferred(const Digest& digest);
  Status write(const Digest& digest, std::string_view bytes);
  Status write_second(FolderTier& first, FolderTier& second, const Digest& digest, std::string_view bytes);
  void copy_to_tree(FolderTier& from, const Digest& digest, const OpenFile& file);
  void note_used(const Digest& digest);
  bool holds_back() const;
  bool in_a_folder(const Digest& digest);
  CollectReport collect_folder(FolderTier& tier, std::uint64_t max_bytes);
  void collect_shared(std::uint64_t max_bytes, StoreCollectReport& report);
  std::vector<FolderTier*> sources() const;
  void note(HitSource source, const Error& error);

  FileSystem& files_;
  const StoreOptions options_;
  MemoryTier memory_;
  const std::unique_ptr<FolderTier> tree_;
  const std::unique_ptr<FolderTier> shared_;

  std::shared_mutex writes_;  ///< shared: a write is under way; exclusive: switching paused_
  std::atomic<bool> paused_{false};

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<Digest, std::shared_ptr<const std::string>> deferred_;
  std::uint64_t deferred_size_ = 0;  ///< reserved in memory_, too
  Sources sources_;                  ///< only ever added to
  std::map<HitSource, TierHealth> health_;
};

}  // namespace compiler_cache
