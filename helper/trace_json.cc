#include "helper/trace_json.h"

#include <algorithm>
#include <string_view>

#include "helper/json_text.h"
#include "helper/step_lanes.h"

namespace compiler_cache {
namespace {

constexpr int kStepsProcess = 1;
constexpr int kHelperProcess = 2;

/// Which of the two spends the time of a phase.
constexpr std::string_view phase_owner(StepPhase phase) {
  return phase == StepPhase::compiling || phase == StepPhase::restoring ? "launcher" : "helper";
}

std::string_view last_part(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::uint64_t took_us(const StepRecord& step) {
  return step.end_us > step.start_us ? step.end_us - step.start_us : 0;
}

class Events {
 public:
  void metadata(std::string_view what, int process, std::uint32_t thread, std::string_view name) {
    open('M', process, thread, what);
    text_ += ",\"args\":{\"name\":";
    append_json_string(text_, name);
    text_ += "}}";
  }
  /// Up to the arguments, for which `argument` and then `close` are called.
  void slice(int process, std::uint32_t thread, std::string_view name, std::string_view category,
             std::uint64_t start_us, std::uint64_t took_us) {
    open('X', process, thread, name);
    text_ += ",\"cat\":";
    append_json_string(text_, category);
    text_ += ",\"ts\":" + std::to_string(start_us) + ",\"dur\":" + std::to_string(took_us) + ",\"args\":{";
    first_ = true;
  }
  void argument(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    key(name);
    append_json_string(text_, value);
  }
  void argument(std::string_view name, std::uint64_t value) {
    key(name);
    text_ += std::to_string(value);
  }
  void close() { text_ += "}}"; }
  std::string take() { return std::move(text_); }

 private:
  void open(char type, int process, std::uint32_t thread, std::string_view name) {
    if (!text_.empty()) text_ += ",\n";
    text_ += std::string("{\"ph\":\"") + type + "\",\"pid\":" + std::to_string(process) +
             ",\"tid\":" + std::to_string(thread) + ",\"name\":";
    append_json_string(text_, name);
  }
  void key(std::string_view name) {
    if (!first_) text_ += ',';
    first_ = false;
    append_json_string(text_, name);
    text_ += ':';
  }

  std::string text_;
  bool first_ = true;
};

void add_arguments(Events& events, const BuildSteps& build, const StepRecord& step) {
  events.argument("outcome", name_of(step.outcome));
  events.argument("source", build.text(step.source));
  events.argument("output", build.text(step.output));
  const std::string reason = build.text(step.reason);
  events.argument("reason", reason);
  events.argument("meaning", sentence_of(step.outcome, reason));
  events.argument("detail", build.text(step.detail));
  if (step.outcome == Outcome::hit) events.argument("from", to_string(step.source_tier));
  if (step.compile_us != 0) events.argument("compile_us", step.compile_us);
  if (!step.causes.empty()) {
    const Cause cause = build.cause(step.causes.front());
    events.argument("cause", describe(cause.kind).name);
    events.argument("cause_sentence", describe(cause.kind).sentence);
    events.argument("subject", cause.subject);
    events.argument("before", cause.from);
    events.argument("now", cause.to);
  }
  events.argument("launcher_pid", std::uint64_t{step.launcher});
}

/// Nested in the step's slice, one behind the other: only how long each took in all is known.
void add_phases(Events& events, const StepRecord& step, std::uint32_t lane) {
  std::uint64_t at_us = step.start_us;
  const std::uint64_t end_us = at_us + took_us(step);
  for (std::size_t i = 0; i < kStepPhases; ++i) {
    const auto phase = static_cast<StepPhase>(i);
    if (phase == StepPhase::learning) continue;
    const std::uint64_t took_us = std::min<std::uint64_t>(step.phases[i], end_us - at_us);
    if (took_us == 0) continue;
    events.slice(kStepsProcess, lane + 1, kStepPhaseNames[i], phase_owner(phase), at_us, took_us);
    events.close();
    at_us += took_us;
  }
}

std::string title_of(const BuildSummary& summary) {
  std::string title = "build " + std::to_string(summary.number);
  const std::string& tool = summary.asked.empty() ? summary.tool : summary.asked;
  return tool.empty() ? title : title + ": " + tool;
}

constexpr const char* step_name(StepKind kind) {
  return kind == StepKind::archive ? "archive" : kind == StepKind::link ? "link" : "compile";
}

void add_step(Events& events, const BuildSteps& build, const StepRecord& step, std::uint32_t lane) {
  const std::string file = build.text(step.source == kNoId ? step.output : step.source);
  const std::string_view name = last_part(file);
  events.slice(kStepsProcess, lane + 1, name.empty() ? step_name(step.kind) : name,
               std::string(step_name(step.kind)) + "," + name_of(step.outcome), step.start_us, took_us(step));
  add_arguments(events, build, step);
  events.close();
  add_phases(events, step, lane);
}

void add_learning(Events& events, const BuildSteps& build) {
  const StepLanes lanes = learning_lanes_of(build.steps);
  if (lanes.count == 0) return;
  events.metadata("process_name", kHelperProcess, 0, "helper, when the launcher is gone");
  for (std::size_t i = 0; i < build.steps.size(); ++i) {
    const StepRecord& step = build.steps[i];
    constexpr auto kLearning = static_cast<std::size_t>(StepPhase::learning);
    if (step.phases[kLearning] == 0) continue;
    events.slice(kHelperProcess, lanes.lanes[i] + 1, kStepPhaseNames[kLearning], "helper", step.end_us,
                 step.phases[kLearning]);
    events.argument("output", build.text(step.output));
    events.close();
  }
}

}  // namespace

std::string trace_json(const BuildSummary& summary, const BuildSteps& steps) {
  Events events;
  events.metadata("process_name", kStepsProcess, 0, title_of(summary));
  const StepLanes lanes = lanes_of(steps.steps);
  for (std::uint32_t lane = 0; lane < lanes.count; ++lane) {
    events.metadata("thread_name", kStepsProcess, lane + 1, "worker " + std::to_string(lane + 1));
  }
  for (std::size_t i = 0; i < steps.steps.size(); ++i) {
    add_step(events, steps, steps.steps[i], lanes.lanes[i]);
  }
  add_learning(events, steps);
  return "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"build\":" + std::to_string(summary.number) +
         ",\"started_us\":" + std::to_string(summary.started_us) +
         ",\"left_out\":" + std::to_string(summary.left_out) + "},\"traceEvents\":[\n" + events.take() +
         "\n]}\n";
}

}  // namespace compiler_cache
