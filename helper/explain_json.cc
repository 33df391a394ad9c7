#include "helper/explain_json.h"

#include <nlohmann/json.hpp>

namespace compiler_cache {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kExplainSchema = 1;
constexpr const char* kStepKinds[] = {"compile", "archive", "link"};

Json cause_json(const Cause& cause) {
  return {{"kind", describe(cause.kind).name},
          {"subject", cause.subject},
          {"from", cause.from},
          {"to", cause.to}};
}

Json step_json(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots) {
  Json causes = Json::array();
  for (const RecordedCause& cause : step.causes) causes.push_back(cause_json(steps.cause(cause)));
  Json phases = Json::object();
  for (std::size_t i = 0; i < kStepPhases; ++i) {
    if (step.phases[i] > 0) phases[kStepPhaseNames[i]] = step.phases[i];
  }
  Json object = Json::object();
  object["kind"] = kStepKinds[static_cast<std::size_t>(step.kind)];
  object["source"] = steps.text(step.source);
  object["output"] = steps.text(step.output);
  object["outcome"] = name_of(step.outcome);
  object["reason"] = steps.text(step.reason);
  object["detail"] = steps.text(step.detail);
  object["why"] = why_text(steps, step, roots);
  object["hint"] = hint_for(steps, step);
  object["tier"] = step.outcome == Outcome::hit ? to_string(step.source_tier) : "";
  object["start_us"] = step.start_us;
  object["end_us"] = step.end_us;
  object["compile_us"] = step.compile_us;
  object["launcher"] = step.launcher;
  object["phases_us"] = std::move(phases);
  object["causes"] = std::move(causes);
  return object;
}

Json summary_json(const BuildSummary& summary) {
  return {{"number", summary.number},     {"id", summary.id},       {"pid", summary.process.pid},
          {"tool", summary.tool},         {"asked", summary.asked}, {"started_us", summary.started_us},
          {"ended_us", summary.ended_us}, {"ended", summary.ended}, {"steps", summary.steps},
          {"left_out", summary.left_out}};
}

}  // namespace

std::string explain_json(const BuildSummary* summary, const BuildSteps& steps,
                         const std::vector<const StepRecord*>& shown, const ShownRoots& roots) {
  Json groups = Json::array();
  for (const CauseGroup& group : group_by_cause(steps, roots)) {
    groups.push_back(
        {{"title", group.title},
         {"outcome", name_of(group.outcome)},
         {"cause", group.outcome == Outcome::miss ? describe(group.cause.kind).name : group.reason},
         {"subject", group.cause.subject},
         {"hint", group.hint},
         {"count", group.steps.size()},
         {"compile_us", group.compile_us}});
  }
  Json rows = Json::array();
  for (const StepRecord* step : shown) rows.push_back(step_json(steps, *step, roots));
  Json object = Json::object();
  object["schema"] = kExplainSchema;
  object["build"] = summary == nullptr ? Json(nullptr) : summary_json(*summary);
  object["causes"] = std::move(groups);
  object["steps"] = std::move(rows);
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace compiler_cache
