// The blobs of the last requests, uncompressed behind open descriptors. Least recently used go first, when
// bytes *or* descriptors run out: a process has few descriptors, and many outputs are tiny.
#pragma once

#include <algorithm>
#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "helper/tier.h"

namespace compiler_cache {

struct MemoryTierLimits {
  std::uint64_t bytes = std::uint64_t{256} << 20;
  std::size_t files = 512;
};

/// Any thread; one mutex, held for no longer than a stat of an open file takes.
class MemoryTier final : public Tier {
 public:
  MemoryTier(FileSystem& files, MemoryTierLimits limits) : files_(files), limits_(limits) {}

  HitSource source() const override { return HitSource::memory; }
  /// `not_found` also when the file behind the descriptor is no longer the version that was remembered: a
  /// blob's file on disk can be edited in place by anybody with the right to.
  Result<std::shared_ptr<OpenFile>> fetch(const Digest& digest, std::uint64_t size) override;
  Status put(const Digest& digest, std::string_view bytes) override;
  bool has(const Digest& digest) override;
  Status remove(const Digest& digest) override;
  Status clear() override;
  Result<TierUsage> usage() override;

  /// Keeps `file`, which holds the blob's bytes uncompressed, unless it alone is over the limit (then
  /// `too_large`).
  Status remember(const Digest& digest, std::shared_ptr<OpenFile> file);

  /// Bytes that are held elsewhere count in the limit until they are released: the tier trims itself to what
  /// is left, at worst to nothing.
  void reserve(std::uint64_t bytes);
  void release(std::uint64_t bytes);
  std::uint64_t reserved();

 private:
  struct Entry {
    Digest digest;
    std::shared_ptr<OpenFile> file;
    FileStat version;
  };
  using Entries = std::list<Entry>;

  void drop(Entries::iterator entry);
  void trim();
  std::uint64_t room() const { return limits_.bytes - std::min(limits_.bytes, reserved_); }

  FileSystem& files_;
  const MemoryTierLimits limits_;

  std::mutex mutex_;
  // Guarded by mutex_.
  Entries entries_;  ///< most recently used first
  std::unordered_map<Digest, Entries::iterator> by_digest_;
  std::uint64_t bytes_ = 0;
  std::uint64_t reserved_ = 0;
};

/// Bytes on their way, counted in the memory tier's limit for as long as this lives. It must not outlive the
/// tier.
class MemoryReservation {
 public:
  MemoryReservation() = default;
  MemoryReservation(MemoryTier& tier, std::uint64_t bytes) : tier_(&tier), bytes_(bytes) {
    tier.reserve(bytes);
  }
  MemoryReservation(MemoryReservation&& other) noexcept
      : tier_(std::exchange(other.tier_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  MemoryReservation& operator=(MemoryReservation&& other) noexcept {
    std::swap(tier_, other.tier_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~MemoryReservation() {
    if (tier_ != nullptr) tier_->release(bytes_);
  }
  MemoryReservation(const MemoryReservation&) = delete;
  MemoryReservation& operator=(const MemoryReservation&) = delete;

  std::uint64_t bytes() const { return bytes_; }

 private:
  MemoryTier* tier_ = nullptr;
  std::uint64_t bytes_ = 0;
};

}  // namespace compiler_cache
