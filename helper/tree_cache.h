// Everything that the helper of one build tree knows, put together: tables, indexes, store, session.
// Exchanges work on it one at a time, on the loop's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "helper/build_history.h"
#include "helper/capture.h"
#include "helper/clock.h"
#include "helper/component.h"
#include "helper/config.h"
#include "helper/content_index.h"
#include "helper/counters.h"
#include "helper/decision_log.h"
#include "helper/event_log.h"
#include "helper/executor.h"
#include "helper/extra_roots.h"
#include "helper/folder_knowledge.h"
#include "helper/folder_listings.h"
#include "helper/graph.h"
#include "helper/header_lookup.h"
#include "helper/history_files.h"
#include "helper/identity_cache.h"
#include "helper/loading.h"
#include "helper/names.h"
#include "helper/note_prefixes.h"
#include "helper/path_watches.h"
#include "helper/publications.h"
#include "helper/recheck.h"
#include "helper/remote.h"
#include "helper/remote_settings.h"
#include "helper/root_tokens.h"
#include "helper/search_path_cache.h"
#include "helper/session_folder.h"
#include "helper/shared_variants.h"
#include "helper/status_report.h"
#include "helper/step_memory.h"
#include "helper/store.h"
#include "helper/variant_codec.h"
#include "helper/work_queue.h"
#include "helper/written_files.h"

namespace compiler_cache {

/// How a result is kept.
struct ResultKeeping {
  bool for_others = true;               ///< in the shared store, too
  bool for_servers = true;              ///< through the remote tier, too
  std::function<void(bool)> then = {};  ///< told whether all of it is stored
};

class TreeCache {
 public:
  struct Seams {
    FileSystem& world;   ///< absolute paths
    FileSystem& folder;  ///< rooted at this tree's .compiler-cache, by descriptor
    const Clock& clock;
    Executor& executor;
    ProcessRunner& processes;
    /// Asked before each write in the tree, by any thread: true when the build is over, though set_quiet()
    /// has not been called yet. May be empty.
    std::function<bool()> build_is_over = {};
    /// Null: files and folders are looked at in each request.
    std::unique_ptr<WatchSource> watches = nullptr;
    /// Makes the client of a server; empty: there are none.
    std::function<Result<std::unique_ptr<RemoteClient>>(const RemoteTarget&)> remote_client = {};
    EnvironmentReader environment = [](const char*) { return std::nullopt; };
    /// How many files this process may have open.
    std::size_t descriptors = 65536;
  };

  TreeCache(Seams seams, Config config, std::string folder_path, std::uint32_t pid);

  /// Takes over what earlier helpers left, as far as is needed and not done yet, and then calls. What cannot
  /// be read is noted and starts empty. Nothing else here but the status may be used before: store and
  /// counters from `light` on, the rest from `full` on.
  void when_loaded(Need need, std::function<void()> call) { loading_.want(need, std::move(call)); }
  bool loaded(Need need) const { return loading_.has(need); }
  /// For the end: loads no more, and calls when nothing is being loaded.
  void stop_loading(std::function<void()> call) { loading_.stop(std::move(call)); }

  /// Looks for variants of the context that other trees have learned. True when there are new ones. Of extra
  /// roots, only what holds is taken.
  bool learn_from_shared(const Digest& context);

  /// Whether a remote tier is to be asked for what is not here.
  bool has_remote() const { return remote_ != nullptr; }
  /// A context that this build asks for, whoever answers: what the next one on an empty tree will ask for.
  void note_asked(const Digest& context) {
    if (remote_) remote_->note_asked(context);
  }
  /// A result of this context in the remote tier becomes one of this tree's.
  Remote::Candidate remote_candidate(const Digest& context, std::uint64_t build);
  /// Asks the remote tier; `then` is called once, in bounded time.
  void ask_remote(Remote::Question question) { remote_->ask(std::move(question)); }
  /// Sends a result that add() was told not to send.
  void publish_remote(const Digest& context) {
    if (remote_) remote_->publish(context);
  }
  /// Blobs that came from the remote tier, for what is to be added: they serve at once.
  void take_blobs(std::vector<CapturedOutput> blobs);
  /// The build is over. What is on its way to the remote tier goes on.
  void remote_build_ended();
  /// Now and then, also while nothing is built: what waits to be sent goes on.
  void tick_remote() {
    if (remote_) remote_->tick();
  }
  /// For the end: calls when everything is sent that can be, or after a while.
  void when_remote_is_done(std::function<void()> call);

  /// Registers a result: it serves the next request at once, and is written in the background. `publication`
  /// is let go of as soon as another request can have it.
  void add(const Digest& context, Variant variant, std::vector<CapturedOutput> blobs,
           Publications::Token publication = {}, ResultKeeping keeping = {});

  /// Whether results can reach other trees at all.
  bool shares() const { return shared_ != nullptr || remote_ != nullptr; }
  /// What other trees have shared under the key of path-free results, newest first; with tokens for paths.
  std::vector<Variant> path_free_variants(const Digest& context);
  /// Shares a result for all folders, and the blob that is its depfile. In the background.
  void share_path_free(const Digest& context, Variant variant, std::optional<CapturedOutput> depfile);

  /// A note for the status and the log, unless it is there already.
  void note_once(const std::string& sentence);

  /// Drops what this variant says of its inputs, which has turned out wrong: here, and for other trees and
  /// later helpers. Extra roots keep theirs, which is not taken again by this helper. `why`: a sentence for
  /// the status and the log.
  void drop(const Digest& context, const Variant& variant, const std::string& why);

  /// Whether that was dropped, of a variant that came from elsewhere.
  bool is_dropped(const Digest& context, const Variant& variant) const;

  /// The build has ended, or a new one begins: while quiet, no new name is made in the tree (`rm -rf build`
  /// may be under way). Un-quieting writes what was held back.
  void set_quiet(bool quiet);

  /// Puts the counters into the journal, if they moved: what a crash would lose otherwise.
  void checkpoint();
  /// Writes what is not yet on disk and seals the session. With nothing changed it does nothing.
  void publish();
  /// The same as a full snapshot, now and then during a long build.
  void publish_if_due();
  /// Counts a request, in the build's history as well.
  void count(const RequestResult& result, std::uint64_t build, const EndedStep& step);
  /// Takes what launchers have recorded of calls that went past us; they count for that build, if it runs.
  void fold_bypassed_calls(std::uint64_t build);
  /// Writes what is new of the history in the background, and then calls.
  void write_history(std::function<void(const Status&)> then = {});
  /// Seals and ends the session for good.
  void end();
  /// Brings tree and shared store under the size limit, in the background, when enough was written or enough
  /// time has gone by; cheap to ask. The graph then points at nothing that went.
  void collect_if_due();
  /// Empties this tree's cache, and the shared store too when asked; counters stay.
  Status clear(bool shared_too);

  /// Results on their way to the disk, and outputs being looked at.
  std::size_t pending() const { return pending_; }
  void begin_pending() { ++pending_; }
  void end_pending();
  /// Calls once nothing is pending; at once if nothing is.
  void when_settled(std::function<void()> call);

  /// Reads how much each tier holds, in the background, for the status.
  void measure(std::function<void()> then);
  void fill(StatusReport& report) const;

  const Config config;
  const RootTokens roots;
  FileSystem& world;
  const Clock& clock;
  Executor& executor;
  ProcessRunner& processes;

  PathTable paths;
  ContentTable contents;
  PathWatches watches;
  ContentIndex index;
  WrittenFiles written;
  FolderListings listings;
  Graph graph;
  HeaderLookup lookup;
  FolderKnowledge folder_knowledge;
  IdentityCache identities;
  SearchPathCache searches;
  NotePrefixes note_prefixes;
  BuildCounters counters;
  BuildHistory history;
  StepMemory memory;
  DecisionLog log;
  EventLog events;
  std::unique_ptr<Store> store;  ///< from `light` on
  std::shared_ptr<Publications> publications;
  std::string native_machine;
  RecheckShare recheck_share;

  /// Begins a request: files and folders are looked at anew, but for those that were looked at in the same
  /// run of the build tool and of which any change would have been told. `build`: that run; 0: all of them.
  void begin_request(std::uint64_t build = 0) {
    watches.begin_request(build);
    index.begin_request();
    listings.begin_request();
  }
  /// An unused path for a private depfile or other temporary files.
  std::string private_path();

 private:
  /// What the first stage of loading makes, on a worker.
  struct Opened {
    std::unique_ptr<Store> store;
    std::unique_ptr<SharedVariants> shared;
    std::unique_ptr<SessionFolder> session;
    std::vector<std::string> notes;
  };
  struct TierMeasure {
    HitSource source;
    TierUsage usage;
    TierHealth health;
  };

  bool learn_from_extra_roots(const Digest& context);
  void open_remote();
  Remote::Local remote_needs();
  void close_remote();
  void fill_remote(StatusReport& report) const;
  void open();
  void open_store();
  void opened();
  void sweep_temporaries();
  void load_rest();
  void rest_loaded();
  void load_part(Component component, const char* name,
                 const std::function<Status(std::string_view)>& decode);
  void replay_counters(std::string_view record);
  void load_memory();
  Status write_memory();
  Status write_news(const std::vector<BuildHistory::News>& news);
  bool publish_counters();
  bool publish_whole(bool snapshot);
  void record(std::string record);
  void flush_records();
  bool write_parts(bool with_graph);  ///< false when one could not be written
  bool replace(const char* name, const std::string& bytes);
  void note(const std::string& sentence);
  void forget(std::shared_ptr<const StoredVariant> stored);
  void forget_if_dropped_since(std::uint64_t number, const std::shared_ptr<const StoredVariant>& stored);

  FileSystem& folder_;
  const std::string folder_path_;
  const std::uint32_t pid_;
  Components components_;
  Loading loading_;
  Opened opened_;  ///< belongs to the loading while that is under way
  WorkQueue publishing_;
  WorkQueue history_writing_;  ///< one after the other
  HistoryFiles history_files_;
  const std::function<bool()> build_is_over_;
  const std::size_t descriptors_;
  const std::int64_t began_us_;
  std::unique_ptr<SharedVariants> shared_;
  ExtraRoots extra_roots_;
  std::unique_ptr<SessionFolder> session_;
  const std::function<Result<std::unique_ptr<RemoteClient>>(const RemoteTarget&)> remote_client_;
  const EnvironmentReader environment_;
  std::unique_ptr<Remote> remote_;
  std::unordered_set<Digest> shared_asked_;
  std::uint64_t added_ = 0;  ///< variants, by add()
  /// What was dropped (claim_of), and how many variants had been added by then.
  std::unordered_map<Digest, std::uint64_t> dropped_;
  std::deque<std::string> held_records_;  ///< while quiet
  bool quiet_ = false;
  std::size_t pending_ = 0;
  std::vector<std::function<void()>> when_settled_;
  std::uint64_t next_private_ = 0;
  std::vector<std::string> notes_;
  std::vector<TierMeasure> measures_;
  std::int64_t snapshot_at_us_ = 0;
  bool collecting_ = false;
  std::uint64_t counted_at_publish_ = 0;
  Graph::Lookups looked_up_at_publish_;
  std::uint64_t counted_at_checkpoint_ = 0;
};

}  // namespace compiler_cache
