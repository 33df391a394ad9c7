#include "helper/tree_cache.h"

#include <unistd.h>

#include <utility>

#include "helper/context_key.h"
#include "helper/shared_folder.h"
#include "helper/tree_state_codec.h"
#include "helper/variant_codec.h"

namespace compiler_cache {
namespace {

constexpr char kTemporaryFolder[] = "tmp";

constexpr std::size_t kMaxNotes = 50;
constexpr std::uint64_t kMaxCpuinfo = 16U << 20;

/// A collection reads the whole store's folders.
constexpr std::int64_t kCollectEveryUs = 600'000'000;

/// What no tree has looked at for so long is not worth keeping in the shared store.
constexpr std::int64_t kSharedVariantAgeSeconds = 90LL * 24 * 3600;

/// A journal that has grown beyond this share of the parts is folded into a snapshot.
constexpr std::uint64_t kJournalShare = 4;

}  // namespace

TreeCache::TreeCache(const Seams& seams, Config configuration, std::string folder_path, std::uint32_t pid)
    : config(std::move(configuration)),
      world(seams.world),
      clock(seams.clock),
      executor(seams.executor),
      index(seams.world, seams.clock, paths, contents),
      listings(seams.world, seams.clock, paths),
      graph(paths, contents, index, listings),
      lookup(seams.world, paths, index, listings),
      identities(seams.world, seams.clock, seams.executor, seams.processes),
      searches(seams.executor, seams.processes, listings, paths),
      log(seams.world, seams.clock, folder_path, pid),
      events(seams.world, seams.clock, folder_path, pid),
      folder_(seams.folder),
      folder_path_(std::move(folder_path)),
      pid_(pid) {
  if (Result<std::string> cpuinfo = world.read("/proc/cpuinfo", kMaxCpuinfo); cpuinfo.ok()) {
    native_machine = native_machine_text(*cpuinfo);
  }
}

void TreeCache::note(const std::string& sentence) {
  log.warn(sentence);
  if (notes_.size() < kMaxNotes) notes_.push_back(sentence);
}

std::string TreeCache::private_path() {
  return folder_path_ + "/" + kTemporaryFolder + "/" + std::to_string(pid_) + "-" +
         std::to_string(next_private_++) + ".d";
}

void TreeCache::open_store() {
  // Only a file on disk can be cloned: no compression, and nothing served from memory.
  const bool bare = config.restore == RestoreMode::reflink;
  std::unique_ptr<FolderTier> tree;
  std::unique_ptr<FolderTier> shared;
  // By the folder's descriptor, like the sessions: a tree that was removed and made anew is another tree.
  tree = std::make_unique<FolderTier>(folder_, clock, FolderTierOptions{HitSource::tree, {}, bare});
  if (Status made = tree->prepare(); !made.ok()) note("the tree's store: " + made.error().message);
  if (!config.shared_dir.empty()) {
    const Status prepared = prepare_shared_folder(world, config.shared_dir, geteuid());
    if (prepared.ok()) {
      shared = std::make_unique<FolderTier>(folder_, clock,
                                            FolderTierOptions{HitSource::shared, config.shared_dir, bare});
      if (Status made = shared->prepare(); !made.ok()) note("the shared store: " + made.error().message);
      shared_ = std::make_unique<SharedVariants>(world, clock, config.shared_dir, geteuid());
    } else {
      note("the shared store is not used: " + prepared.error().message);
    }
  }
  StoreOptions options;
  if (bare) options.memory = {0, 0};
  store = std::make_unique<Store>(folder_, options, std::move(tree), std::move(shared));
}

void TreeCache::load_part(const char* name, const std::function<Status(std::string_view)>& decode) {
  auto found = session_->parts().find(name);
  if (found == session_->parts().end()) return;
  const LoadedPart& part = found->second;
  const Status status = part.status.ok() ? decode(part.bytes) : part.status;
  if (!status.ok()) note(std::string("part '") + name + "' starts empty: " + status.error().message);
}

void TreeCache::load() {
  folder_.make_folder(kTemporaryFolder, 0700).ok();  // most often it is there
  sweep_temporaries();
  open_store();
  Result<std::unique_ptr<SessionFolder>> session = SessionFolder::begin(folder_, clock, SessionOptions{});
  if (!session.ok()) {
    note("nothing will be remembered beyond this helper: " + session.error().message);
    return;
  }
  session_ = std::move(*session);
  load_part(kCountersPartName, [this](std::string_view bytes) {
    Result<BuildCounters> decoded = BuildCounters::decode(bytes);
    if (decoded.ok()) counters = std::move(*decoded);
    return decoded.status();
  });
  load_part(kFilesPart,
            [this](std::string_view bytes) { return decode_files(bytes, index, paths, contents); });
  load_part(kIdentitiesPart, [this](std::string_view bytes) { return decode_identities(bytes, identities); });
  load_part(kSearchesPart, [this](std::string_view bytes) { return decode_searches(bytes, searches); });
  load_part(kGraphPart,
            [this](std::string_view bytes) { return decode_graph(bytes, graph, paths, contents); });
  for (const std::string& record : session_->journal_records()) replay(record);
  if (session_->salvaged() > 0) {
    events.write("salvage", {{"records", session_->salvaged()}});
  }
  for (const std::string& sentence : session_->notes()) note(sentence);
  session_->release_loaded();
  counted_at_publish_ = counters.total().requests();
}

/// This helper holds the tree's lock: whatever lies there is of one that is gone.
void TreeCache::sweep_temporaries() {
  Result<std::vector<FolderEntry>> left = folder_.list(kTemporaryFolder);
  if (!left.ok()) return;
  for (const FolderEntry& entry : *left)
    folder_.remove(std::string(kTemporaryFolder) + "/" + entry.name).ok();
}

void TreeCache::replay(const std::string& record) {
  const std::string_view payload = std::string_view(record).substr(record.empty() ? 0 : 1);
  if (record.starts_with(kVariantRecord)) {
    if (Result<StoredVariant> stored = decode_variant(payload); stored.ok()) {
      graph.add(stored->context, stored->variant);
    }
  } else if (record.starts_with(kCountersRecord)) {
    // A part that was written later has counted more.
    Result<BuildCounters> decoded = BuildCounters::decode(payload);
    if (decoded.ok() && decoded->total().requests() > counters.total().requests())
      counters = std::move(*decoded);
  }
}

bool TreeCache::learn_from_shared(const Digest& context) {
  if (!shared_ || !shared_asked_.insert(context).second) return false;
  Result<std::vector<Variant>> variants = shared_->list(context);
  if (!variants.ok()) return false;
  // Newest first: the graph puts each new one in front.
  for (auto variant = variants->rbegin(); variant != variants->rend(); ++variant)
    graph.add(context, *variant);
  return !variants->empty();
}

void TreeCache::add(const Digest& context, Variant variant, std::vector<CapturedOutput> blobs) {
  for (const CapturedOutput& blob : blobs) {
    if (Result<std::shared_ptr<OpenFile>> file = world.open_bytes(blob.bytes); file.ok()) {
      // Too large for memory: then it is served from disk.
      store->remember(blob.digest, std::move(*file)).ok();
    }
  }
  graph.add(context, variant);
  begin_pending();
  auto stored = std::make_shared<StoredVariant>(StoredVariant{context, std::move(variant)});
  auto bytes = std::make_shared<std::vector<CapturedOutput>>(std::move(blobs));
  auto failure = std::make_shared<Status>();
  executor.run(
      [this, stored, bytes, failure] {
        for (const CapturedOutput& blob : *bytes) {
          if (Result<PutOutcome> put = store->put(blob.digest, blob.bytes); !put.ok()) *failure = put.error();
        }
        if (failure->ok() && shared_) shared_->add(stored->context, stored->variant).ok();
      },
      [this, stored, failure] {
        if (failure->ok()) {
          if (Result<std::string> encoded = encode_variant(*stored); encoded.ok())
            record(kVariantRecord + *encoded);
        } else {
          note("a result is kept in memory only: " + failure->error().message);
        }
        end_pending();
      });
}

void TreeCache::end_pending() {
  if (--pending_ > 0) return;
  std::vector<std::function<void()>> calls = std::exchange(when_settled_, {});
  for (const auto& call : calls) call();
}

void TreeCache::when_settled(std::function<void()> call) {
  if (pending_ == 0) return call();
  when_settled_.push_back(std::move(call));
}

void TreeCache::record(std::string record) {
  held_records_.push_back(std::move(record));
  if (!quiet_) flush_records();
}

void TreeCache::flush_records() {
  for (; !held_records_.empty(); held_records_.pop_front()) {
    if (!session_) continue;
    // What cannot be written is in memory all the same: the session asks for a snapshot.
    if (Status appended = session_->append(held_records_.front()); !appended.ok()) {
      note("the journal: " + appended.error().message);
    }
  }
}

void TreeCache::set_quiet(bool quiet) {
  if (quiet_ == quiet) return;
  quiet_ = quiet;
  store->set_writes_paused(quiet);
  if (quiet) return;
  flush_records();
  if (store->deferred() == 0) return;
  begin_pending();
  executor.run([this] { store->write_deferred().ok(); }, [this] { end_pending(); });
}

bool TreeCache::replace(const char* name, const std::string& bytes) {
  const Status replaced = session_->replace_part(name, bytes);
  if (!replaced.ok()) note(std::string("part '") + name + "' is not persisted: " + replaced.error().message);
  return replaced.ok();
}

bool TreeCache::write_parts(bool with_graph) {
  bool all = replace(kCountersPartName, counters.encode());
  all = replace(kFilesPart, encode_files(index, paths, contents)) && all;
  if (identities.take_changed() || with_graph)
    all = replace(kIdentitiesPart, encode_identities(identities)) && all;
  if (searches.take_changed() || with_graph) all = replace(kSearchesPart, encode_searches(searches)) && all;
  if (with_graph) all = replace(kGraphPart, encode_graph(graph, paths, contents)) && all;
  return all;
}

void TreeCache::checkpoint() {
  if (counters.total().requests() == counted_at_checkpoint_) return;
  counted_at_checkpoint_ = counters.total().requests();
  record(kCountersRecord + counters.encode());
}

void TreeCache::publish() {
  if (!session_) return;
  const bool counted = counters.total().requests() != counted_at_publish_;
  if (!counted && !session_->changed() && held_records_.empty()) return;
  flush_records();
  const bool snapshot =
      session_->needs_snapshot() || session_->journal_bytes() > session_->part_bytes() / kJournalShare;
  // A snapshot takes the journal's place: with a part missing, what only the journal has would be lost. So
  // the working folder stays as it is, for the next try or for salvage.
  if (!write_parts(snapshot) && snapshot) return;
  Result<PublishOutcome> published =
      session_->publish(snapshot ? PublishMode::snapshot : PublishMode::with_journal);
  if (!published.ok()) {
    note("the session is not published: " + published.error().message);
    return;
  }
  counted_at_publish_ = counters.total().requests();
  session_->collect();
}

void TreeCache::collect_if_due() {
  const std::int64_t now = clock.monotonic_us();
  if (config.max_size == 0 || (collected_at_us_ != 0 && now - collected_at_us_ < kCollectEveryUs)) return;
  collected_at_us_ = now;
  begin_pending();
  auto report = std::make_shared<StoreCollectReport>();
  executor.run(
      [this, report] {
        *report = store->collect(config.max_size, config.max_size);
        if (shared_) shared_->collect(kSharedVariantAgeSeconds).ok();
      },
      [this, report] {
        const std::uint64_t removed = report->tree.bytes_removed + report->shared.bytes_removed;
        // Entries that point at what went are dropped when a request meets them: then the blob is
        // not found.
        if (removed > 0) events.write("collect", {{"bytes", removed}, {"blobs", report->gone.size()}});
        end_pending();
      });
}

void TreeCache::end() {
  publish();
  if (session_) session_->end().ok();
}

Status TreeCache::clear(bool shared_too) {
  graph.clear();
  shared_asked_.clear();
  held_records_.clear();
  Status cleared = store->clear(shared_too);
  if (shared_too && shared_) shared_->clear().ok();
  if (session_) {
    if (Status destroyed = session_->destroy(); !destroyed.ok()) return destroyed;
    write_parts(true);
  }
  return cleared;
}

void TreeCache::fill(StatusReport& report) const {
  const auto component = [&](const char* name, std::uint64_t entries) {
    ComponentStatus status;
    status.name = name;
    status.state = "ready";
    status.entries = entries;
    report.components.push_back(std::move(status));
  };
  component("dependency graph", graph.context_count());
  component("stat cache", index.entries().size());
  component("compiler identities", identities.entries().size());
  component("search paths", searches.entries().size());
  for (HitSource source : {HitSource::memory, HitSource::tree, HitSource::shared}) {
    Tier* tier = store->tier(source);
    if (tier == nullptr) continue;
    StoreStatus status;
    status.name = tier->name();
    if (source == HitSource::tree) status.path = folder_path_ + "/objects";
    if (source == HitSource::shared) status.path = config.shared_dir + "/objects";
    if (Result<TierUsage> usage = tier->usage(); usage.ok()) {
      status.objects = usage->blobs;
      status.bytes = usage->bytes;
    }
    if (source != HitSource::memory) status.limit = config.max_size;
    report.stores.push_back(std::move(status));
  }
  report.notes.insert(report.notes.end(), notes_.begin(), notes_.end());
}

}  // namespace compiler_cache
