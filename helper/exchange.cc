#include "helper/exchange.h"

#include <algorithm>
#include <array>
#include <utility>

#include "depscan/depfile.h"
#include "helper/command_link.h"
#include "helper/driver_mode.h"
#include "helper/environment.h"
#include "helper/path_text.h"
#include "helper/program_arguments.h"
#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kMaxResponseFile = 4U << 20;

/// What the same compile's publication is waited for: far less than most compiles take.
constexpr int kPublicationWaitMs = 1000;

/// Which -x the compiler is asked with before the command is understood; asked again if it was wrong.
std::string guess_language(const std::vector<std::string>& argv) {
  const bool c =
      std::any_of(argv.begin(), argv.end(), [](const std::string& word) { return word.ends_with(".c"); });
  return c ? "c" : "c++";
}

/// The language to ask with for one that has no preprocessor, or whose programs are those of another.
std::string language_to_ask(Language language) {
  switch (language) {
    case Language::cxx:
    case Language::cxx_preprocessed:
    case Language::cxx_header:
      return "c++";
    case Language::objective_c:
    case Language::objective_c_preprocessed:
    case Language::objective_c_header:
      return "objective-c";
    case Language::objective_cxx:
    case Language::objective_cxx_preprocessed:
    case Language::objective_cxx_header:
      return "objective-c++";
    default:
      return "c";
  }
}

/// Reasons that lie in the moment, not in the sources: such a compile is counted as the miss that it was.
bool is_transient(UncacheableReason reason) {
  return reason == UncacheableReason::input_changed_during_compile ||
         reason == UncacheableReason::input_unreadable || reason == UncacheableReason::output_missing ||
         reason == UncacheableReason::depfile_missing || reason == UncacheableReason::prefix_message;
}

}  // namespace

Exchange::Exchange(TreeCache& cache, Client& client, std::uint64_t build, std::uint64_t watched_build)
    : cache_(cache),
      client_(&client),
      build_(build),
      watched_build_(watched_build),
      began_us_(cache.clock.monotonic_us()),
      launcher_(static_cast<std::uint32_t>(client.pid())),
      step_phase_began_us_(began_us_) {}

std::string Exchange::absolute(const std::string& path) const { return absolute_path(request_.cwd, path); }

void Exchange::log(const std::string& text) {
  if (!log_path_.empty()) cache_.log.decide(log_path_, text);
}

// ---- Looking

void Exchange::on_compile(CompileRequest request) {
  if (phase_ != Phase::fresh) return;
  phase_ = Phase::looking;
  request_ = std::move(request);
  const Environment environment(request_.environment);
  log_path_ = environment.get("COMPILER_CACHE_LOG").value_or("");
  if (!log_path_.empty()) log_path_ = absolute(log_path_);
  cache_.begin_request(watched_build_);
  const StepKind step = step_of(request_.flags);
  if (step == StepKind::archive) return begin_archive();
  if (step == StepKind::link) return begin_link();
  if (refuse_for_environment()) return;
  ask_identity(guess_language(request_.argv), driver_mode_arguments(request_.argv),
               [this](const IdentityPtr& identity) { classify(identity); });
}

bool Exchange::refuse_for_environment() {
  const Environment environment(request_.environment);
  for (const char* name :
       {"DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES", "CC_PRINT_HEADERS", "CC_PRINT_OPTIONS",
        "CC_LOG_DIAGNOSTICS", "CC_PRINT_PROC_STAT", "CC_PRINT_INTERNAL_STAT"}) {
    if (!environment.get(name)) continue;
    refuse(UncacheableReason::dependency_environment, name);
    return true;
  }
  return false;
}

void Exchange::ask_identity(const std::string& language, std::vector<std::string> arguments,
                            std::function<void(IdentityPtr)> then) {
  ask_identity({request_.argv[0], language, std::move(arguments), request_.environment, request_.cwd,
                ToolKind::compiler},
               std::move(then));
}

void Exchange::ask_identity(const IdentityQuestion& question, std::function<void(IdentityPtr)> then) {
  asking_ = true;
  cache_.identities.get(question, build_,
                        [self = shared_from_this(), then = std::move(then)](const IdentityPtr& identity,
                                                                            const std::string& error) {
                          if (self->phase_ != Phase::looking) return;
                          // While a worker probed, others have begun requests of theirs.
                          if (!self->asking_) self->cache_.begin_request(self->watched_build_);
                          if (!identity) return self->refuse(UncacheableReason::unsupported_compiler, error);
                          if (identity->is_cache)
                            return self->refuse(UncacheableReason::compiler_is_cache, self->request_.argv[0]);
                          if (!identity->supported)
                            return self->refuse(UncacheableReason::unsupported_compiler,
                                                self->request_.argv[0]);
                          then(identity);
                        });
  asking_ = false;
}

void Exchange::classify(const IdentityPtr& identity) {
  CommandInput input;
  input.argv = request_.argv;
  input.cwd = request_.cwd;
  input.family = identity->family;
  input.msvc_target = identity->msvc_target;
  const Environment environment(request_.environment);
  input.options_before = environment.get("CL").value_or("");
  input.options_behind = environment.get("_CL_").value_or("");
  if (!take_classified(classify_command(input, response_file_reader()))) return;
  prefer_notes();

  const std::string language = language_to_ask(command_.language);
  std::vector<std::string> arguments = program_arguments(command_.probe_arguments);
  if (language == guess_language(request_.argv) && arguments.empty()) return look_up(identity);
  ask_identity(language, std::move(arguments), [this](const IdentityPtr& exact) { look_up(exact); });
}

ResponseFileReader Exchange::response_file_reader() {
  return [this](const std::string& path) { return cache_.world.read(absolute(path), kMaxResponseFile); };
}

/// False when the command is refused, which then has been said.
bool Exchange::take_classified(Classified classified) {
  if (const auto* refusal = std::get_if<Refusal>(&classified)) {
    refuse(refusal->reason, refusal->detail);
    return false;
  }
  command_ = std::move(std::get<Command>(classified));
  return true;
}

Digest Exchange::make_key(const Identity& identity) {
  const Environment environment(request_.environment);
  keyed_environment_ = command_.action == Action::link ? environment_for_link(environment)
                                                       : environment_for_key(environment, identity.is_script);
  const std::string_view term = environment.get("TERM").value_or("dumb");
  const bool terminal =
      (request_.flags & protocol::kStderrIsTerminal) != 0 && term != "dumb" && !term.empty();
  colored_ = terminal && !command_.color_decided && !command_.records_command_line;
  return context_key(context_input(identity));
}

ContextInput Exchange::context_input(const Identity& identity) const {
  // A compiler believes $PWD only if it names the working directory; any other value changes nothing.
  std::string_view logical_cwd = Environment(request_.environment).get("PWD").value_or("");
  if (logical_cwd == request_.cwd) logical_cwd = {};
  return {identity,
          command_,
          request_.argv,
          keyed_environment_,
          request_.cwd,
          logical_cwd,
          cache_.config.source_root,
          cache_.config.build_root,
          colored_,
          command_.uses_native_machine ? std::string_view(cache_.native_machine) : std::string_view()};
}

void Exchange::look_up(const IdentityPtr& identity) {
  identity_ = identity;
  mark(StepPhase::key);
  context_ = make_key(*identity);
  cache_.note_asked(context_);
  mark(StepPhase::validation);
  look_in_graph();
}

void Exchange::look_in_graph() {
  if (answer_from_graph()) return;
  if (!recheck_ && cache_.learn_from_shared(context_) && answer_from_graph()) return;
  if (recheck_) return answer_miss();
  if (learn_from_other_folders() && answer_from_graph()) return;
  if (!waited_ && cache_.publications->pending(context_)) {
    waited_ = true;
    mark(StepPhase::waiting);
    return cache_.publications->wait(context_, kPublicationWaitMs, [self = shared_from_this()] {
      if (self->phase_ != Phase::looking) return;
      self->mark(StepPhase::validation);
      self->cache_.begin_request(self->watched_build_);
      self->look_in_graph();
    });
  }
  if (cache_.has_remote() && !std::exchange(remote_asked_, true)) return ask_remote();
  answer_miss();
}

/// What it finds is in the graph when it answers, and looked at like anything else there.
void Exchange::ask_remote() {
  mark(StepPhase::waiting);
  Remote::Question question;
  add_path_free_candidate(question);
  question.candidates.push_back(cache_.remote_candidate(context_, watched_build_));
  question.then = [self = shared_from_this()](const Remote::Answer& answer) {
    if (self->phase_ != Phase::looking) return;
    self->remote_ = answer;
    if (!answer.found) return self->answer_miss();
    self->mark(StepPhase::validation);
    self->cache_.begin_request(self->watched_build_);
    self->look_in_graph();
  };
  cache_.ask_remote(std::move(question));
}

/// True when a hit was sent. Otherwise the reason for the miss is known.
bool Exchange::answer_from_graph() {
  while (true) {
    const Graph::Match match = cache_.graph.find(context_);
    if (match.state == Graph::State::warm) {
      if (answer_hit(*match.entry)) return true;
      if (recheck_) return false;
      // Too large for memory, and not yet on disk.
      if (!waited_ && cache_.publications->pending(context_)) return false;
      // Its blobs are gone from every tier: so is the entry, and another one may hold.
      cache_.graph.drop_first(context_);
      evicted_ = true;
      miss_reason_ = MissReason::blob_gone;
      continue;
    }
    if (match.state == Graph::State::stale) {
      miss_reason_ = match.name_appeared ? MissReason::name_appeared : MissReason::input_changed;
      miss_detail_ = match.cause;
    }
    return false;
  }
}

Result<std::string> Exchange::text_of(const Digest& blob, HitSource& source) {
  if (blob.is_zero()) return std::string();
  Result<FetchedBlob> fetched = cache_.store->fetch(blob, kAnySize);
  if (!fetched.ok()) return fetched.error();
  source = std::max(source, fetched->source);
  return cache_.world.read_open(*fetched->file, protocol::kMaxFrame);
}

DepfileDialect Exchange::dialect() const {
  return identity_->family == CompilerFamily::gcc ? DepfileDialect::gcc : DepfileDialect::clang;
}

/// The depfile as it must be for this request's targets: the stored one if it was written for the same.
std::shared_ptr<OpenFile> Exchange::depfile_for(const Artifact& artifact,
                                                const std::shared_ptr<OpenFile>& stored, const Digest& blob) {
  if (artifact.depfile_targets == command_.depfile_targets) return stored;
  HitSource ignored = HitSource::memory;
  Result<std::string> text = text_of(blob, ignored);
  if (!text.ok()) return nullptr;
  Result<std::string> rewritten = retarget_depfile(*text, command_.depfile_targets, dialect());
  if (!rewritten.ok()) return nullptr;
  Result<std::shared_ptr<OpenFile>> file = cache_.world.open_bytes(*rewritten);
  return file.ok() ? *file : nullptr;
}

/// A blob's file on disk can be cloned block by block; bytes in memory cannot. Null when memory is short.
std::shared_ptr<OpenFile> Exchange::restorable(const std::shared_ptr<OpenFile>& file) {
  if (cache_.config.restore != RestoreMode::copy) return file;
  Result<std::string> bytes = cache_.world.read_open(*file, kMaxOutputBytes);
  if (!bytes.ok()) return nullptr;
  Result<std::shared_ptr<OpenFile>> copy = cache_.world.open_bytes(*bytes);
  return copy.ok() ? *copy : nullptr;
}

bool Exchange::gather(const Graph::Entry& entry, std::vector<HitOutput>& outputs,
                      std::vector<std::shared_ptr<OpenFile>>& files) {
  for (const ArtifactOutput& output : entry.artifact.outputs) {
    if (output.role == OutputRole::depfile && command_.depfile.empty()) continue;
    Result<FetchedBlob> fetched = cache_.store->fetch(output.blob, output.size);
    if (!fetched.ok()) return false;
    source_ = std::max(source_, fetched->source);
    std::shared_ptr<OpenFile> file = restorable(fetched->file);
    std::string path = command_.output;
    if (output.role == OutputRole::depfile && file) {
      file = depfile_for(entry.artifact, file, output.blob);
      path = command_.depfile;
    } else if (!is_main_output(output.role)) {
      const auto named = std::find_if(command_.extra_outputs.begin(), command_.extra_outputs.end(),
                                      [&](const OutputFile& extra) { return extra.role == output.role; });
      if (named == command_.extra_outputs.end()) return false;
      path = named->path;
    }
    if (!file) return false;
    if (is_main_output(output.role)) cache_.written.expect(absolute(path), output.blob, expected_);
    const std::uint32_t flags = (is_executable(output.role) ? protocol::kExecutable : 0U) |
                                (file->in_memory() ? protocol::kInMemory : 0U);
    outputs.push_back({std::move(path), file->size(), flags});
    files.push_back(std::move(file));
  }
  return true;
}

/// What a linker makes can be run, or be loaded like a program.
bool Exchange::is_executable(OutputRole role) const {
  return command_.action == Action::link && is_main_output(role);
}

bool Exchange::answer_hit(const Graph::Entry& entry) {
  std::vector<HitOutput> outputs;
  std::vector<std::shared_ptr<OpenFile>> files;
  source_ = HitSource::memory;
  expected_.clear();
  if (!gather(entry, outputs, files)) return false;
  Result<std::string> standard_output = text_of(entry.artifact.standard_output, source_);
  Result<std::string> standard_error = text_of(entry.artifact.standard_error, source_);
  if (!standard_output.ok() || !standard_error.ok()) return false;
  if (begins_recheck(entry, files)) return false;

  if (remote_.found) source_ = HitSource::remote;
  bytes_restored_ = 0;
  for (const HitOutput& output : outputs) bytes_restored_ += output.size;
  compile_us_ = entry.artifact.compile_us;
  phase_ = Phase::restoring;
  mark(StepPhase::restoring);
  if (client_ != nullptr)
    client_->send(encode_hit(*standard_output, *standard_error, outputs), std::move(files));
  return true;
}

/// A generated header is often written a moment before the compile that reads it, and then its time cannot be
/// told from that of a change during the compile. Waiting for the clock to tick makes the result storable.
/// Which header it will be is not known yet; its folder's time mostly tells. Milliseconds, mostly 0. Kernels
/// that stamp more finely than this clock ticks stamp up to one tick ahead of it.
int Exchange::settle_delay_ms() {
  constexpr int kMaxTicks = 3;
  const std::int64_t tick = cache_.clock.file_tick_ns();
  const std::int64_t now = cache_.clock.file_now_ns();
  std::int64_t newest = 0;
  const auto look = [&](const std::string& path) {
    if (Result<FileStat> stat = cache_.world.stat(absolute(path));
        stat.ok() && stat->ctime_ns <= now + tick) {
      newest = std::max(newest, stat->ctime_ns);
    }
  };
  if (!command_.input.empty()) look(command_.input);
  for (const NamedInput& named : command_.named_inputs) look(named.path);
  for (const SearchFolder& folder : command_.search_folders) look(folder.path);
  for (const ForcedInclude& forced : command_.forced_includes) {
    look(forced.name);
    look(forced.name + ".gch");
  }
  for (const std::string& precompiled : command_.precompiled_headers) look(precompiled);
  // One that is written over leaves its folder as it was.
  if (miss_reason_ == MissReason::input_changed) look(miss_detail_);
  // Later, `now` less one tick must be after `newest`.
  const std::int64_t ticks = (newest + 2 * tick - now) / tick;
  return newest + tick < now
             ? 0
             : static_cast<int>(std::clamp<std::int64_t>(ticks, 1, kMaxTicks) * tick / 1'000'000);
}

void Exchange::answer_miss() {
  mark(StepPhase::waiting);
  if (command_.dependencies == DependencySource::private_depfile ||
      command_.dependencies == DependencySource::link_list ||
      command_.dependencies == DependencySource::scan) {
    private_depfile_ = cache_.private_path();
  }
  if (command_.dependencies == DependencySource::private_notes) return send_miss_with_notes();
  send_miss_settled();
}

/// On a busy machine the clock that files are stamped by can be behind when the time is over, and another
/// file may have come: so it is looked once more.
void Exchange::send_miss_settled() {
  constexpr int kMaxWaits = 2;
  const int delay = settle_delay_ms();
  if (delay == 0 || settle_waits_ == kMaxWaits) return send_miss();
  ++settle_waits_;
  cache_.executor.after(delay, [self = shared_from_this()] {
    if (self->phase_ == Phase::looking) self->send_miss_settled();
  });
}

void Exchange::send_miss() {
  const bool private_notes = command_.dependencies == DependencySource::private_notes;
  std::vector<std::string> argv = compile_argv(command_, request_.argv, private_depfile_);
  if (colored_) argv.insert(argv.begin() + 1, color_argument(command_.family));
  put_prefix_before(argv);
  std::vector<std::string> scan;
  if (command_.dependencies == DependencySource::scan) scan = scan_argv(command_, private_depfile_);
  std::vector<std::string> remove;
  std::vector<std::string> create;
  if (!private_depfile_.empty()) {
    // Somebody may have emptied our folder, and a compiler that cannot write its depfile fails.
    create.push_back(folder_of_path(private_depfile_));
    remove.push_back(private_depfile_);
  }

  phase_ = Phase::compiling;
  mark(StepPhase::compiling);
  // Whatever changes from now on may or may not be what the compiler reads.
  start_ns_ = cache_.clock.file_now_ns() - cache_.clock.file_tick_ns();
  upheavals_ = cache_.watches.upheavals();
  if (command_.action == Action::link) ask_link_places();
  log(std::string("miss ") + name_of(miss_reason_) + " " + miss_detail_ + ": " + command_.subject());
  if (client_ != nullptr)
    client_->send(encode_miss(argv, scan, create, remove, private_notes ? note_prefix_ : std::string()));
  decide_cause();
}

void Exchange::on_declined(const std::string& why) {
  if (phase_ == Phase::compiling) {
    cache_.note_once("a compile could not be cached: " + why);
    return finish(RequestResult::error(ErrorReason::cannot_compile), why);
  }
  if (phase_ == Phase::restoring) finish(RequestResult::error(ErrorReason::restore_failed), why);
}

/// The launcher that had a hit has ended without a word, so everything is in place, or it was killed on the
/// way, and its build with it. The outputs do not tell: the next step may have moved them by now.
void Exchange::end_of_hit() {
  if (!expected_.empty()) {
    cache_.begin_request(watched_build_);
    cache_.written.placed(expected_);
  }
  const std::int64_t took_us = cache_.clock.monotonic_us() - began_us_;
  finish(RequestResult::hit(source_, bytes_restored_, static_cast<std::int64_t>(compile_us_) - took_us));
}

// ---- Ending

void Exchange::refuse(UncacheableReason reason, const std::string& detail) {
  if (client_ != nullptr) send_away(to_string(reason));
  finish(RequestResult::uncacheable(std::string(to_string(reason))), detail);
}

void Exchange::not_kept(UncacheableReason reason, const std::string& detail) {
  not_kept_ = to_string(reason);
  log("not kept: " + std::string(to_string(reason)) + " " + detail + ": " + command_.subject());
  finish(is_transient(reason) ? RequestResult::miss(miss_reason_)
                              : RequestResult::uncacheable(std::string(to_string(reason))),
         detail);
}

void Exchange::on_gone(bool unheard) {
  client_ = nullptr;
  switch (phase_) {
    case Phase::fresh:
    case Phase::looking:
    case Phase::compiling:
      return finish(RequestResult::error(ErrorReason::launcher_gone));
    case Phase::restoring:
      if (unheard) return finish(RequestResult::error(ErrorReason::launcher_gone));
      return end_of_hit();
    case Phase::capturing:
    case Phase::done:
      return;
  }
}

void Exchange::finish(const RequestResult& result, const std::string& detail) {
  if (phase_ == Phase::done) return;
  if (phase_ == Phase::capturing) acknowledge();
  phase_ = Phase::done;
  publication_.reset();
  if (!log_path_.empty()) {
    const std::string& what = command_.subject().empty() ? request_.argv[0] : command_.subject();
    log(std::string(name_of(result.outcome)) + " " + result.reason +
        (detail.empty() ? "" : " (" + detail + ")") + ": " + what);
  }
  RequestResult counted = result;
  counted.step = step_of(request_.flags);
  counted.remote_wait_us = static_cast<std::uint64_t>(std::max<std::int64_t>(0, remote_.waited_us));
  counted.remote_bytes = remote_.bytes;
  count(counted, detail);
}

}  // namespace compiler_cache
