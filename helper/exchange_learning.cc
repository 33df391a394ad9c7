// The second half of an exchange: what a compile that has just ended wrote and depended on.
#include <algorithm>
#include <utility>

#include "depscan/depfile.h"
#include "depscan/quoted_files.h"
#include "helper/environment.h"
#include "helper/exchange.h"
#include "helper/hasher.h"
#include "helper/path_text.h"
#include "helper/search_path_cache.h"
#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

/// Diagnostics that point at more places than this are hardly worth keeping.
constexpr std::size_t kMaxQuotedFiles = 10'000;

}  // namespace

void Exchange::on_compiled(CompileReport report) {
  if (phase_ != Phase::compiling) return;
  phase_ = Phase::capturing;
  mark(StepPhase::capturing);
  report_.microseconds = report.microseconds;
  take_private_notes(report);
  if (report.wait_status != 0 && fails_unlike_hit(report.wait_status)) return;
  if (report.wait_status != 0) {
    not_kept_ = kFailedCompile;
    return finish(RequestResult::miss(miss_reason_), "the compile failed");
  }
  const bool overflow = (report.capture_flags & protocol::kCaptureOverflow) != 0;
  if (overflow || (report.capture_flags & protocol::kScanFailed) != 0) {
    return not_kept(overflow ? UncacheableReason::diagnostics_too_large : UncacheableReason::depfile_missing,
                    command_.input);
  }
  if (prefix_has_spoken(report.standard_error)) return not_kept(UncacheableReason::prefix_message, prefix_);
  cache_.begin_request(watched_build_);
  written_ = cache_.written.before_reading(absolute(command_.output));
  publication_ = cache_.publications->begin(context_);
  cache_.begin_pending();
  capture(std::move(report));
}

void Exchange::capture(CompileReport report) {
  report_ = std::move(report);
  CaptureTask task;
  task.cwd = request_.cwd;
  task.outputs.push_back({command_.main_role(), command_.output});
  task.outputs.insert(task.outputs.end(), command_.extra_outputs.begin(), command_.extra_outputs.end());
  task.user_depfile = command_.depfile;
  task.start_ns = start_ns_;
  if (command_.reads_sources() && cache_.shares() && cache_.roots.usable()) task.roots = cache_.roots;
  switch (command_.dependencies) {
    case DependencySource::user_depfile:
      task.dependency_list = command_.depfile;
      break;
    case DependencySource::private_depfile:
    case DependencySource::link_list:
    case DependencySource::scan:
      task.dependency_list = private_depfile_;
      break;
    case DependencySource::user_notes:
    case DependencySource::private_notes:
    case DependencySource::none:
      break;
  }
  auto captured = std::make_shared<Captured>();
  cache_.executor.run(
      [this, task = std::move(task), captured] { *captured = capture_outputs(cache_.world, task); },
      [self = shared_from_this(), captured] {
        // Who uses a precompiled header asks at once, and can be answered only when it is known. Of a recheck
        // there may be something to say. A link's inputs are looked at while its launcher waits: the next
        // step may change them.
        const bool waits = self->command_.makes_precompiled_header() ||
                           self->command_.action == Action::link || self->recheck_;
        if (!waits) self->acknowledge();
        self->learn(std::move(*captured));
      });
}

void Exchange::acknowledge(const std::string& note) {
  if (std::exchange(acknowledged_, true)) return;
  if (client_ != nullptr) client_->send(encode_stored(note));
  mark(StepPhase::learning);
  let_go_us_ = step_phase_began_us_;
}

void Exchange::resolve_compiler() {
  if (!resolved_compiler_.empty()) return;
  std::vector<AbsentName> ignored;
  const Environment environment(request_.environment);
  resolved_compiler_ =
      find_program(cache_.world, request_.argv[0], environment.program_path(), request_.cwd, ignored);
}

void Exchange::learn(Captured captured) {
  if (written_ && !captured.outputs.empty()) {
    const CapturedOutput& output = captured.outputs.front();
    cache_.begin_request(watched_build_);
    cache_.written.was_read(absolute(command_.output), written_, output.stat, output.digest);
  }
  if (captured.failure) {
    not_kept(*captured.failure, captured.detail);
    return cache_.end_pending();
  }
  if (command_.action == Action::archive && !archive_can_be_kept(captured)) return cache_.end_pending();
  if (ends_as_recheck(captured.outputs)) return cache_.end_pending();
  if (command_.action == Action::link) return learn_link(std::move(captured));
  if (command_.dependencies == DependencySource::none) {
    learn_inputs({}, std::move(captured));
    return cache_.end_pending();
  }
  resolve_compiler();
  SearchPathQuestion question{identity_->digest,
                              resolved_compiler_,
                              std::string(x_name(command_.language)),
                              command_.probe_arguments,
                              request_.environment,
                              keyed_environment_,
                              request_.cwd};
  if (speaks_msvc(identity_->family)) question.mode = DriverMode::cl;
  for (const SearchFolder& folder : command_.search_folders) question.folders.push_back(folder.path);
  cache_.begin_request();
  auto shared = std::make_shared<Captured>(std::move(captured));
  cache_.searches.get(question, [self = shared_from_this(), shared](const Result<SearchPath>& search) {
    if (!search.ok()) {
      self->not_kept(UncacheableReason::depfile_unreadable, search.error().message);
      return self->cache_.end_pending();
    }
    self->ask_note_prefix([self, shared, path = *search] {
      self->learn_inputs(path, std::move(*shared));
      self->cache_.end_pending();
    });
  });
}

bool Exchange::check_input(PathId path) {
  const std::string& name = cache_.paths[path];
  if (cache_.index.current(path) == kNoId) {
    not_kept(UncacheableReason::input_unreadable, name);
    return false;
  }
  // Of a symlink its own time counts too: it may point elsewhere than it did.
  const FileStat* stat = cache_.index.stat_of(path);
  const FileStat* seen = cache_.index.looked_at(path);
  const Result<FileStat> link = seen != nullptr ? Result<FileStat>(*seen) : cache_.world.lstat(name);
  const bool changed = stat == nullptr || changed_since(*stat, start_ns_) || !link.ok() ||
                       (link->type == FileType::symlink && changed_since(*link, start_ns_));
  const std::string moved = changed ? name : moved_->on_the_way_to(name, *link);
  if (!moved.empty()) not_kept(UncacheableReason::input_changed_during_compile, moved);
  return moved.empty();
}

/// Everything that the compile read, the source first. False when something rules the result out.
bool Exchange::collect_inputs(const SearchPath& search, const Captured& captured, std::vector<PathId>& inputs,
                              std::vector<AbsentName>& absent) {
  std::vector<std::string> names;
  if (!command_.input.empty()) names.push_back(command_.input);
  if (reads_notes()) {
    if (!add_noted_inputs(search, names)) return false;
  } else if (command_.dependencies != DependencySource::none) {
    Result<Depfile> depfile = parse_depfile(captured.dependency_text);
    if (!depfile.ok()) {
      not_kept(UncacheableReason::depfile_unreadable, depfile.error().message);
      return false;
    }
    for (std::string& name : depfile_inputs(*depfile)) names.push_back(std::move(name));
  }
  for (const NamedInput& named : command_.named_inputs) {
    if (named.may_be_absent && !cache_.world.lstat(absolute(named.path)).ok()) {
      const std::string path = absolute(named.path);
      absent.push_back({folder_of_path(path), std::string(name_of_path(path))});
    } else {
      names.push_back(named.path);
    }
  }
  // A file that a diagnostic quotes, by #line, counts like one that was read; one that is not there must stay
  // away.
  std::vector<std::string> quoted = quoted_files(report_.standard_error);
  if (quoted.size() > kMaxQuotedFiles) {
    not_kept(UncacheableReason::diagnostics_too_large, command_.input);
    return false;
  }
  for (std::string& name : quoted) {
    Result<FileStat> stat = cache_.world.stat(absolute(name));
    if (stat.ok() && stat->type == FileType::regular) {
      names.push_back(std::move(name));
    } else if (!stat.ok()) {
      const std::string path = absolute(name);
      absent.push_back({folder_of_path(path), std::string(name_of_path(path))});
    }
  }
  for (const std::string& name : names) {
    const PathId path = cache_.paths.intern(absolute(name));
    if (std::find(inputs.begin(), inputs.end(), path) != inputs.end()) continue;
    if (!check_input(path)) return false;
    inputs.push_back(path);
  }
  return true;
}

LookupContext Exchange::lookup_context(const SearchPath& search) const {
  const bool gcc = identity_->family == CompilerFamily::gcc;
  LookupContext context;
  context.cwd = request_.cwd;
  context.search = search;
  for (const ForcedInclude& forced : command_.forced_includes) {
    (forced.by_frontend ? context.frontend_includes : context.forced_includes).push_back(forced.name);
  }
  // GCC looks for none while it makes one.
  if (!gcc)
    context.precompiled = PrecompiledSearch::beside_forced;
  else if (command_.makes_precompiled_header())
    context.precompiled = PrecompiledSearch::none;
  context.includer_chain = command_.searches_includer_chain || identity_->msvc_target;
  context.include_aliases = !gcc;
  context.macros = defined_macros(command_);
  context.assembler = is_assembler(command_.language);
  context.date_is_fixed =
      gcc && !Environment(request_.environment).get("SOURCE_DATE_EPOCH").value_or("").empty();
  context.start_ns = start_ns_;
  return context;
}

/// Looks for what the compile looked for. What is inside a precompiled header that it may have used counts as
/// if it had been read now: its macros can ask for the time or for headers, and what it has read once is not
/// read again. So looking starts anew with each such header that is found.
bool Exchange::follow_precompiled(const LookupContext& context, std::vector<PathId>& inputs,
                                  LookupResult& looked) {
  const auto is_known = [this](PathId header) {
    return std::any_of(precompiled_.begin(), precompiled_.end(),
                       [&](const GraphInput& known) { return known.path == header; });
  };
  for (const std::string& name : command_.precompiled_headers) {
    const PathId header = cache_.paths.intern(absolute(name));
    if (!is_known(header) && !use_precompiled(header, inputs)) return false;
  }
  for (bool found = true; found;) {
    found = false;
    looked = cache_.lookup.analyse(context, inputs);
    if (looked.refusal) {
      not_kept(*looked.refusal, looked.detail);
      return false;
    }
    for (const PathId header : looked.precompiled) {
      if (is_known(header)) continue;
      if (!use_precompiled(header, inputs)) return false;
      found = true;
    }
  }
  return true;
}

/// False when the result must not be kept: what the header was made from is not known, or has changed since.
bool Exchange::use_precompiled(PathId header, std::vector<PathId>& inputs) {
  const std::string& name = cache_.paths[header];
  const auto refuse_it = [&](UncacheableReason reason) {
    not_kept(reason, name);
    return false;
  };
  if (command_.makes_precompiled_header()) return refuse_it(UncacheableReason::precompiled_header);
  if (!check_input(header)) return false;
  const PrecompiledHeaders::Making* making = cache_.graph.precompiled().find(cache_.index.current(header));
  if (making == nullptr) return refuse_it(UncacheableReason::unknown_precompiled_header);
  std::erase(inputs, header);
  for (const GraphInput& input : making->inputs) {
    if (cache_.index.current(input.path) != input.content)
      return refuse_it(UncacheableReason::outdated_precompiled_header);
    if (!check_input(input.path)) return false;
    if (std::find(inputs.begin(), inputs.end(), input.path) == inputs.end()) inputs.push_back(input.path);
  }
  precompiled_.push_back({header, making->origin});
  return true;
}

void Exchange::learn_inputs(const SearchPath& search, Captured captured) {
  // Of an archive nothing is read that this build does not know already.
  cache_.begin_request(command_.action == Action::archive ? watched_build_ : 0);
  moved_.emplace(cache_.world, start_ns_);
  std::vector<PathId> inputs;
  std::vector<AbsentName> absent;
  if (!collect_inputs(search, captured, inputs, absent)) return;

  LookupResult looked;
  if (command_.reads_sources() && !follow_precompiled(lookup_context(search), inputs, looked)) return;
  for (PathId extra : looked.extra_inputs) {
    if (!check_input(extra)) return;
    inputs.push_back(extra);
  }
  if (looked.times_count && !precompiled_.empty()) {
    return not_kept(UncacheableReason::precompiled_header, command_.input);
  }
  command_.header_times_count = command_.header_times_count || looked.times_count;
  absent.insert(absent.end(), looked.absent.begin(), looked.absent.end());
  keep(inputs, std::move(absent), std::move(captured));
}

void Exchange::keep(const std::vector<PathId>& inputs, std::vector<AbsentName> absent, Captured captured) {
  // The launcher has gone on by now. Another file under the same name, and as old as ever, would not show.
  if (cache_.watches.upheavals() != upheavals_) {
    return not_kept(UncacheableReason::input_changed_during_compile, "a mount has come or gone");
  }
  add_changed_inputs(inputs);
  Variant variant;
  for (PathId input : inputs) {
    variant.inputs.push_back({cache_.paths[input], cache_.contents[cache_.index.current(input)]});
    if (command_.header_times_count) variant.times.push_back(cache_.index.stat_of(input)->mtime_ns);
  }
  for (const GraphInput& header : precompiled_) {
    variant.inputs.push_back({cache_.paths[header.path], cache_.contents[header.content]});
  }
  variant.absent = std::move(absent);
  std::uint64_t bytes = 0;
  for (const CapturedOutput& output : captured.outputs) {
    variant.artifact.outputs.push_back({output.role, output.digest, output.bytes.size()});
    bytes += output.bytes.size();
  }
  variant.artifact.depfile_targets = command_.depfile_targets;
  variant.artifact.compile_us = report_.microseconds;
  const std::shared_ptr<PathFree> path_free = path_free_result(variant, captured);
  const auto add_text = [&](std::string text, Digest& digest) {
    if (text.empty()) return;
    digest = hash_bytes(text);
    bytes += text.size();
    captured.outputs.push_back({OutputRole::object, digest, std::move(text)});
  };
  add_text(std::move(report_.standard_output), variant.artifact.standard_output);
  add_text(std::move(report_.standard_error), variant.artifact.standard_error);
  ResultKeeping keeping;
  if (path_free) {
    path_free->variant.artifact.standard_output = variant.artifact.standard_output;
    path_free->variant.artifact.standard_error = variant.artifact.standard_error;
    keeping.for_servers = false;  // one or the other, as it will be judged
    keeping.then = [self = shared_from_this(), path_free](bool stored) {
      path_free->stored = stored;
      self->share_if_ready(*path_free);
    };
  }
  cache_.add(context_, variant, std::move(captured.outputs), std::move(publication_), std::move(keeping));
  const auto end = [self = shared_from_this(), bytes] {
    self->note_bound();
    self->finish(RequestResult::miss(self->miss_reason_, bytes), self->miss_detail_);
  };
  if (!path_free) return end();
  share_when_judged(variant, path_free, end);
}

}  // namespace compiler_cache
