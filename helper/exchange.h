// One launcher's request, from its first frame to its last: classified, keyed, answered, and when it missed,
// learned from. Lives as long as anything about it is under way, which can be longer than its connection.
// Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "depscan/depfile.h"
#include "depscan/include_notes.h"
#include "helper/capture.h"
#include "helper/client.h"
#include "helper/command.h"
#include "helper/context_key.h"
#include "helper/graph_entry.h"
#include "helper/header_lookup.h"
#include "helper/identity.h"
#include "helper/link_places.h"
#include "helper/messages.h"
#include "helper/moved_folders.h"
#include "helper/outcome.h"
#include "helper/path_freedom.h"
#include "helper/recheck.h"
#include "helper/step_memory.h"
#include "helper/step_record.h"
#include "helper/tree_cache.h"
#include "helper/written_files.h"

namespace compiler_cache {

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  /// `client` outlives the exchange or is told off by on_gone(). `build`: the build that the request belongs
  /// to.
  /// `watched_build`: the same if that build is known by its process, else 0: what was looked at during a
  /// build is trusted only if it is certain when it began.
  Exchange(TreeCache& cache, Client& client, std::uint64_t build, std::uint64_t watched_build);

  void on_compile(CompileRequest request);
  void on_compiled(CompileReport report);
  /// What a hit or a miss asks for cannot be done there.
  void on_declined(const std::string& why);
  /// The connection is gone: what was not said will not be, and after a hit nothing need be.
  /// `unheard`: the last answer was not read.
  void on_gone(bool unheard = false);
  /// Whether the client may still say something that matters.
  bool done() const { return phase_ == Phase::done; }

 private:
  enum class Phase : std::uint8_t { fresh, looking, restoring, compiling, capturing, done };
  using IdentityPtr = std::shared_ptr<const Identity>;

  // Looking.
  bool refuse_for_environment();
  void ask_identity(const IdentityQuestion& question, std::function<void(IdentityPtr)> then);
  void ask_identity(const std::string& language, std::vector<std::string> arguments,
                    std::function<void(IdentityPtr)> then);
  ResponseFileReader response_file_reader();
  bool take_classified(Classified classified);
  void classify(const IdentityPtr& identity);
  void look_up(const IdentityPtr& identity);
  void look_in_graph();
  Digest make_key(const Identity& identity);
  bool answer_from_graph();
  void ask_remote();
  void add_path_free_candidate(Remote::Question& question);
  bool answer_hit(const Graph::Entry& entry);
  std::shared_ptr<OpenFile> restorable(const std::shared_ptr<OpenFile>& file);
  bool gather(const Graph::Entry& entry, std::vector<HitOutput>& outputs,
              std::vector<std::shared_ptr<OpenFile>>& files);
  std::shared_ptr<OpenFile> depfile_for(const Artifact& artifact, const std::shared_ptr<OpenFile>& stored,
                                        const Digest& blob);
  Result<std::string> text_of(const Digest& blob, HitSource& source);
  bool is_executable(OutputRole role) const;
  void answer_miss();
  void send_miss_settled();
  void send_miss();
  int settle_delay_ms();

  // Archives.
  void begin_archive();
  void classify_archive(const IdentityPtr& identity);
  bool archive_can_be_kept(const Captured& captured);

  // Links.
  void begin_link();
  void ask_linker(const std::vector<std::string>& argv, std::function<void(IdentityPtr)> then);
  void classify_link_step(const IdentityPtr& identity);
  void ask_link_places();
  void learn_link(Captured captured);
  void learn_link_inputs(const Result<LinkPlaces>& places, Captured captured);
  bool is_own_output(const std::string& path) const;
  bool add_link_input(const std::string& path, std::vector<PathId>& inputs);
  bool add_unfound_name(const std::string& folder, const std::string& name, std::vector<PathId>& inputs,
                        std::vector<AbsentName>& absent);
  bool add_unfound(std::vector<std::string> folders, const std::vector<std::string>& names,
                   std::vector<PathId>& inputs, std::vector<AbsentName>& absent);

  // Learning from include notes.
  bool reads_notes() const;
  void prefer_notes();
  void ask_note_prefix(const std::function<void()>& then);
  void send_miss_with_notes();
  void take_private_notes(CompileReport& report);
  bool add_noted_inputs(const SearchPath& search, std::vector<std::string>& names);

  // Learning.
  void resolve_compiler();
  void capture(CompileReport report);
  void learn(Captured captured);
  void learn_inputs(const SearchPath& search, Captured captured);
  bool collect_inputs(const SearchPath& search, const Captured& captured, std::vector<PathId>& inputs,
                      std::vector<AbsentName>& absent);
  bool check_input(PathId path);
  LookupContext lookup_context(const SearchPath& search) const;
  bool follow_precompiled(const LookupContext& context, std::vector<PathId>& inputs, LookupResult& looked);
  bool use_precompiled(PathId header, std::vector<PathId>& inputs);
  void acknowledge(const std::string& note = {});
  void keep(const std::vector<PathId>& inputs, std::vector<AbsentName> absent, Captured captured);

  // Misses on other machines.
  void put_prefix_before(std::vector<std::string>& argv);
  bool prefix_has_spoken(const std::string& printed) const;

  // Results for every folder.
  struct PathFree {
    Variant variant;  ///< with tokens
    std::optional<CapturedOutput> depfile;
    bool judged = false;  ///< nothing that was read speaks against it
    bool bound = false;   ///< something does
    bool stored = false;  ///< its blobs are
  };
  ContextInput context_input(const Identity& identity) const;
  DepfileDialect dialect() const;
  void judge_freedom();
  bool reached_by_link(const std::string& path);
  bool learn_from_other_folders();
  std::optional<Variant> for_this_folder(const Variant& shared) const;
  std::optional<Variant> if_it_holds(const Variant& shared);
  bool adopt(Variant variant);
  std::shared_ptr<PathFree> path_free_result(const Variant& variant, const Captured& captured);
  std::string put_tokens(Variant& variant) const;
  bool put_tokens_in_depfile(const Captured& captured, PathFree& result) const;
  FolderQuestion question_about_folder(const Variant& variant);
  void share_when_judged(const Variant& variant, const std::shared_ptr<PathFree>& result,
                         std::function<void()> then);
  void share_if_ready(PathFree& result);
  void note_bound();
  void drop_for_all_folders(const Variant& variant, const std::string& why);

  // Rechecking.
  bool is_to_be_rechecked();
  bool begins_recheck(const Graph::Entry& entry, const std::vector<std::shared_ptr<OpenFile>>& files);
  bool recheck_is_conclusive();
  bool ends_as_recheck(const std::vector<CapturedOutput>& found);
  bool fails_unlike_hit(int wait_status);
  void report_difference(const std::string& what);

  // The build's history.
  void mark(StepPhase next);
  void decide_cause();
  void decide_cause_of_stale();
  void add_changed_inputs(const std::vector<PathId>& inputs);
  StepAsked asked() const;
  void remember(const RequestResult& result, const std::string& output, const std::string& detail);
  void count(const RequestResult& result, const std::string& detail);
  void record(const RequestResult& result, const std::string& detail);
  void send_away(std::string_view why);
  void end_of_refused(bool ended);

  // Ending.
  void end_of_hit();
  void refuse(UncacheableReason reason, const std::string& detail);
  void not_kept(UncacheableReason reason, const std::string& detail);
  void finish(const RequestResult& result, const std::string& detail = {});
  void log(const std::string& text);
  std::string absolute(const std::string& path) const;

  TreeCache& cache_;
  Client* client_;
  const std::uint64_t build_;
  const std::uint64_t watched_build_;
  const std::int64_t began_us_;
  Phase phase_ = Phase::fresh;

  CompileRequest request_;
  std::string log_path_;
  std::string resolved_compiler_;
  bool asking_ = false;  ///< for an identity, which may be answered at once
  IdentityPtr identity_;
  Command command_;
  std::vector<std::string> keyed_environment_;
  Digest context_;
  bool colored_ = false;
  std::optional<CommandFreedom> freedom_;  ///< once it matters
  Digest path_free_context_;
  std::unordered_set<std::string> plain_paths_;  ///< that are no links

  // Of a hit.
  HitSource source_ = HitSource::memory;
  std::uint64_t bytes_restored_ = 0;
  std::uint64_t compile_us_ = 0;
  bool remote_asked_ = false;
  Remote::Answer remote_;               ///< of the remote tier, once it was asked
  std::vector<ExpectedFile> expected_;  ///< outputs on their way to their place

  // Of a miss.
  MissReason miss_reason_ = MissReason::first_time;
  std::string miss_detail_;
  std::int64_t start_ns_ = 0;
  std::uint64_t upheavals_ = 0;        ///< by then
  std::optional<MovedFolders> moved_;  ///< since start_ns_
  std::string private_depfile_;
  std::string prefix_;                ///< name of the program that runs the compiler; empty: none
  std::string note_prefix_;           ///< of the compiler's include notes; empty: not known
  std::optional<NotedOutput> noted_;  ///< private notes, and the user's output without them
  CompileReport report_;
  bool waited_ = false;              ///< for a publication of the same context, once
  int settle_waits_ = 0;             ///< for the clock to tick
  Publications::Token publication_;  ///< ours, from the report until the result is there or known not to come
  std::vector<GraphInput> precompiled_;       ///< headers that the compile may have used, by their origin
  std::optional<Recheck> recheck_;            ///< this miss could have been a hit
  std::optional<PathWatches::Mark> written_;  ///< the output, before it was read
  std::optional<Result<LinkPlaces>> link_places_;  ///< once it is known where a link looks
  std::function<void()> when_link_places_;
  bool acknowledged_ = false;

  // Of the build's history.
  const std::uint32_t launcher_;  ///< pid
  StepPhase step_phase_ = StepPhase::identity;
  std::int64_t step_phase_began_us_;
  std::int64_t let_go_us_ = 0;  ///< the launcher, of a miss or a refusal
  bool awaited_ = false;        ///< a refused step is recorded when it has ended
  RequestResult refused_;
  std::string refused_detail_;
  PhaseTimes phases_{};
  std::vector<Cause> causes_;         ///< of a miss, the first is the cause
  std::vector<GraphInput> previous_;  ///< inputs of the variant that did not hold
  bool evicted_ = false;              ///< there was one that held, without its result
  std::string not_kept_;              ///< why nothing is kept of a miss
};

}  // namespace compiler_cache
