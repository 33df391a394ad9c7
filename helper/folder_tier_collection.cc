// The folder as a whole: what is in it, and what of it is removed when.
#include <algorithm>

#include "helper/folder_tier.h"
#include "helper/folder_tier_names.h"

namespace compiler_cache {
namespace {

constexpr char kCollectLock[] = "collect.lock";
constexpr std::int64_t kStaleBlobTemporaryAge = 3600 * kSecondNs;
/// A blob this young may be about to be linked or referred to: it goes only where the limit cannot be kept
/// otherwise, which costs a miss.
constexpr std::int64_t kYoungBlobAge = 10 * kSecondNs;
constexpr std::size_t kMaxUsed = 250'000;

/// A collection reads the whole folder, so time alone asks for one now and then only.
constexpr std::int64_t kCollectBlobsEveryUs = 600'000'000;
constexpr std::uint64_t kStepShare = 400;
constexpr std::uint64_t kMinStep = std::uint64_t{4} << 10;
/// What of the limit stays free: when a collection starts to remove, and when it is done.
constexpr std::uint64_t kStartShare = 20;
constexpr std::uint64_t kTargetShare = 10;

constexpr std::int64_t kNothingIsStale = -1;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::uint64_t collection_step(std::uint64_t max_bytes) { return std::max(max_bytes / kStepShare, kMinStep); }

struct FolderTier::Blob {
  std::string path;
  Digest digest;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t used_ns = 0;  ///< the mtime, or what this process knows better
};

struct FolderTier::Scan {
  std::int64_t stale_age_ns = kNothingIsStale;  ///< temporaries of that age are removed
  std::int64_t now_ns = 0;
  std::vector<Blob> blobs;
  std::uint64_t temporaries_removed = 0;
};

Status FolderTier::scan(Scan& scan) {
  scan.now_ns = clock_.file_now_ns();
  const auto folders = files_.list(objects_);
  if (!folders) return folders.error();
  for (const FolderEntry& folder : folders.value()) {
    if (folder.name.size() == kBlobFolderDigits && is_hex(folder.name)) scan_folder(folder.name, scan);
  }
  return {};
}

void FolderTier::scan_folder(const std::string& name, Scan& scan) {
  const std::string folder = objects_ + "/" + name;
  const auto entries = files_.list(folder);
  if (!entries) return;
  for (const FolderEntry& entry : entries.value()) {
    std::string_view rest = entry.name;
    const bool temporary = rest.starts_with(kBlobTemporaryPrefix);
    if (rest.ends_with(kBlobCompressedSuffix)) rest.remove_suffix(sizeof kBlobCompressedSuffix - 1);
    Blob blob;
    if (!temporary && !Digest::parse(name + std::string(rest), blob.digest)) continue;
    blob.path = folder + "/" + entry.name;
    const auto stat = files_.lstat(blob.path);
    if (!stat || stat.value().type == FileType::folder) continue;
    if (temporary) {
      const bool stale = scan.stale_age_ns != kNothingIsStale &&
                         file_age_ns(stat.value().mtime_ns, scan.now_ns) >= scan.stale_age_ns;
      if (stale && files_.remove(blob.path).ok()) ++scan.temporaries_removed;
      continue;
    }
    blob.size = stat.value().size;
    blob.mtime_ns = blob.used_ns = stat.value().mtime_ns;
    scan.blobs.push_back(std::move(blob));
  }
}

Status FolderTier::clear() {
  if (options_.read_only) return {ErrorKind::denied, "the folder of another tree"};
  Scan found;
  found.stale_age_ns = 0;
  if (Status scanned = scan(found); !scanned.ok()) return scanned;
  Status result;
  for (const Blob& blob : found.blobs) {
    Status removed = files_.remove(blob.path);
    if (!removed.ok() && removed.error().kind != ErrorKind::not_found) result = std::move(removed);
  }
  const std::lock_guard guard(mutex_);
  verified_.clear();
  used_.clear();
  return result;
}

Result<TierUsage> FolderTier::usage() {
  Scan found;
  if (const Status scanned = scan(found); !scanned.ok()) return scanned.error();
  TierUsage usage;
  for (const Blob& blob : found.blobs) usage.bytes += blob.size;
  usage.blobs = found.blobs.size();
  const std::lock_guard guard(mutex_);
  for (const Blob& blob : found.blobs) {
    const auto used = used_.find(blob.digest);
    const std::int64_t used_ns = used == used_.end() ? blob.mtime_ns : std::max(blob.mtime_ns, used->second);
    if (usage.least_recent_ns == 0 || used_ns < usage.least_recent_ns) usage.least_recent_ns = used_ns;
  }
  return usage;
}

Result<std::vector<AgeGroup>> FolderTier::usage_by_age() {
  Scan found;
  if (const Status scanned = scan(found); !scanned.ok()) return scanned.error();
  constexpr std::int64_t kHour = 3600;
  constexpr std::int64_t kDay = 24 * kHour;
  std::vector<AgeGroup> groups;
  for (const std::int64_t within_s : {2 * kHour, kDay, 7 * kDay, 30 * kDay, std::int64_t{0}}) {
    groups.push_back({within_s});
  }
  for (const Blob& blob : found.blobs) {
    const std::int64_t age_s = file_age_ns(blob.used_ns, found.now_ns) / kSecondNs;
    const auto group = std::ranges::find_if(
        groups, [&](const AgeGroup& one) { return one.within_s == 0 || age_s < one.within_s; });
    ++group->blobs;
    group->bytes += blob.size;
  }
  return groups;
}

// ---- collecting

void FolderTier::note_used(const Digest& digest) {
  if (options_.read_only) return;
  const std::int64_t now = clock_.file_now_ns();
  const std::lock_guard guard(mutex_);
  if (used_.size() >= kMaxUsed) used_.clear();
  used_[digest] = now;
}

bool FolderTier::collection_due(std::uint64_t max_bytes) const {
  if (max_bytes == 0 || options_.read_only) return false;
  const std::int64_t at = collected_at_us_;
  return at == 0 || clock_.monotonic_us() - at >= kCollectBlobsEveryUs ||
         written_ >= collection_step(max_bytes);
}

Result<std::unique_ptr<FileLock>> FolderTier::lock_for_collection() {
  if (Status checked = check_owner(); !checked.ok()) return checked.error();
  const std::string path = options_.root.empty() ? kCollectLock : options_.root + "/" + kCollectLock;
  auto lock = files_.lock(path, LockMode::exclusive);
  if (lock.ok()) return lock;
  if (lock.error().kind == ErrorKind::exists) {
    // By time it is done; by what we have written it may not be.
    collected_at_us_ = clock_.monotonic_us();
    return lock.error();
  }
  return std::unique_ptr<FileLock>();
}

/// What was served from memory, or younger than an hour, has an mtime that is behind. Such a file is touched
/// when it is an hour behind: that makes a new version, which is verified again at its next fetch.
void FolderTier::apply_use(Scan& scan) {
  std::unordered_map<Digest, std::int64_t> used;
  {
    const std::lock_guard guard(mutex_);
    used.swap(used_);
  }
  std::unordered_map<Digest, std::int64_t> still_behind;
  for (Blob& blob : scan.blobs) {
    const auto found = used.find(blob.digest);
    if (found == used.end() || found->second <= blob.mtime_ns) continue;
    blob.used_ns = found->second;
    if (found->second - blob.mtime_ns < kBlobTouchAge) {
      still_behind.insert(*found);
    } else if (files_.set_mtime_now(blob.path).ok()) {
      blob.mtime_ns = blob.used_ns = scan.now_ns;
    }
  }
  const std::lock_guard guard(mutex_);
  still_behind.merge(used_);  // a use since then is later still, but by less than a collection takes
  used_.swap(still_behind);
}

/// Reading the folder takes a while: what was used meanwhile, by whatever process, stays.
bool FolderTier::remove_unless_used(const Blob& blob) {
  const auto now = files_.lstat(blob.path);
  if (!now || now.value().mtime_ns != blob.mtime_ns) return false;
  {
    const std::lock_guard guard(mutex_);
    const auto used = used_.find(blob.digest);
    if (used != used_.end() && used->second > blob.used_ns) return false;
    verified_.erase(blob.digest);
  }
  return files_.remove(blob.path).ok();
}

Result<CollectReport> FolderTier::collect(std::uint64_t max_bytes) {
  if (options_.read_only) return Error{ErrorKind::denied, "the folder of another tree"};
  collected_at_us_ = clock_.monotonic_us();
  written_ = 0;
  Scan found;
  found.stale_age_ns = kStaleBlobTemporaryAge;
  if (const Status scanned = scan(found); !scanned.ok()) return scanned.error();
  apply_use(found);
  std::sort(found.blobs.begin(), found.blobs.end(),
            [](const Blob& a, const Blob& b) { return a.used_ns < b.used_ns; });
  CollectReport report;
  report.temporaries_removed = found.temporaries_removed;
  report.blobs_left = found.blobs.size();
  for (const Blob& blob : found.blobs) report.bytes_left += blob.size;
  const std::uint64_t start = max_bytes - max_bytes / kStartShare;
  if (report.bytes_left <= start) return report;
  const std::uint64_t target = max_bytes - max_bytes / kTargetShare;
  for (const Blob& blob : found.blobs) {
    if (report.bytes_left <= target) break;
    const bool young = file_age_ns(blob.used_ns, clock_.file_now_ns()) < kYoungBlobAge;
    if ((young && report.bytes_left <= start) || !remove_unless_used(blob)) continue;
    report.removed.push_back(blob.digest);
    report.bytes_removed += blob.size;
    report.bytes_left -= blob.size;
    --report.blobs_left;
  }
  return report;
}

}  // namespace compiler_cache
