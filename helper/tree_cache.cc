#include "helper/tree_cache.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "helper/context_key.h"
#include "helper/file_age.h"
#include "helper/graph_codec.h"
#include "helper/shared_folder.h"
#include "helper/tree_state_codec.h"
#include "helper/variant_codec.h"

namespace compiler_cache {
namespace {

constexpr char kTemporaryFolder[] = "tmp";

constexpr std::size_t kMaxRememberedNotes = 50;
constexpr std::uint64_t kMaxCpuinfo = 16U << 20;

/// A journal that has grown beyond this share of the parts is folded into a snapshot.
constexpr std::uint64_t kJournalShare = 4;

/// During a build that takes long, a crash costs no more than a replay of this much.
constexpr std::int64_t kSnapshotEveryUs = 300'000'000;

/// Of the files that may be open, memory's blobs leave this many times as many to everything else.
constexpr std::size_t kDescriptorShare = 4;

/// Writing results must leave workers for those who wait: captures, compilers that are asked who they are.
constexpr std::size_t kPublishers = 2;

}  // namespace

TreeCache::TreeCache(Seams seams, Config configuration, std::string folder_path, std::uint32_t pid)
    : config(std::move(configuration)),
      roots(config.source_root, config.build_root),
      world(seams.world),
      clock(seams.clock),
      executor(seams.executor),
      processes(seams.processes),
      watches(seams.world, paths, std::move(seams.watches)),
      index(seams.world, seams.clock, paths, contents, &watches),
      written(seams.world, seams.clock, paths, contents, index, watches),
      listings(seams.world, seams.clock, paths, &watches),
      graph(paths, contents, index, listings),
      lookup(seams.world, paths, index, listings),
      folder_knowledge(seams.world, seams.executor, seams.processes),
      identities(seams.world, seams.clock, seams.executor, seams.processes, &watches),
      searches(seams.executor, seams.processes, listings, paths),
      note_prefixes(seams.executor, seams.processes, world, this->config.note_prefix),
      history(seams.clock),
      log(seams.world, seams.clock, folder_path, pid),
      events(seams.world, seams.clock, folder_path, pid),
      publications(std::make_shared<Publications>(seams.executor)),
      folder_(seams.folder),
      folder_path_(std::move(folder_path)),
      pid_(pid),
      components_(seams.clock),
      loading_(seams.executor, {[this] { open(); }, [this] { opened(); }},
               {[this] { load_rest(); }, [this] { rest_loaded(); }}),
      publishing_(seams.executor, kPublishers),
      history_writing_(seams.executor, 1),
      history_files_(seams.folder),
      build_is_over_(seams.build_is_over),
      descriptors_(seams.descriptors),
      began_us_(seams.clock.monotonic_us()),
      extra_roots_(seams.world, seams.clock, config.build_root, config.extra_roots, geteuid()),
      remote_client_(std::move(seams.remote_client)),
      environment_(std::move(seams.environment)),
      snapshot_at_us_(began_us_) {
  if (Result<std::string> cpuinfo = world.read("/proc/cpuinfo", kMaxCpuinfo); cpuinfo.ok()) {
    native_machine = native_machine_text(*cpuinfo);
  }
}

void TreeCache::note(const std::string& sentence) {
  log.warn(sentence);
  if (notes_.size() < kMaxRememberedNotes) notes_.push_back(sentence);
}

std::string TreeCache::private_path() {
  return folder_path_ + "/" + kTemporaryFolder + "/" + std::to_string(pid_) + "-" +
         std::to_string(next_private_++) + ".d";
}

// ---- Loading

/// On a worker: only opened_ and what is locked may be touched.
void TreeCache::open() {
  folder_.make_folder(kTemporaryFolder, 0700).ok();  // most often it is there
  sweep_temporaries();
  open_store();
  components_.begin(Component::counters);
  Result<std::unique_ptr<SessionFolder>> session = SessionFolder::begin(folder_, clock, SessionOptions{});
  if (session.ok()) {
    opened_.session = std::move(*session);
  } else {
    opened_.notes.push_back("nothing will be remembered beyond this helper: " + session.error().message);
  }
}

void TreeCache::open_store() {
  // Only a file on disk can be cloned: no compression, and nothing served from memory.
  const bool bare = config.restore == RestoreMode::reflink;
  std::unique_ptr<FolderTier> tree;
  std::unique_ptr<FolderTier> shared;
  std::vector<std::string>& notes = opened_.notes;
  // By the folder's descriptor, like the sessions: a tree that was removed and made anew is another tree.
  tree = std::make_unique<FolderTier>(folder_, clock, FolderTierOptions{HitSource::tree, {}, bare});
  if (Status made = tree->prepare(); !made.ok()) notes.push_back("the tree's store: " + made.error().message);
  if (!config.shared_dir.empty()) {
    const Status prepared = prepare_shared_folder(world, config.shared_dir, geteuid());
    if (prepared.ok()) {
      FolderTierOptions places{HitSource::shared, config.shared_dir, bare};
      places.owner = geteuid();
      shared = std::make_unique<FolderTier>(folder_, clock, std::move(places));
      if (Status made = shared->prepare(); !made.ok())
        notes.push_back("the shared store: " + made.error().message);
      opened_.shared = std::make_unique<SharedVariants>(world, clock, config.shared_dir, geteuid());
    } else {
      notes.push_back("the shared store is not used: " + prepared.error().message);
    }
  }
  StoreOptions options;
  options.variants = opened_.shared.get();
  options.hold_back = build_is_over_;
  options.memory.files = std::min(options.memory.files, descriptors_ / kDescriptorShare);
  if (bare) options.memory = {0, 0};
  opened_.store = std::make_unique<Store>(folder_, options, std::move(tree), std::move(shared));
}

void TreeCache::opened() {
  store = std::move(opened_.store);
  shared_ = std::move(opened_.shared);
  session_ = std::move(opened_.session);
  for (const std::string& sentence : std::exchange(opened_.notes, {})) note(sentence);
  if (!session_) return components_.fail(Component::counters, "no session");
  load_part(Component::counters, kCountersPartName, [this](std::string_view bytes) {
    Result<BuildCounters> decoded = BuildCounters::decode(bytes);
    if (decoded.ok()) counters = std::move(*decoded);
    return decoded.status();
  });
  for (const std::string& record : session_->journal_records()) {
    if (record.starts_with(kCountersRecord)) replay_counters(record);
  }
  counted_at_publish_ = counters.total().requests();
  for (const std::string& sentence : std::exchange(opened_.notes, {})) note(sentence);
}

/// On a worker, with everything but the store, the counters and the logs to itself.
void TreeCache::load_rest() {
  extra_roots_.read();
  for (const std::string& sentence : extra_roots_.notes()) opened_.notes.push_back(sentence);
  if (!session_) return;
  load_part(Component::files, kFilesPart,
            [this](std::string_view bytes) { return decode_files(bytes, index, paths, contents); });
  load_part(Component::identities, kIdentitiesPart,
            [this](std::string_view bytes) { return decode_identities(bytes, identities); });
  load_part(Component::searches, kSearchesPart,
            [this](std::string_view bytes) { return decode_searches(bytes, searches); });
  load_part(Component::graph, kGraphPart,
            [this](std::string_view bytes) { return decode_graph(bytes, graph, paths, contents); });
  load_memory();
  for (const std::string& record : session_->journal_records()) {
    replay_in_graph(record, graph).ok();  // one that cannot be read is of no use
  }
}

void TreeCache::rest_loaded() {
  for (const std::string& sentence : std::exchange(opened_.notes, {})) note(sentence);
  if (session_) {
    if (session_->salvaged() > 0) events.write("salvage", {{"records", session_->salvaged()}});
    for (const std::string& sentence : session_->notes()) note(sentence);
    session_->release_loaded();
  }
  extra_roots_.add_to(*store, folder_);
  open_remote();
  store->set_writes_paused(quiet_);
  events.write("loaded", {{"contexts", graph.context_count()},
                          {"variants", graph.variant_count()},
                          {"files", index.entries().size()},
                          {"bytes", session_ ? session_->part_bytes() : 0},
                          {"ms", static_cast<std::uint64_t>(clock.monotonic_us() - began_us_) / 1000}});
  flush_records();
}

void TreeCache::load_part(Component component, const char* name,
                          const std::function<Status(std::string_view)>& decode) {
  components_.begin(component);
  auto found = session_->parts().find(name);
  if (found == session_->parts().end()) return components_.ready(component);
  const LoadedPart& part = found->second;
  const Status status = part.status.ok() ? decode(part.bytes) : part.status;
  if (status.ok()) return components_.ready(component);
  components_.fail(component, status.error().message);
  opened_.notes.push_back(std::string("part '") + name + "' starts empty: " + status.error().message);
}

/// This helper holds the tree's lock: whatever lies there is of one that is gone.
void TreeCache::sweep_temporaries() {
  Result<std::vector<FolderEntry>> left = folder_.list(kTemporaryFolder);
  if (!left.ok()) return;
  for (const FolderEntry& entry : *left)
    folder_.remove(std::string(kTemporaryFolder) + "/" + entry.name).ok();
}

void TreeCache::replay_counters(std::string_view record) {
  // A part that was written later has counted more.
  Result<BuildCounters> decoded = BuildCounters::decode(record.substr(1));
  if (decoded.ok() && decoded->total().requests() > counters.total().requests())
    counters = std::move(*decoded);
}

bool TreeCache::learn_from_shared(const Digest& context) {
  if (learn_from_extra_roots(context)) return true;
  if (!shared_ || !shared_asked_.insert(context).second) return false;
  Result<std::vector<Variant>> variants = shared_->list(context);
  if (!variants.ok()) return false;
  // Newest first: the graph puts each new one in front.
  bool added = false;
  for (auto variant = variants->rbegin(); variant != variants->rend(); ++variant) {
    if (is_dropped(context, *variant)) continue;
    graph.add(context, *variant);
    added = true;
  }
  return added;
}

/// What is of no use here now is not kept. What is, is a result like others.
bool TreeCache::learn_from_extra_roots(const Digest& context) {
  const std::vector<Variant> variants = extra_roots_.list(context);
  for (const Variant& variant : variants) {
    if (!graph.would_hold(variant) || is_dropped(context, variant)) continue;
    const std::vector<ArtifactOutput>& outputs = variant.artifact.outputs;
    if (!std::all_of(outputs.begin(), outputs.end(),
                     [this](const ArtifactOutput& output) { return store->has(output.blob); }))
      continue;
    graph.add(context, variant);
    if (Result<std::string> encoded = encode_variant({context, variant}); encoded.ok())
      record(kVariantRecord + *encoded);
    return true;
  }
  return false;
}

void TreeCache::add(const Digest& context, Variant variant, std::vector<CapturedOutput> blobs,
                    Publications::Token publication, ResultKeeping keeping) {
  bool in_memory = true;
  for (const CapturedOutput& blob : blobs) {
    Result<std::shared_ptr<OpenFile>> file = world.open_bytes(blob.bytes);
    // Too large for memory: then it is served from disk, once it is there.
    in_memory = file.ok() && store->remember(blob.digest, std::move(*file)).ok() && in_memory;
  }
  graph.add(context, variant);
  if (in_memory) publication.reset();
  begin_pending();
  auto stored = std::make_shared<StoredVariant>(StoredVariant{context, std::move(variant)});
  const std::uint64_t number = ++added_;
  auto bytes = std::make_shared<std::vector<CapturedOutput>>(std::move(blobs));
  auto failure = std::make_shared<Status>();
  publishing_.run(
      [this, stored, bytes, failure, for_others = keeping.for_others] {
        for (const CapturedOutput& blob : *bytes) {
          if (Result<PutOutcome> put = store->put(blob.digest, blob.bytes); !put.ok()) *failure = put.error();
        }
        if (failure->ok() && shared_ && for_others) shared_->add(stored->context, stored->variant).ok();
      },
      [this, stored, failure, number, for_servers = keeping.for_servers, then = std::move(keeping.then),
       held = std::make_shared<Publications::Token>(std::move(publication))] {
        if (failure->ok()) {
          if (Result<std::string> encoded = encode_variant(*stored); encoded.ok())
            record(kVariantRecord + *encoded);
        } else {
          note("a result is kept in memory only: " + failure->error().message);
        }
        forget_if_dropped_since(number, stored);
        if (remote_ && for_servers && failure->ok()) remote_->publish(stored->context);
        held->reset();
        if (then) then(failure->ok());
        collect_if_due();  // a build may be long, and others write too
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
  if (quiet_ || !loaded(Need::full) || (build_is_over_ && build_is_over_())) return;
  flush_records();
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
  if (!loaded(Need::full)) return;
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
  if (!loaded(Need::full)) return;
  if (counters.total().requests() == counted_at_checkpoint_) return;
  counted_at_checkpoint_ = counters.total().requests();
  record(kCountersRecord + counters.encode());
}

void TreeCache::publish() {
  if (!session_ || loading_.under_way()) return;
  const bool counted = counters.total().requests() != counted_at_publish_;
  if (!counted && !session_->changed() && held_records_.empty()) return;
  const std::int64_t began = clock.monotonic_us();
  session_->notice_deletion();
  flush_records();
  const bool snapshot =
      session_->needs_snapshot() || session_->journal_bytes() > session_->part_bytes() / kJournalShare;
  // What was not loaded is on disk as it was: it stays so.
  const bool done = loaded(Need::full) ? publish_whole(snapshot) : publish_counters();
  if (!done) return;
  counted_at_publish_ = counters.total().requests();
  session_->collect();
  const Graph::Lookups lookups = graph.lookups();
  events.write("persist", {{"contexts", graph.context_count()},
                           {"variants", graph.variant_count()},
                           {"cold", lookups.cold - looked_up_at_publish_.cold},
                           {"warm", lookups.warm - looked_up_at_publish_.warm},
                           {"stale", lookups.stale - looked_up_at_publish_.stale},
                           {"bytes", session_->part_bytes() + session_->journal_bytes()},
                           {"snapshot", static_cast<std::uint64_t>(snapshot)},
                           {"us", static_cast<std::uint64_t>(clock.monotonic_us() - began)}});
  looked_up_at_publish_ = lookups;
}

bool TreeCache::publish_counters() {
  if (session_->needs_snapshot() || !replace(kCountersPartName, counters.encode())) return false;
  return session_->publish(PublishMode::with_journal).ok();
}

bool TreeCache::publish_whole(bool snapshot) {
  // A snapshot takes the journal's place: with a part missing, what only the journal has would be lost. So
  // the working folder stays as it is, for the next try or for salvage.
  if (!write_parts(snapshot) && snapshot) return false;
  Result<PublishOutcome> published =
      session_->publish(snapshot ? PublishMode::snapshot : PublishMode::with_journal);
  if (!published.ok()) note("the session is not published: " + published.error().message);
  if (published.ok() && snapshot) snapshot_at_us_ = clock.monotonic_us();
  return published.ok();
}

void TreeCache::publish_if_due() {
  if (!session_ || !loaded(Need::full) || quiet_) return;
  if (clock.monotonic_us() - snapshot_at_us_ < kSnapshotEveryUs) return;
  snapshot_at_us_ = clock.monotonic_us();
  write_history();
  if (!session_->changed()) return;
  flush_records();
  if (publish_whole(true)) session_->collect();
}

void TreeCache::collect_if_due() {
  if (!loaded(Need::full)) return;
  if (collecting_ || !store->collection_due(config.max_size)) return;
  collecting_ = true;
  begin_pending();
  auto report = std::make_shared<StoreCollectReport>();
  executor.run(
      [this, report] { *report = store->collect(config.max_size, config.max_size); },
      [this, report] {
        collecting_ = false;
        const std::uint64_t removed = report->tree.bytes_removed + report->shared.bytes_removed;
        const std::size_t entries = graph.drop_blobs({report->gone.begin(), report->gone.end()});
        if (removed > 0) {
          events.write("collect", {{"bytes", removed}, {"blobs", report->gone.size()}, {"entries", entries}});
        }
        end_pending();
      });
}

void TreeCache::end() {
  if (loading_.under_way()) return;  // what was read is still there, and nothing was added to it
  close_remote();
  publish();
  Status put = write_news(history.take());
  if (put && !memory.frozen() && memory.take_changed()) put = write_memory();
  if (!put) note("the history of builds is not written: " + put.error().message);
  if (!loaded(Need::light)) return;
  sweep_temporaries();
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

}  // namespace compiler_cache
