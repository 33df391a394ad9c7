#include "helper/folder_tier.h"

#include "helper/compress.h"
#include "helper/file_age.h"
#include "helper/folder_tier_names.h"
#include "helper/hasher.h"
#include "helper/shared_folder.h"
#include "helper/unique_tag.h"

namespace compiler_cache {
namespace {

constexpr char kObjects[] = "objects";
constexpr std::uint32_t kFolderMode = 0755;
constexpr std::uint32_t kBlobMode = 0444;

/// Smaller blobs fill a disk block either way.
constexpr std::uint64_t kMinCompressedBytes = 4096;
/// Less saving than this share is not worth decompressing at each hit, nor losing the reflink.
constexpr std::uint64_t kMinSavingShare = 8;

constexpr std::size_t kMaxVerified = 100'000;

Error no_such_blob() { return {ErrorKind::not_found, "no such blob"}; }
Error not_ours_to_write() { return {ErrorKind::denied, "the folder of another tree"}; }

}  // namespace

FolderTier::FolderTier(FileSystem& files, const Clock& clock, FolderTierOptions options)
    : files_(files),
      clock_(clock),
      options_(std::move(options)),
      objects_(options_.root.empty() ? kObjects : options_.root + "/" + kObjects),
      tag_(unique_tag()) {}

Status FolderTier::prepare() {
  if (options_.read_only) return not_ours_to_write();
  const Status made = files_.make_folder(objects_, kFolderMode);
  if (made.ok() || made.error().kind == ErrorKind::exists) return {};
  return made;
}

Status FolderTier::check_owner() {
  return options_.owner ? check_shared_folder(files_, options_.root, *options_.owner) : Status();
}

/// `objects` may have been deleted under us. The root is never made again: whoever removed the whole tree
/// meant it.
Status FolderTier::make_folder_of(const Digest& digest) {
  Status made = files_.make_folder(folder_of(digest), kFolderMode);
  if (!made.ok() && made.error().kind == ErrorKind::not_found) {
    if (Status checked = check_owner(); !checked.ok()) return checked;
    if (Status prepared = prepare(); !prepared.ok()) return prepared;
    made = files_.make_folder(folder_of(digest), kFolderMode);
  }
  if (made.ok() || made.error().kind == ErrorKind::exists) return {};
  return made;
}

std::string FolderTier::folder_of(const Digest& digest) const {
  return objects_ + "/" + digest.hex().substr(0, kBlobFolderDigits);
}

std::string FolderTier::path_of(const Digest& digest, bool compressed) const {
  return folder_of(digest) + "/" + digest.hex().substr(kBlobFolderDigits) +
         (compressed ? kBlobCompressedSuffix : "");
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
  std::string message = "blob " + path + " is " + why;
  if (options_.read_only) return {ErrorKind::corrupt, message};
  const Status removed = files_.remove(path);
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
  if (options_.read_only || file_age_ns(stat.mtime_ns, clock_.file_now_ns()) < kBlobTouchAge) return;
  // Failing is harmless: the blob is evicted a little early. Success makes a new file version, which the next
  // fetch verifies again.
  static_cast<void>(files_.set_mtime_now(path));
}

bool FolderTier::has(const Digest& digest) {
  return files_.lstat(path_of(digest, false)).ok() || files_.lstat(path_of(digest, true)).ok();
}

// ---- writing

Status FolderTier::put(const Digest& digest, std::string_view bytes) {
  if (options_.read_only) return not_ours_to_write();
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
  if (Status made = make_folder_of(digest); !made.ok()) return made;
  return write_once(digest, compressed, bytes);
}

Status FolderTier::write_once(const Digest& digest, bool compressed, std::string_view bytes) {
  const std::string temporary = folder_of(digest) + "/" + kBlobTemporaryPrefix + tag_ + "-" +
                                std::to_string(next_temporary_.fetch_add(1));
  if (const Status written = files_.write_new(temporary, bytes, kBlobMode); !written.ok()) return written;
  const Status renamed = files_.rename(temporary, path_of(digest, compressed));
  if (renamed.ok()) {
    written_ += bytes.size();
  } else {
    static_cast<void>(files_.remove(temporary));
  }
  return renamed;
}

Status FolderTier::link_from(FolderTier& other, const Digest& digest) {
  if (options_.read_only) return not_ours_to_write();
  const Status bare = link_as(false, other, digest);
  if (bare.ok() || bare.error().kind != ErrorKind::not_found) return bare;
  return link_as(true, other, digest);
}

Status FolderTier::link_as(bool compressed, FolderTier& other, const Digest& digest) {
  const std::string from = other.path_of(digest, compressed);
  const std::string to = path_of(digest, compressed);
  const auto there = files_.lstat(from);
  if (!there.ok()) return no_such_blob();
  Status linked = files_.link(from, to);
  if (!linked.ok() && linked.error().kind == ErrorKind::not_found) {
    if (Status made = make_folder_of(digest); !made.ok()) return made;
    linked = files_.link(from, to);
  }
  if (linked.ok()) written_ += there.value().size;
  if (!linked.ok() && linked.error().kind == ErrorKind::exists) return {};
  return linked;
}

Status FolderTier::remove(const Digest& digest) {
  if (options_.read_only) return not_ours_to_write();
  forget_verified(digest);
  Status result;
  for (const bool compressed : {false, true}) {
    Status removed = files_.remove(path_of(digest, compressed));
    if (!removed.ok() && removed.error().kind != ErrorKind::not_found) result = std::move(removed);
  }
  return result;
}

}  // namespace compiler_cache
