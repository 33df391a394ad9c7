#include "helper/build_history.h"

#include <algorithm>
#include <utility>

#include "helper/history_codec.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kMaxAsked = 4096;
constexpr std::size_t kMaxDetail = 500;

std::uint64_t since(std::int64_t moment, std::int64_t start) {
  return moment > start ? static_cast<std::uint64_t>(moment - start) : 0;
}

}  // namespace

std::uint64_t BuildHistory::wall_us() const {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(clock_.file_now_ns(), 0)) / 1000;
}

BuildHistory::Build* BuildHistory::find(std::uint64_t id) {
  const auto found =
      std::ranges::find_if(builds_, [&](const Build& build) { return build.news.summary.id == id; });
  return found == builds_.end() ? nullptr : &*found;
}

BuildHistory::Build& BuildHistory::begin(std::uint64_t id) {
  Build& build = builds_.emplace_back();
  build.news.summary.id = id;
  build.news.summary.started_us = wall_us();
  build.began_us = clock_.monotonic_us();
  return build;
}

void BuildHistory::begin_build(std::uint64_t id, BuildIdentity process, std::string tool, std::string asked) {
  if (find(id) != nullptr) return;
  BuildSummary& summary = begin(id).news.summary;
  summary.process = process;
  summary.tool = std::move(tool);
  summary.asked = std::move(asked);
  if (summary.asked.size() > kMaxAsked) summary.asked.resize(kMaxAsked);
}

void BuildHistory::end_build(std::uint64_t id) {
  Build* build = find(id);
  if (build == nullptr) return;
  BuildSummary& summary = build->news.summary;
  summary.ended = true;
  summary.ended_us = summary.started_us + since(clock_.monotonic_us(), build->began_us);
  build->changed = true;
}

void BuildHistory::add(std::uint64_t id, const RequestResult& result, const EndedStep& step) {
  Build* build = find(id);
  if (build == nullptr) return;
  build->changed = true;
  build->news.summary.counters.add(result);
  BuildSteps& steps = build->news.steps;
  if (steps.steps.size() >= kMaxSteps) {
    ++build->news.summary.left_out;
    return;
  }
  StepRecord record;
  record.kind = result.step;
  record.outcome = result.outcome;
  record.source_tier = result.source;
  record.source = steps.intern(step.source);
  record.output = steps.intern(step.output);
  record.reason = steps.intern(result.reason);
  record.detail = steps.intern(step.detail.substr(0, kMaxDetail));
  record.start_us = since(step.began_us, build->began_us);
  record.end_us = since(step.ended_us, build->began_us);
  record.compile_us = step.compile_us;
  record.launcher = step.launcher;
  record.context = step.context;
  record.phases = step.phases;
  if (step.causes != nullptr) {
    for (const Cause& cause : *step.causes) record.causes.push_back(steps.intern(cause));
  }
  steps.steps.push_back(std::move(record));
}

void BuildHistory::add_bypassed(const ReasonCounts& counts, std::uint64_t id) {
  if (counts.empty()) return;
  Build* build = id == 0 ? nullptr : find(id);
  if (build == nullptr) {
    build = &begin(0);
    build->news.summary.ended = true;
    build->news.summary.ended_us = build->news.summary.started_us;
  }
  build->changed = true;
  build->news.summary.counters.add_bypassed(counts);
}

std::vector<BuildHistory::News> BuildHistory::take() {
  std::vector<News> taken;
  for (auto build = builds_.begin(); build != builds_.end();) {
    BuildSummary& summary = build->news.summary;
    if (!summary.ended) summary.ended_us = summary.started_us + since(clock_.monotonic_us(), build->began_us);
    // What nothing is known of was no build.
    const bool counted = summary.counters.any() || summary.steps > 0;
    if (build->changed && counted) {
      summary.steps += build->news.steps.steps.size();
      News news{summary, std::exchange(build->news.steps, {})};
      summary.counters = {};
      summary.left_out = 0;
      build->changed = false;
      taken.push_back(std::move(news));
    }
    // The newest may get results that are still on their way.
    const bool newest = std::next(build) == builds_.end();
    build = summary.ended && (!newest || summary.id == 0) ? builds_.erase(build) : std::next(build);
  }
  return taken;
}

}  // namespace compiler_cache
