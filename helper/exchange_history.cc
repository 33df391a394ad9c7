// What an exchange leaves in the history of its build: how long what took, and what it was all about.
#include <algorithm>
#include <limits>
#include <unordered_map>

#include "helper/exchange.h"
#include "helper/option_difference.h"
#include "helper/step_files.h"

namespace compiler_cache {

/// What comes from now on belongs to `next`.
void Exchange::mark(StepPhase next) {
  const std::int64_t now_us = cache_.clock.monotonic_us();
  const std::int64_t took_us = std::max<std::int64_t>(now_us - step_phase_began_us_, 0);
  std::uint32_t& phase = phases_[static_cast<std::size_t>(step_phase_)];
  constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
  phase += static_cast<std::uint32_t>(std::min<std::int64_t>(took_us, kMost - phase));
  step_phase_ = next;
  step_phase_began_us_ = now_us;
}

StepAsked Exchange::asked() const {
  StepAsked asked;
  asked.program = request_.argv.front();
  if (!command_.input.empty()) asked.source = absolute(command_.input);
  asked.options = comparable_options(command_.expanded_argv.empty() ? request_.argv : command_.expanded_argv,
                                     command_.input);
  asked.environment = keyed_environment_;
  asked.folder = request_.cwd;
  asked.compiler = identity_;
  asked.context = context_.beginning();
  return asked;
}

/// What led to this miss. The launcher has its answer already.
void Exchange::decide_cause() {
  if (recheck_) {
    causes_ = {{CauseKind::recheck, "", "", ""}};
  } else if (evicted_) {
    causes_ = {{CauseKind::evicted, "", "", ""}};
  } else if (miss_reason_ == MissReason::input_changed || miss_reason_ == MissReason::name_appeared) {
    decide_cause_of_stale();
  } else if (waited_) {
    causes_ = {{CauseKind::result_lost, "", "", ""}};
  } else {
    causes_ = cache_.memory.compare(absolute(command_.output), asked());
  }
}

/// Something is not as the variant that was used last has it.
void Exchange::decide_cause_of_stale() {
  CauseKind kind = CauseKind::header_changed;
  if (miss_reason_ == MissReason::name_appeared) {
    kind = CauseKind::name_appeared;
  } else if (cache_.index.current(cache_.paths.intern(miss_detail_)) == kNoId) {
    kind = CauseKind::header_removed;
  } else if (!command_.reads_sources()) {
    kind = CauseKind::input_changed;
  } else if (miss_detail_ == absolute(command_.input)) {
    kind = CauseKind::source_changed;
  }
  causes_ = {{kind, miss_detail_, "", ""}};
  if (const Graph::Entry* newest = cache_.graph.newest(context_)) previous_ = newest->inputs;
}

/// All that is different now from what that variant has; known once the compile has told what it read.
void Exchange::add_changed_inputs(const std::vector<PathId>& inputs) {
  if (previous_.empty()) return;
  std::unordered_map<PathId, ContentId> before;
  for (const GraphInput& input : previous_) before.emplace(input.path, input.content);
  for (const PathId input : inputs) {
    const auto known = before.find(input);
    if (known == before.end() || known->second == cache_.index.current(input)) continue;
    const std::string& path = cache_.paths[input];
    if (path == causes_.front().subject) continue;
    CauseKind kind = CauseKind::header_changed;
    if (!command_.reads_sources()) kind = CauseKind::input_changed;
    if (!command_.input.empty() && path == absolute(command_.input)) kind = CauseKind::source_changed;
    add_cause(causes_, {kind, path, "", ""});
  }
}

/// For the next miss of the same output.
void Exchange::remember(const RequestResult& result, const std::string& output, const std::string& detail) {
  if (!identity_ || output.empty()) return;  // never looked up
  const std::uint64_t context = context_.beginning();
  if (result.outcome == Outcome::hit) {
    if (cache_.memory.context_of(output) != context) cache_.memory.remember(output, asked());
    return;
  }
  const bool kept = result.outcome == Outcome::miss && not_kept_.empty();
  if (kept && cache_.memory.context_of(output) == context) return;
  cache_.memory.remember(output, asked(), kept ? "" : not_kept_.empty() ? result.reason : not_kept_, detail);
}

/// Counts the request, and records it as a step of its build.
void Exchange::count(const RequestResult& result, const std::string& detail) {
  cache_.counters.add(result, build_);
  mark(awaited_ ? StepPhase::compiling : step_phase_);
  if (!awaited_) return record(result, detail);
  refused_ = result;
  refused_detail_ = detail;
}

/// To become the compiler. Its end is asked for before it goes: afterwards it may have ended already.
void Exchange::send_away(std::string_view why) {
  awaited_ =
      client_->when_process_ends([self = shared_from_this()](bool ended) { self->end_of_refused(ended); });
  client_->send(encode_run(why));
  let_go_us_ = cache_.clock.monotonic_us();
}

/// The launcher has become the compiler, which has ended.
void Exchange::end_of_refused(bool ended) {
  if (ended) {
    mark(step_phase_);
    report_.microseconds =
        static_cast<std::uint64_t>(std::max<std::int64_t>(step_phase_began_us_ - let_go_us_, 0));
    let_go_us_ = step_phase_began_us_;
  }
  record(refused_, refused_detail_);
}

void Exchange::record(const RequestResult& result, const std::string& detail) {
  std::string source;
  std::string output;
  if (command_.output.empty() && command_.input.empty()) {
    const StepFiles files = guess_step_files(request_.argv);
    if (!files.source.empty()) source = absolute(files.source);
    if (!files.output.empty()) output = absolute(files.output);
  } else {
    if (!command_.input.empty()) source = absolute(command_.input);
    if (!command_.output.empty()) output = absolute(command_.output);
  }
  EndedStep step;
  step.source = source;
  step.output = output;
  step.detail = detail;
  step.began_us = began_us_;
  step.ended_us = let_go_us_ != 0 ? let_go_us_ : step_phase_began_us_;
  step.compile_us = result.outcome == Outcome::hit ? compile_us_ : report_.microseconds;
  step.launcher = launcher_;
  step.context = context_.beginning();
  step.phases = phases_;
  if (result.outcome == Outcome::miss) step.causes = &causes_;
  cache_.history.add(build_, result, step);
  remember(result, output, detail);
}

}  // namespace compiler_cache
