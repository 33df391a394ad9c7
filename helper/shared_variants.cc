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
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{64} << 20;
constexpr std::int64_t kStaleTemporaryAge = 3600 * kSecondNs;

struct Candidate {
  std::string path;
  Digest digest;
  std::int64_t mtime_ns = 0;
};

/// Variant files of a context's folder, newest first; equal times by name, so that the order is always the
/// same.
std::vector<Candidate> candidates_in(FileSystem& files, const std::string& folder,
                                     const std::vector<FolderEntry>& entries) {
  std::vector<Candidate> all;
  for (const FolderEntry& entry : entries) {
    Candidate candidate;
    if (!Digest::parse(entry.name, candidate.digest)) continue;
    candidate.path = folder + "/" + entry.name;
    const auto stat = files.lstat(candidate.path);
    if (!stat || stat.value().type != FileType::regular) continue;
    candidate.mtime_ns = stat.value().mtime_ns;
    all.push_back(std::move(candidate));
  }
  std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    return a.mtime_ns != b.mtime_ns ? a.mtime_ns > b.mtime_ns : a.digest < b.digest;
  });
  return all;
}

}  // namespace

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

/// Below `variants` only: a shared folder that was deleted stays deleted.
Status SharedVariants::make_folders(const Digest& context) {
  const std::string folder = folder_of(context);
  for (const std::string& path : {folder.substr(0, folder.rfind('/')), folder}) {
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

  Status written = files_.write_new(temporary, file.value(), kFileMode);
  if (!written.ok() && written.error().kind == ErrorKind::not_found) {
    if (Status made = make_folders(context); !made.ok()) return made;
    written = files_.write_new(temporary, file.value(), kFileMode);
  }
  if (!written.ok()) return written;
  Status renamed = files_.rename(temporary, path);
  if (!renamed.ok()) static_cast<void>(files_.remove(temporary));
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
  const std::vector<Candidate> candidates = candidates_in(files_, folder, entries.value());
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
    } else if (stored.ok() || stored.error().kind == ErrorKind::corrupt) {
      static_cast<void>(files_.remove(candidates[i].path));
    }
  }
  return variants;
}

Status SharedVariants::clear() {
  const auto removed = collect(-1);
  return removed.status();
}

Result<std::uint64_t> SharedVariants::collect(std::int64_t max_age_seconds) {
  if (const Status checked = check(); !checked.ok()) return checked.error();
  const auto outer = files_.list(variants_);
  if (!outer) return outer.error();
  const std::int64_t now = clock_.file_now_ns();
  std::uint64_t removed = 0;
  for (const FolderEntry& fan_out : outer.value()) {
    const std::string fan_out_path = variants_ + "/" + fan_out.name;
    const auto contexts = files_.list(fan_out_path);
    if (fan_out.name.size() != kFanOutDigits || !contexts) continue;
    for (const FolderEntry& context : contexts.value()) {
      removed += collect_context(fan_out_path + "/" + context.name, now, max_age_seconds);
    }
  }
  return removed;
}

std::uint64_t SharedVariants::collect_context(const std::string& folder, std::int64_t now_ns,
                                              std::int64_t max_age_seconds) {
  const auto entries = files_.list(folder);
  if (!entries) return 0;
  std::uint64_t removed = 0;
  for (const Candidate& candidate : candidates_in(files_, folder, entries.value())) {
    if (file_age_ns(candidate.mtime_ns, now_ns) / kSecondNs <= max_age_seconds) continue;
    if (files_.remove(candidate.path).ok()) ++removed;
  }
  for (const FolderEntry& entry : entries.value()) {
    if (!entry.name.starts_with(kTemporaryPrefix)) continue;
    const auto stat = files_.lstat(folder + "/" + entry.name);
    if (!stat || file_age_ns(stat.value().mtime_ns, now_ns) < kStaleTemporaryAge) continue;
    static_cast<void>(files_.remove(folder + "/" + entry.name));
  }
  static_cast<void>(files_.remove_folder(folder));  // goes when it is empty
  return removed;
}

}  // namespace compiler_cache
