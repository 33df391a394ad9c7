#include "helper/memory_tier.h"

namespace compiler_cache {
namespace {

Error not_remembered() { return {ErrorKind::not_found, "not in memory"}; }

}  // namespace

Result<std::shared_ptr<OpenFile>> MemoryTier::fetch(const Digest& digest, std::uint64_t size) {
  const std::lock_guard guard(mutex_);
  const auto found = by_digest_.find(digest);
  if (found == by_digest_.end()) return not_remembered();
  const Entries::iterator entry = found->second;
  const auto now = files_.stat_open(*entry->file);
  const bool wrong_size = size != kAnySize && entry->file->size() != size;
  if (wrong_size || !now.ok() || !now.value().same_version(entry->version)) {
    drop(entry);
    return not_remembered();
  }
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->file;
}

Status MemoryTier::put(const Digest& digest, std::string_view bytes) {
  if (has(digest)) return {};
  if (bytes.size() > limits_.bytes) return {ErrorKind::too_large, "larger than all memory for blobs"};
  auto file = files_.open_bytes(bytes);
  if (!file) return file.error();
  return remember(digest, std::move(*file));
}

bool MemoryTier::has(const Digest& digest) {
  const std::lock_guard guard(mutex_);
  return by_digest_.contains(digest);
}

Status MemoryTier::remove(const Digest& digest) {
  const std::lock_guard guard(mutex_);
  const auto found = by_digest_.find(digest);
  if (found != by_digest_.end()) drop(found->second);
  return {};
}

Status MemoryTier::clear() {
  const std::lock_guard guard(mutex_);
  entries_.clear();
  by_digest_.clear();
  bytes_ = 0;
  return {};
}

Result<TierUsage> MemoryTier::usage() {
  const std::lock_guard guard(mutex_);
  return TierUsage{bytes_, entries_.size(), limits_.bytes, 0};
}

Status MemoryTier::remember(const Digest& digest, std::shared_ptr<OpenFile> file) {
  if (file->size() > limits_.bytes || limits_.files == 0) {
    return {ErrorKind::too_large, "larger than all memory for blobs"};
  }
  const auto version = files_.stat_open(*file);
  if (!version) return version.error();
  const std::lock_guard guard(mutex_);
  const auto found = by_digest_.find(digest);
  if (found != by_digest_.end()) drop(found->second);
  if (file->size() > room()) return {ErrorKind::too_large, "larger than what is left for blobs"};
  bytes_ += file->size();
  entries_.push_front({digest, std::move(file), version.value()});
  by_digest_.emplace(digest, entries_.begin());
  trim();
  return {};
}

void MemoryTier::reserve(std::uint64_t bytes) {
  const std::lock_guard guard(mutex_);
  reserved_ += bytes;
  trim();
}

void MemoryTier::release(std::uint64_t bytes) {
  const std::lock_guard guard(mutex_);
  reserved_ -= std::min(reserved_, bytes);
}

std::uint64_t MemoryTier::reserved() {
  const std::lock_guard guard(mutex_);
  return reserved_;
}

void MemoryTier::drop(Entries::iterator entry) {
  bytes_ -= entry->file->size();
  by_digest_.erase(entry->digest);
  entries_.erase(entry);
}

void MemoryTier::trim() {
  while (bytes_ > room() || entries_.size() > limits_.files) drop(std::prev(entries_.end()));
}

}  // namespace compiler_cache
