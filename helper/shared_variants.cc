#include "helper/shared_variants.h"

#include <algorithm>

#include "helper/file_age.h"
#include "helper/hasher.h"
#include "helper/shared_folder.h"
#include "helper/unique_tag.h"
#include "helper/variant_codec.h"

namespace compiler_cache {
namespace {

constexpr char kTemporaryPrefix[] = ".tmp-";
constexpr std::size_t kFanOutDigits = 2;
constexpr std::uint32_t kFolderMode = 0700;
constexpr std::uint32_t kFileMode = 0444;
constexpr int kFolderAttempts = 4;
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{64} << 20;
constexpr std::int64_t kStaleTemporaryAge = 3600 * kSecondNs;
/// A file's mtime is its last use, to within this.
constexpr std::int64_t kUseAge = 24 * 3600 * kSecondNs;
/// Somebody may be about to use what is as young as this.
constexpr std::int64_t kYoungAge = 10 * kSecondNs;

}  // namespace

struct SharedVariants::File {
  std::string path;
  Digest digest;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;

  /// Newest first; equal times by name, so that the order is always the same.
  friend bool operator<(const File& a, const File& b) {
    return a.mtime_ns != b.mtime_ns ? a.mtime_ns > b.mtime_ns : a.digest < b.digest;
  }

  /// Those among the entries of a context's folder.
  static std::vector<File> among(FileSystem& files, const std::string& folder,
                                 const std::vector<FolderEntry>& entries) {
    std::vector<File> all;
    for (const FolderEntry& entry : entries) {
      File file;
      if (!Digest::parse(entry.name, file.digest)) continue;
      file.path = folder + "/" + entry.name;
      const auto stat = files.lstat(file.path);
      if (!stat || stat.value().type != FileType::regular) continue;
      file.size = stat.value().size;
      file.mtime_ns = stat.value().mtime_ns;
      all.push_back(std::move(file));
    }
    std::sort(all.begin(), all.end());
    return all;
  }
};

SharedVariants::SharedVariants(FileSystem& files, const Clock& clock, std::string root, std::uint32_t uid)
    : files_(files),
      clock_(clock),
      root_(std::move(root)),
      variants_(root_ + "/variants"),
      uid_(uid),
      tag_(unique_tag()) {}

std::string SharedVariants::folder_of(const Digest& context) const {
  const std::string hex = context.hex();
  return variants_ + "/" + hex.substr(0, kFanOutDigits) + "/" + hex.substr(kFanOutDigits);
}

Status SharedVariants::check() { return check_shared_folder(files_, root_, uid_); }

/// Below the shared folder only, which the caller has checked: one that was deleted stays deleted.
Status SharedVariants::make_folders(const Digest& context) {
  const std::string folder = folder_of(context);
  for (const std::string& path : {variants_, folder.substr(0, folder.rfind('/')), folder}) {
    Status made = files_.make_folder(path, kFolderMode);
    if (!made.ok() && made.error().kind != ErrorKind::exists) return made;
  }
  return {};
}

Status SharedVariants::add(const Digest& context, const Variant& variant) {
  if (Status checked = check(); !checked.ok()) return checked;
  const auto file = encode_variant_file({context, variant});
  if (!file) return file.status();
  if (file.value().size() > kMaxFileBytes) return {ErrorKind::too_large, "variant over the size limit"};
  const std::string folder = folder_of(context);
  const std::string path = folder + "/" + hash_bytes(file.value()).hex();
  const std::string temporary =
      folder + "/" + kTemporaryPrefix + tag_ + "-" + std::to_string(next_temporary_.fetch_add(1));
  if (files_.lstat(path).ok()) return files_.set_mtime_now(path);

  // A collection removes folders that are empty, also one that was made this moment.
  Status written = files_.write_new(temporary, file.value(), kFileMode);
  for (int left = kFolderAttempts; left > 0 && !written.ok(); --left) {
    if (written.error().kind != ErrorKind::not_found) break;
    if (Status made = make_folders(context); !made.ok()) return made;
    written = files_.write_new(temporary, file.value(), kFileMode);
  }
  if (!written.ok()) return written;
  Status renamed = files_.rename(temporary, path);
  if (renamed.ok()) {
    written_ += file.value().size();
  } else {
    static_cast<void>(files_.remove(temporary));
  }
  return renamed;
}

Result<std::vector<Variant>> SharedVariants::list(const Digest& context) {
  std::vector<Variant> variants;
  if (const Status checked = check(); !checked.ok()) return checked.error();
  const std::string folder = folder_of(context);
  const auto entries = files_.list(folder);
  if (!entries) {
    if (entries.error().kind == ErrorKind::not_found) return variants;
    return entries.error();
  }
  const std::vector<File> candidates = File::among(files_, folder, entries.value());
  std::vector<File> listed;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (i >= 2 * kMaxSharedVariants) {
      static_cast<void>(files_.remove(candidates[i].path));
      continue;
    }
    if (variants.size() >= kMaxSharedVariants) continue;
    const auto file = files_.read(candidates[i].path, kMaxFileBytes);
    if (!file && file.error().kind != ErrorKind::too_large) continue;
    auto stored = file.ok() ? decode_variant_file(file.value())
                            : Result<StoredVariant>(ErrorKind::corrupt, "larger than any variant");
    if (stored.ok() && stored.value().context == context) {
      variants.push_back(std::move(stored.value().variant));
      listed.push_back(candidates[i]);
    } else if (stored.ok() || stored.error().kind == ErrorKind::corrupt) {
      static_cast<void>(files_.remove(candidates[i].path));
    }
  }
  keep_used(listed);
  return variants;
}

/// Which of them will be taken is not known here. The oldest first, so that the newest stays the newest.
void SharedVariants::keep_used(const std::vector<File>& listed) {
  const std::int64_t now = clock_.file_now_ns();
  for (auto file = listed.rbegin(); file != listed.rend(); ++file) {
    if (file_age_ns(file->mtime_ns, now) >= kUseAge) static_cast<void>(files_.set_mtime_now(file->path));
  }
}

Status SharedVariants::remove(const Digest& context, const Variant& variant) {
  if (Status checked = check(); !checked.ok()) return checked;
  const std::string folder = folder_of(context);
  const auto entries = files_.list(folder);
  if (!entries.ok()) return entries.error().kind == ErrorKind::not_found ? Status() : entries.status();
  Status status;
  for (const File& candidate : File::among(files_, folder, entries.value())) {
    const auto file = files_.read(candidate.path, kMaxFileBytes);
    const auto stored = file.ok() ? decode_variant_file(file.value()) : Result<StoredVariant>(file.error());
    if (!stored.ok() || stored.value().context != context) continue;
    if (!same_inputs(stored.value().variant, variant)) continue;
    if (Status removed = files_.remove(candidate.path); !removed.ok()) status = removed;
  }
  return status;
}

Status SharedVariants::clear() {
  const auto removed = collect(-1);
  return removed.status();
}

Result<SharedVariantsReport> SharedVariants::collect(std::int64_t max_age_seconds, std::uint64_t max_bytes) {
  if (const Status checked = check(); !checked.ok()) return checked.error();
  const auto outer = files_.list(variants_);
  if (!outer) return outer.error();
  written_ = 0;
  const std::int64_t now = clock_.file_now_ns();
  std::vector<File> found;
  for (const FolderEntry& fan_out : outer.value()) {
    const std::string fan_out_path = variants_ + "/" + fan_out.name;
    const auto contexts = files_.list(fan_out_path);
    if (fan_out.name.size() != kFanOutDigits || !contexts) continue;
    for (const FolderEntry& context : contexts.value()) {
      collect_context(fan_out_path + "/" + context.name, now, found);
    }
  }
  SharedVariantsReport report;
  for (const File& file : found) report.bytes_left += file.size;
  const std::uint64_t target = report.bytes_left > max_bytes ? max_bytes - max_bytes / 10 : max_bytes;
  std::sort(found.begin(), found.end());
  for (auto file = found.rbegin(); file != found.rend(); ++file) {
    const std::int64_t age = file_age_ns(file->mtime_ns, now);
    const bool too_old = age / kSecondNs > max_age_seconds;
    if (!too_old && (report.bytes_left <= target || age < kYoungAge)) continue;
    if (!files_.remove(file->path).ok()) continue;
    ++report.removed;
    report.bytes_left -= file->size;
    // Goes when that was the last one.
    static_cast<void>(files_.remove_folder(file->path.substr(0, file->path.rfind('/'))));
  }
  return report;
}

void SharedVariants::collect_context(const std::string& folder, std::int64_t now_ns,
                                     std::vector<File>& found) {
  const auto entries = files_.list(folder);
  if (!entries) return;
  for (File& file : File::among(files_, folder, entries.value())) found.push_back(std::move(file));
  for (const FolderEntry& entry : entries.value()) {
    if (!entry.name.starts_with(kTemporaryPrefix)) continue;
    const auto stat = files_.lstat(folder + "/" + entry.name);
    if (!stat || file_age_ns(stat.value().mtime_ns, now_ns) < kStaleTemporaryAge) continue;
    static_cast<void>(files_.remove(folder + "/" + entry.name));
  }
  if (entries.value().empty()) static_cast<void>(files_.remove_folder(folder));
}

}  // namespace compiler_cache
