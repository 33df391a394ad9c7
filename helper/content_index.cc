#include "helper/content_index.h"

#include <algorithm>

#include "helper/file_age.h"
#include "helper/hasher.h"

namespace compiler_cache {
namespace {

/// Of what was read, so much is kept until the request's scans; libraries are not scanned.
constexpr std::size_t kMaxKeptFile = 1U << 20;
constexpr std::size_t kMaxKeptBytes = 8U << 20;

/// How coarse the times of this file may be. File systems with whole seconds (or two: FAT) show it by zeros.
std::int64_t granularity_ns(const FileStat& stat) {
  const bool whole_seconds = stat.ctime_ns % kSecondNs == 0 && stat.mtime_ns % kSecondNs == 0;
  return whole_seconds ? 2 * kSecondNs : 0;
}

}  // namespace

bool changed_since(const FileStat& stat, std::int64_t moment_ns) {
  return stat.ctime_ns + granularity_ns(stat) >= moment_ns;
}

bool ContentIndex::trusted(const Entry& entry, const FileStat& now) const {
  if (!entry.stat.same_version(now)) return false;
  return !changed_since(now, entry.hashed_at_ns - 2 * clock_.file_tick_ns());
}

ContentId ContentIndex::look_once(PathId path) {
  if (looks_.size() <= path) looks_.resize(std::max<std::size_t>(paths_.size(), path + 1));
  if (looks_[path].epoch == epoch_) return looks_[path].content;
  if (is_watched(path)) {
    looks_[path].epoch = epoch_;
    looks_[path].no_link = false;
    if (young_.contains(path)) grow_older(path);
    return looks_[path].content;
  }
  const bool watched = watches_ != nullptr && watches_->watch_file(path);
  const Look looked = look(path);
  looks_[path] = looked;
  if (watched && looked.content != kNoId) watches_->trust_file(path, entries_.at(path).stat);
  return looked.content;
}

void ContentIndex::learn(PathId path, const FileStat& stat, std::int64_t at_ns, ContentId content) {
  if (watches_ == nullptr) return;
  if (looks_.size() <= path) looks_.resize(std::max<std::size_t>(paths_.size(), path + 1));
  entries_[path] = {stat, at_ns, content};
  looks_[path] = Look{epoch_, content};
  young_.insert(path);
  watches_->trust_file(path, stat);
}

/// A file that was new when its content was learned, and that is still trusted, becomes known by its times as
/// soon as these lie far enough back: then a later build need not read it.
void ContentIndex::grow_older(PathId path) {
  Entry& entry = entries_.at(path);
  const std::int64_t now_ns = clock_.file_now_ns();
  if (changed_since(entry.stat, now_ns - 2 * clock_.file_tick_ns())) return;
  young_.erase(path);
  ++stats_made_;
  const Result<FileStat> now = files_.stat(paths_[path]);
  if (now.ok() && now->same_version(entry.stat)) entry.hashed_at_ns = now_ns;
}

ContentIndex::Look ContentIndex::look(PathId path) {
  ++stats_made_;
  Result<FileStat> now = files_.lstat(paths_[path]);
  const bool link = now.ok() && now->type == FileType::symlink;
  if (link) now = files_.stat(paths_[path]);
  if (!now.ok() || now->type != FileType::regular) return {epoch_, kNoId};
  const ContentId content = content_of(path, *now);
  // Where another file was read than was looked at, a link may have come in between.
  return {epoch_, content, !link && content != kNoId && entries_.at(path).stat.same_version(*now)};
}

/// `now`: what the path leads to, a moment ago.
ContentId ContentIndex::content_of(PathId path, const FileStat& now) {
  auto known = entries_.find(path);
  if (known != entries_.end() && trusted(known->second, now)) return known->second.content;

  young_.erase(path);
  // Headers and libraries are found by several names.
  if (const auto twin = by_file_.find({now.device, now.inode}); twin != by_file_.end()) {
    const auto other = entries_.find(twin->second);
    if (other != entries_.end() && trusted(other->second, now)) {
      const Entry entry = other->second;
      entries_[path] = entry;
      return entry.content;
    }
  }
  Entry entry;
  entry.hashed_at_ns = clock_.file_now_ns();
  Result<std::string> bytes = files_.read(paths_[path], kMaxInputBytes, &entry.stat);
  if (!bytes.ok()) return kNoId;
  ++files_hashed_;
  // A file that changed while it was read has its new time after hashed_at_ns, and is hashed again next time.
  entry.content = contents_.intern(hash_bytes(*bytes));
  entries_[path] = entry;
  by_file_[{entry.stat.device, entry.stat.inode}] = path;
  keep_for_scan(entry.content, std::move(*bytes));
  return entry.content;
}

/// What a compile was the first to read is scanned next.
void ContentIndex::keep_for_scan(ContentId content, std::string bytes) {
  if (kept_.contains(content) || bytes.size() > kMaxKeptFile || kept_bytes_ + bytes.size() > kMaxKeptBytes)
    return;
  kept_bytes_ += bytes.size();
  kept_.insert_or_assign(content, std::move(bytes));
}

void ContentIndex::begin_request() {
  ++epoch_;
  kept_bytes_ = 0;
  if (!kept_.empty()) kept_ = {};
}

const FileStat* ContentIndex::stat_of(PathId path) const {
  if (path >= looks_.size() || looks_[path].content == kNoId) return nullptr;
  if (looks_[path].epoch != epoch_ && !is_watched(path)) return nullptr;
  auto found = entries_.find(path);
  return found == entries_.end() ? nullptr : &found->second.stat;
}

const FileStat* ContentIndex::looked_at(PathId path) const {
  if (path >= looks_.size() || looks_[path].epoch != epoch_ || !looks_[path].no_link) return nullptr;
  return stat_of(path);
}

Result<std::string> ContentIndex::bytes_of(PathId path, ContentId content) {
  if (auto kept = kept_.extract(content)) {
    kept_bytes_ -= kept.mapped().size();
    return std::move(kept.mapped());
  }
  Result<std::string> bytes = files_.read(paths_[path], kMaxInputBytes);
  if (bytes.ok() && contents_.intern(hash_bytes(*bytes)) != content) {
    return Error{ErrorKind::corrupt, paths_[path] + " changed while it was scanned"};
  }
  return bytes;
}

Result<std::shared_ptr<const ScanFacts>> ContentIndex::scan(PathId path, ContentId content, ScanKind kind) {
  const std::uint64_t key = static_cast<std::uint64_t>(content) << 8 | static_cast<std::uint8_t>(kind);
  if (auto found = scans_.find(key); found != scans_.end()) return found->second;
  Result<std::string> bytes = bytes_of(path, content);
  if (!bytes.ok()) return bytes.error();
  auto facts = std::make_shared<const ScanFacts>(kind == ScanKind::assembler ? scan_assembler(*bytes)
                                                                             : scan_c_family(*bytes));
  // Headers are asked for again at once if they were among them; most sources never.
  scanned_names_ += 1 + facts->includes.size() + facts->probes.size() + facts->macros.size();
  if (scanned_names_ > kMaxScannedNames) {
    scans_.clear();
    scanned_names_ = 0;
  }
  scans_.emplace(key, facts);
  return std::shared_ptr<const ScanFacts>(std::move(facts));
}

}  // namespace compiler_cache
