#include "helper/folder_tier.h"

#include <algorithm>

#include "helper/compress.h"
#include "helper/file_age.h"
#include "helper/hasher.h"
#include "helper/unique_tag.h"

namespace compiler_cache {
namespace {

constexpr char kObjects[] = "objects";
constexpr char kCompressedSuffix[] = ".zst";
constexpr char kTemporaryPrefix[] = ".tmp-";
constexpr std::size_t kFanOutDigits = 2;
constexpr std::uint32_t kFolderMode = 0755;
constexpr std::uint32_t kBlobMode = 0444;

/// Smaller blobs fill a disk block either way.
constexpr std::uint64_t kMinCompressedBytes = 4096;
/// Less saving than this share is not worth decompressing at each hit, nor losing the reflink.
constexpr std::uint64_t kMinSavingShare = 8;

constexpr std::int64_t kTouchAge = 3600 * kSecondNs;
constexpr std::int64_t kStaleTemporaryAge = 3600 * kSecondNs;
/// A blob this young may be about to be linked or referred to.
constexpr std::int64_t kYoungAge = 10 * kSecondNs;
constexpr std::size_t kMaxVerified = 100'000;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Error no_such_blob() { return {ErrorKind::not_found, "no such blob"}; }

}  // namespace

struct FolderTier::Blob {
  std::string path;
  Digest digest;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
};

struct FolderTier::Scan {
  std::int64_t now_ns = 0;
  std::vector<Blob> blobs;
  std::uint64_t temporaries_removed = 0;
};

FolderTier::FolderTier(FileSystem& files, const Clock& clock, FolderTierOptions options)
    : files_(files),
      clock_(clock),
      options_(std::move(options)),
      objects_(options_.root.empty() ? kObjects : options_.root + "/" + kObjects),
      tag_(unique_tag()) {}

Status FolderTier::prepare() {
  const Status made = files_.make_folder(objects_, kFolderMode);
  if (made.ok() || made.error().kind == ErrorKind::exists) return {};
  return made;
}

std::string FolderTier::folder_of(const Digest& digest) const {
  return objects_ + "/" + digest.hex().substr(0, kFanOutDigits);
}

std::string FolderTier::path_of(const Digest& digest, bool compressed) const {
  return folder_of(digest) + "/" + digest.hex().substr(kFanOutDigits) + (compressed ? kCompressedSuffix : "");
}

// ---- reading

Result<std::shared_ptr<OpenFile>> FolderTier::fetch(const Digest& digest, std::uint64_t size) {
  auto bare = fetch_as(false, digest, size);
  if (bare.ok()) return bare;
  auto compressed = fetch_as(true, digest, size);
  if (compressed.ok() || bare.error().kind == ErrorKind::not_found) return compressed;
  return bare;  // what went wrong with the blob that was there, not that there is no second one
}

Result<std::shared_ptr<OpenFile>> FolderTier::fetch_as(bool compressed, const Digest& digest,
                                                       std::uint64_t size) {
  const std::string path = path_of(digest, compressed);
  auto file = files_.open(path);
  if (!file) {
    if (file.error().kind == ErrorKind::invalid) return drop_damaged(digest, compressed, "not a file");
    return file.error();
  }
  const auto version = files_.stat_open(**file);
  if (!version) return version.error();
  if (!compressed && size != kAnySize && version.value().size != size) {
    return drop_damaged(digest, compressed, "of the wrong size");
  }

  const bool verified = is_verified(digest, version.value());
  std::string bytes;
  if (compressed || !verified) {
    auto read = read_blob(**file, compressed, size);
    if (!read && read.error().kind == ErrorKind::corrupt) {
      return drop_damaged(digest, compressed, read.error().message);
    }
    if (!read) return read.error();
    bytes = std::move(*read);
  }
  if (!verified) {
    if (hash_bytes(bytes) != digest) return drop_damaged(digest, compressed, "not what its name says");
    note_verified(digest, version.value(), **file);
  }
  touch_if_old(path, version.value());
  if (compressed) return files_.open_bytes(bytes);
  return file;
}

/// The uncompressed bytes. `corrupt` for what cannot be the blob.
Result<std::string> FolderTier::read_blob(const OpenFile& file, bool compressed, std::uint64_t size) {
  auto raw = files_.read_open(file, kMaxBlobBytes);
  if (!raw || !compressed) return raw;
  const auto stated = decompressed_size(*raw);
  if (!stated) return stated.error();
  if (stated.value() > kMaxBlobBytes || (size != kAnySize && stated.value() != size)) {
    return Error{ErrorKind::corrupt, "of the wrong size"};
  }
  return decompress(*raw, stated.value());
}

Error FolderTier::drop_damaged(const Digest& digest, bool compressed, const std::string& why) {
  const std::string path = path_of(digest, compressed);
  forget_verified(digest);
  const Status removed = files_.remove(path);
  std::string message = "blob " + path + " is " + why;
  if (!removed.ok() && removed.error().kind != ErrorKind::not_found) {
    message += "; " + removed.error().message;
  }
  return {ErrorKind::corrupt, message};
}

bool FolderTier::is_verified(const Digest& digest, const FileStat& version) {
  const std::lock_guard guard(mutex_);
  const auto found = verified_.find(digest);
  return found != verified_.end() && found->second.same_version(version);
}

void FolderTier::note_verified(const Digest& digest, const FileStat& before, const OpenFile& file) {
  const auto after = files_.stat_open(file);
  if (!after || !after.value().same_version(before)) return;
  // A change within the timestamp's granularity would not show: such a version is read again next time.
  if (file_age_ns(before.ctime_ns, clock_.file_now_ns()) <= 2 * clock_.file_tick_ns()) return;
  const std::lock_guard guard(mutex_);
  if (verified_.size() >= kMaxVerified) verified_.clear();
  verified_[digest] = before;
}

void FolderTier::forget_verified(const Digest& digest) {
  const std::lock_guard guard(mutex_);
  verified_.erase(digest);
}

void FolderTier::touch_if_old(const std::string& path, const FileStat& stat) {
  if (file_age_ns(stat.mtime_ns, clock_.file_now_ns()) < kTouchAge) return;
  // Failing is harmless: the blob is evicted a little early. Success makes a new file version, which the next
  // fetch verifies again.
  static_cast<void>(files_.set_mtime_now(path));
}

bool FolderTier::has(const Digest& digest) {
  return files_.lstat(path_of(digest, false)).ok() || files_.lstat(path_of(digest, true)).ok();
}

// ---- writing

Status FolderTier::put(const Digest& digest, std::string_view bytes) {
  if (bytes.size() > kMaxBlobBytes) return {ErrorKind::too_large, "blob over the size limit"};
  for (const bool compressed : {false, true}) {
    const std::string path = path_of(digest, compressed);
    if (const auto there = files_.lstat(path); there.ok()) {
      touch_if_old(path, there.value());
      return {};
    }
  }
  if (!options_.bare && bytes.size() >= kMinCompressedBytes) {
    const std::string frame = compress(bytes);
    if (!frame.empty() && frame.size() <= bytes.size() - bytes.size() / kMinSavingShare) {
      return write(digest, true, frame);
    }
  }
  return write(digest, false, bytes);
}

Status FolderTier::write(const Digest& digest, bool compressed, std::string_view bytes) {
  const Status written = write_once(digest, compressed, bytes);
  if (written.ok() || written.error().kind != ErrorKind::not_found) return written;
  const Status made = files_.make_folder(folder_of(digest), kFolderMode);
  if (!made.ok() && made.error().kind != ErrorKind::exists) return made;
  return write_once(digest, compressed, bytes);
}

Status FolderTier::write_once(const Digest& digest, bool compressed, std::string_view bytes) {
  const std::string temporary =
      folder_of(digest) + "/" + kTemporaryPrefix + tag_ + "-" + std::to_string(next_temporary_.fetch_add(1));
  if (const Status written = files_.write_new(temporary, bytes, kBlobMode); !written.ok()) return written;
  const Status renamed = files_.rename(temporary, path_of(digest, compressed));
  if (!renamed.ok()) static_cast<void>(files_.remove(temporary));
  return renamed;
}

Status FolderTier::link_from(FolderTier& other, const Digest& digest) {
  const Status bare = link_as(false, other, digest);
  if (bare.ok() || bare.error().kind != ErrorKind::not_found) return bare;
  return link_as(true, other, digest);
}

Status FolderTier::link_as(bool compressed, FolderTier& other, const Digest& digest) {
  const std::string from = other.path_of(digest, compressed);
  const std::string to = path_of(digest, compressed);
  if (!files_.lstat(from).ok()) return no_such_blob();
  Status linked = files_.link(from, to);
  if (!linked.ok() && linked.error().kind == ErrorKind::not_found) {
    const Status made = files_.make_folder(folder_of(digest), kFolderMode);
    if (!made.ok() && made.error().kind != ErrorKind::exists) return made;
    linked = files_.link(from, to);
  }
  if (!linked.ok() && linked.error().kind == ErrorKind::exists) return {};
  return linked;
}

Status FolderTier::remove(const Digest& digest) {
  forget_verified(digest);
  Status result;
  for (const bool compressed : {false, true}) {
    Status removed = files_.remove(path_of(digest, compressed));
    if (!removed.ok() && removed.error().kind != ErrorKind::not_found) result = std::move(removed);
  }
  return result;
}

// ---- the folder as a whole

Status FolderTier::scan(std::int64_t stale_age_ns, Scan& scan) {
  scan.now_ns = clock_.file_now_ns();
  const auto folders = files_.list(objects_);
  if (!folders) return folders.error();
  for (const FolderEntry& folder : folders.value()) {
    if (folder.name.size() == kFanOutDigits && is_hex(folder.name)) {
      scan_folder(folder.name, stale_age_ns, scan);
    }
  }
  return {};
}

void FolderTier::scan_folder(const std::string& name, std::int64_t stale_age_ns, Scan& scan) {
  const std::string folder = objects_ + "/" + name;
  const auto entries = files_.list(folder);
  if (!entries) return;
  for (const FolderEntry& entry : entries.value()) {
    std::string_view rest = entry.name;
    const bool temporary = rest.starts_with(kTemporaryPrefix);
    if (rest.ends_with(kCompressedSuffix)) rest.remove_suffix(sizeof kCompressedSuffix - 1);
    Blob blob;
    if (!temporary && !Digest::parse(name + std::string(rest), blob.digest)) continue;
    blob.path = folder + "/" + entry.name;
    const auto stat = files_.lstat(blob.path);
    if (!stat || stat.value().type == FileType::folder) continue;
    if (temporary) {
      const bool stale = file_age_ns(stat.value().mtime_ns, scan.now_ns) >= stale_age_ns;
      if (stale && files_.remove(blob.path).ok()) ++scan.temporaries_removed;
      continue;
    }
    blob.size = stat.value().size;
    blob.mtime_ns = stat.value().mtime_ns;
    scan.blobs.push_back(std::move(blob));
  }
}

Status FolderTier::clear() {
  Scan found;
  if (Status scanned = scan(0, found); !scanned.ok()) return scanned;
  Status result;
  for (const Blob& blob : found.blobs) {
    Status removed = files_.remove(blob.path);
    if (!removed.ok() && removed.error().kind != ErrorKind::not_found) result = std::move(removed);
  }
  const std::lock_guard guard(mutex_);
  verified_.clear();
  return result;
}

Result<TierUsage> FolderTier::usage() {
  Scan found;
  if (const Status scanned = scan(kStaleTemporaryAge, found); !scanned.ok()) return scanned.error();
  TierUsage usage;
  for (const Blob& blob : found.blobs) usage.bytes += blob.size;
  usage.blobs = found.blobs.size();
  return usage;
}

Result<CollectReport> FolderTier::collect(std::uint64_t max_bytes) {
  Scan found;
  if (const Status scanned = scan(kStaleTemporaryAge, found); !scanned.ok()) return scanned.error();
  std::sort(found.blobs.begin(), found.blobs.end(),
            [](const Blob& a, const Blob& b) { return a.mtime_ns < b.mtime_ns; });
  CollectReport report;
  report.temporaries_removed = found.temporaries_removed;
  report.blobs_left = found.blobs.size();
  for (const Blob& blob : found.blobs) report.bytes_left += blob.size;
  for (const Blob& blob : found.blobs) {
    if (report.bytes_left <= max_bytes) break;
    if (file_age_ns(blob.mtime_ns, found.now_ns) < kYoungAge || !files_.remove(blob.path).ok()) continue;
    forget_verified(blob.digest);
    report.removed.push_back(blob.digest);
    report.bytes_removed += blob.size;
    report.bytes_left -= blob.size;
    --report.blobs_left;
  }
  return report;
}

}  // namespace compiler_cache
