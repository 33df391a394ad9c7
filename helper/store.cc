#include "helper/store.h"

#include <algorithm>
#include <set>

namespace compiler_cache {
namespace {

/// What no tree has looked at for so long is not worth keeping in the shared store.
constexpr std::int64_t kSharedVariantAgeSeconds = 90LL * 24 * 3600;
/// How much of the shared folder's limit its variants may take. They are small: some kilobytes for an object
/// of hundreds.
constexpr std::uint64_t kVariantsShare = 8;

}  // namespace

Store::Store(FileSystem& files, StoreOptions options, std::unique_ptr<FolderTier> tree,
             std::unique_ptr<FolderTier> shared)
    : files_(files),
      options_(options),
      memory_(files, options.memory),
      tree_(std::move(tree)),
      shared_(std::move(shared)) {}

void Store::note(HitSource source, const Error& error) {
  if (error.kind == ErrorKind::not_found) return;
  const std::lock_guard guard(mutex_);
  TierHealth& health = health_[source];
  health.source = source;
  ++health.failures;
  health.last_error = error.message;
}

// ---- reading

Result<FetchedBlob> Store::fetch(const Digest& digest, std::uint64_t size) {
  auto blob = fetch_tiers(digest, size);
  if (blob.ok()) note_used(digest);
  return blob;
}

/// Not only where it came from: what is always served from memory is not unused in the folders.
void Store::note_used(const Digest& digest) {
  for (FolderTier* tier : {tree_.get(), shared_.get()}) {
    if (tier != nullptr) tier->note_used(digest);
  }
}

Result<FetchedBlob> Store::fetch_tiers(const Digest& digest, std::uint64_t size) {
  if (auto file = memory_.fetch(digest, size); file.ok()) {
    return FetchedBlob{std::move(*file), HitSource::memory};
  }
  if (auto deferred = fetch_deferred(digest, size); deferred.ok()) return deferred;
  if (tree_ != nullptr) {
    if (auto blob = fetch_folder(*tree_, digest, size); blob.ok()) return blob;
  }
  if (shared_ != nullptr) {
    if (auto blob = fetch_folder(*shared_, digest, size); blob.ok()) return blob;
  }
  for (FolderTier* source : sources()) {
    if (auto blob = fetch_folder(*source, digest, size); blob.ok()) return blob;
  }
  return Error{ErrorKind::not_found, "no tier has blob " + digest.hex()};
}

Result<FetchedBlob> Store::fetch_deferred(const Digest& digest, std::uint64_t size) {
  std::shared_ptr<const std::string> bytes;
  {
    const std::lock_guard guard(mutex_);
    const auto found = deferred_.find(digest);
    if (found != deferred_.end()) bytes = found->second;
  }
  if (bytes == nullptr || (size != kAnySize && bytes->size() != size)) {
    return Error{ErrorKind::not_found, "not deferred"};
  }
  auto file = files_.open_bytes(*bytes);
  if (!file) return file.error();
  static_cast<void>(memory_.remember(digest, *file));  // too large for it: then it is made anew each time
  return FetchedBlob{std::move(*file), HitSource::memory};
}

Result<FetchedBlob> Store::fetch_folder(FolderTier& tier, const Digest& digest, std::uint64_t size) {
  auto file = tier.fetch(digest, size);
  if (!file) {
    note(tier.source(), file.error());
    return file.error();
  }
  if (&tier != tree_.get()) copy_to_tree(tier, digest, **file);
  // After the link above, which changes the file's ctime and so what memory takes for its version.
  static_cast<void>(memory_.remember(digest, *file));
  return FetchedBlob{std::move(*file), tier.source()};
}

void Store::copy_to_tree(FolderTier& from, const Digest& digest, const OpenFile& file) {
  if (tree_ == nullptr) return;
  // Held exclusively only while writing is being paused: then there is nothing to do here.
  const std::shared_lock writing(writes_, std::try_to_lock);
  if (!writing.owns_lock() || holds_back()) return;
  if (tree_->link_from(from, digest).ok()) return;
  const auto bytes = files_.read_open(file, kMaxBlobBytes);
  const Status copied = bytes.ok() ? tree_->put(digest, bytes.value()) : bytes.status();
  if (!copied.ok()) note(HitSource::tree, copied.error());
}

bool Store::has(const Digest& digest) {
  if (memory_.has(digest)) return true;
  {
    const std::lock_guard guard(mutex_);
    if (deferred_.contains(digest)) return true;
  }
  return in_a_folder(digest);
}

bool Store::in_a_folder(const Digest& digest) {
  if ((tree_ != nullptr && tree_->has(digest)) || (shared_ != nullptr && shared_->has(digest))) return true;
  const std::vector<FolderTier*> others = sources();
  return std::any_of(others.begin(), others.end(), [&](FolderTier* source) { return source->has(digest); });
}

void Store::add_source(std::unique_ptr<FolderTier> source) {
  const std::lock_guard guard(mutex_);
  sources_.push_back(std::move(source));
}

std::vector<FolderTier*> Store::sources() const {
  std::vector<FolderTier*> all;
  const std::lock_guard guard(mutex_);
  for (const auto& source : sources_) all.push_back(source.get());
  return all;
}

// ---- writing

Status Store::remember(const Digest& digest, std::shared_ptr<OpenFile> file) {
  return memory_.remember(digest, std::move(file));
}

Result<PutOutcome> Store::put(const Digest& digest, std::string_view bytes) {
  const std::shared_lock writing(writes_);
  if (holds_back()) return defer(digest, bytes);
  const Status written = write(digest, bytes);
  if (!written.ok()) return written.error();
  return PutOutcome::stored;
}

Result<PutOutcome> Store::defer(const Digest& digest, std::string_view bytes) {
  const std::lock_guard guard(mutex_);
  if (deferred_.contains(digest)) return PutOutcome::deferred;
  if (bytes.size() > options_.deferred_bytes - deferred_size_) {
    return Error{ErrorKind::too_large, "too much is waiting to be written"};
  }
  deferred_.emplace(digest, std::make_shared<const std::string>(bytes));
  deferred_size_ += bytes.size();
  memory_.reserve(bytes.size());
  return PutOutcome::deferred;
}

Status Store::write(const Digest& digest, std::string_view bytes) {
  FolderTier* first = tree_ != nullptr ? tree_.get() : shared_.get();
  FolderTier* second = tree_ != nullptr ? shared_.get() : nullptr;
  if (first == nullptr) return {ErrorKind::unsupported, "no folder to store in"};
  note_used(digest);
  // Another tree of the user may have stored the same blob.
  if (second != nullptr && second->has(digest) && first->link_from(*second, digest).ok()) return {};
  const Status written = first->put(digest, bytes);
  if (!written.ok()) {
    note(first->source(), written.error());
    if (second == nullptr) return written;
    Status instead = second->put(digest, bytes);
    if (!instead.ok()) note(second->source(), instead.error());
    return instead;
  }
  if (second != nullptr) {
    const Status copied = write_second(*first, *second, digest, bytes);
    if (!copied.ok()) note(second->source(), copied.error());
  }
  return {};
}

Status Store::write_second(FolderTier& first, FolderTier& second, const Digest& digest,
                           std::string_view bytes) {
  if (second.has(digest) || second.link_from(first, digest).ok()) return {};
  return second.put(digest, bytes);
}

void Store::set_writes_paused(bool paused) {
  const std::unique_lock switching(writes_);
  paused_ = paused;
}

bool Store::holds_back() const { return paused_ || (options_.hold_back && options_.hold_back()); }

Status Store::write_deferred() {
  std::vector<Digest> digests;
  {
    const std::lock_guard guard(mutex_);
    for (const auto& [digest, bytes] : deferred_) digests.push_back(digest);
  }
  Status first_error;
  for (const Digest& digest : digests) {
    if (holds_back()) break;
    Status written = write_one_deferred(digest);
    if (!written.ok() && first_error.ok()) first_error = std::move(written);
  }
  return first_error;
}

Status Store::write_one_deferred(const Digest& digest) {
  const std::shared_lock writing(writes_);
  if (holds_back()) return {};
  std::shared_ptr<const std::string> bytes;
  {
    const std::lock_guard guard(mutex_);
    const auto found = deferred_.find(digest);
    if (found == deferred_.end()) return {};
    bytes = found->second;
  }
  Status written = write(digest, *bytes);
  // Only now, so that a fetch in between finds it; and also after a failure: there is no point in trying
  // forever.
  const std::lock_guard guard(mutex_);
  if (deferred_.erase(digest) > 0) {
    deferred_size_ -= bytes->size();
    memory_.release(bytes->size());
  }
  return written;
}

std::size_t Store::deferred() const {
  const std::lock_guard guard(mutex_);
  return deferred_.size();
}

// ---- the store as a whole

void Store::remove(const Digest& digest) {
  static_cast<void>(memory_.remove(digest));
  {
    const std::lock_guard guard(mutex_);
    const auto found = deferred_.find(digest);
    if (found != deferred_.end()) {
      deferred_size_ -= found->second->size();
      memory_.release(found->second->size());
      deferred_.erase(found);
    }
  }
  for (FolderTier* tier : {tree_.get(), shared_.get()}) {
    if (tier == nullptr) continue;
    if (const Status removed = tier->remove(digest); !removed.ok()) note(tier->source(), removed.error());
  }
}

bool Store::collection_due(std::uint64_t max_bytes) const {
  if (max_bytes == 0) return false;
  return (tree_ != nullptr && tree_->collection_due(max_bytes)) ||
         (shared_ != nullptr && shared_->collection_due(max_bytes)) ||
         (options_.variants != nullptr && options_.variants->written() >= collection_step(max_bytes));
}

CollectReport Store::collect_folder(FolderTier& tier, std::uint64_t max_bytes) {
  auto collected = tier.collect(max_bytes);
  if (collected.ok()) return std::move(*collected);
  note(tier.source(), collected.error());
  return {};
}

/// One process at a time; the others come back when it is due again.
void Store::collect_shared(std::uint64_t max_bytes, StoreCollectReport& report) {
  const auto lock = shared_->lock_for_collection();
  if (!lock) {
    report.shared_busy = lock.error().kind == ErrorKind::exists;
    if (!report.shared_busy) note(HitSource::shared, lock.error());
    return;
  }
  if (options_.variants != nullptr) {
    auto collected = options_.variants->collect(kSharedVariantAgeSeconds, max_bytes / kVariantsShare);
    if (collected.ok()) report.variants = *collected;
    if (!collected.ok()) note(HitSource::shared, collected.error());
  }
  report.shared = collect_folder(*shared_, max_bytes - std::min(max_bytes, report.variants.bytes_left));
}

StoreCollectReport Store::collect(std::uint64_t max_tree_bytes, std::uint64_t max_shared_bytes) {
  StoreCollectReport report;
  if (tree_ != nullptr) report.tree = collect_folder(*tree_, max_tree_bytes);
  if (shared_ != nullptr) collect_shared(max_shared_bytes, report);
  std::set<Digest> removed(report.tree.removed.begin(), report.tree.removed.end());
  removed.insert(report.shared.removed.begin(), report.shared.removed.end());
  for (const Digest& digest : removed) {
    if (in_a_folder(digest)) continue;
    static_cast<void>(memory_.remove(digest));
    report.gone.push_back(digest);
  }
  return report;
}

Status Store::clear(bool shared_too) {
  static_cast<void>(memory_.clear());
  {
    const std::lock_guard guard(mutex_);
    deferred_.clear();
    memory_.release(deferred_size_);
    deferred_size_ = 0;
  }
  Status result;
  for (FolderTier* tier : {tree_.get(), shared_too ? shared_.get() : nullptr}) {
    if (tier == nullptr) continue;
    Status cleared = tier->clear();
    if (!cleared.ok() && cleared.error().kind != ErrorKind::not_found && result.ok()) {
      result = std::move(cleared);
    }
  }
  return result;
}

Tier* Store::tier(HitSource source) {
  switch (source) {
    case HitSource::memory:
      return &memory_;
    case HitSource::tree:
      return tree_.get();
    case HitSource::shared:
      return shared_.get();
    case HitSource::remote:
      return nullptr;
  }
  return nullptr;
}

std::vector<TierHealth> Store::health() const {
  const std::lock_guard guard(mutex_);
  std::vector<TierHealth> all;
  for (const auto& [source, health] : health_) all.push_back(health);
  return all;
}

}  // namespace compiler_cache
