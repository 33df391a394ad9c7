#include "helper/explain_view.h"

#include <algorithm>

#include "helper/stats_view.h"

namespace compiler_cache {
namespace {

std::string plural(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string age_text(std::uint64_t then_us, std::uint64_t now_us) {
  return human_microseconds(now_us - std::min(now_us, then_us)) + " ago";
}

std::string kinds_text(const Counters& counters) {
  std::string text = plural(counters.requests(), "compile", "compiles");
  if (const std::uint64_t count = counters.archives.requests(); count > 0)
    text += ", " + plural(count, "library", "libraries");
  if (const std::uint64_t count = counters.links.requests(); count > 0)
    text += ", " + plural(count, "link", "links");
  return text;
}

std::uint64_t sum(const Counters& counters, std::uint64_t StepCounters::*member) {
  return counters.*member + counters.archives.*member + counters.links.*member;
}

std::string time_of(std::uint64_t us) { return us == 0 ? std::string() : ", " + human_microseconds(us); }

void add_group(std::string& text, const CauseGroup& group, const BuildSteps& steps, const ShownRoots& roots,
               const Style& style) {
  text += "\n" + style.bold(group.title) + ": " + count_text(group.steps) + time_of(group.compile_us) + "\n";
  if (!group.hint.empty()) text += "  " + style.good("→ " + group.hint) + "\n";
  const std::size_t shown = std::min(group.steps.size(), kShownSteps);
  std::vector<std::string> names;
  std::size_t width = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    names.push_back(step_name(steps, *group.steps[i], roots));
    width = std::max(width, names.back().size());
  }
  for (std::size_t i = 0; i < shown; ++i) {
    text += "  " + names[i];
    if (group.steps[i]->compile_us > 0)
      text += std::string(width + 2 - names[i].size(), ' ') + human_microseconds(group.steps[i]->compile_us);
    text += "\n";
  }
  if (const std::size_t more = group.steps.size() - shown; more > 0)
    text += style.dim("  and " + std::to_string(more) + " more") + "\n";
}

/// "through a.h, b.h", or nothing where that is not known.
std::string chain_text(const IncludeChain& chain, const ShownRoots& roots) {
  if (!chain.found || chain.through.empty()) return {};
  std::string text = chain.certain ? "through " : "probably through ";
  for (std::size_t i = 0; i < chain.through.size(); ++i)
    text += (i == 0 ? "" : ", ") + roots.shown(chain.through[i]);
  return text;
}

std::string outcome_text(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots) {
  if (step.outcome == Outcome::hit) {
    std::string text = std::string("from the cache (") + to_string(step.source_tier) + ")";
    if (step.compile_us > 0) text += "; it took " + human_microseconds(step.compile_us) + " when it was made";
    return text;
  }
  const std::string why = why_text(steps, step, roots);
  const std::string took = step.compile_us > 0 ? " in " + human_microseconds(step.compile_us) : "";
  const std::string did = (step.kind == StepKind::compile ? "compiled" : "made") + took;
  if (step.outcome == Outcome::uncacheable)
    return (took.empty() ? "cannot be cached: " : did + ", cannot be cached: ") + why;
  if (step.outcome != Outcome::miss) return std::string(name_of(step.outcome)) + ": " + why;
  return did + ": " + why;
}

/// What a library or a link goes back to.
std::string origin_text(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots) {
  const StepRecord* const origin = origin_of(steps, step);
  if (origin == nullptr) return {};
  return "because of " + step_name(steps, *origin, roots) + ": " + why_text(steps, *origin, roots);
}

/// How many others the same change cost.
std::string cost_text(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots) {
  for (const CauseGroup& group : group_by_cause(steps, roots)) {
    if (std::ranges::find(group.steps, &step) == group.steps.end() || group.steps.size() < 2) continue;
    return "for the same reason: " + count_text(group.steps) + time_of(group.compile_us) + " in all";
  }
  return {};
}

bool names_a_file(CauseKind kind) {
  return kind == CauseKind::header_changed || kind == CauseKind::header_removed;
}

void add_line(std::string& text, const std::string& line) {
  if (!line.empty()) text += "  " + line + "\n";
}

}  // namespace

std::string build_line(const BuildSummary& summary, std::uint64_t now_us) {
  std::string text = "Build " + std::to_string(summary.number);
  if (!summary.tool.empty()) text += " (" + summary.tool + ")";
  text += ", " + (summary.ended ? age_text(summary.ended_us, now_us) : std::string("not ended")) + ": ";
  text += kinds_text(summary.counters);
  const std::uint64_t hits = sum(summary.counters, &StepCounters::hits);
  if (hits == summary.counters.requests() + summary.counters.archives.requests() +
                  summary.counters.links.requests()) {
    text += ", all from the cache";
  } else {
    text += ", " + std::to_string(hits) + " from the cache";
  }
  if (const std::uint64_t saved = sum(summary.counters, &StepCounters::time_saved_us); saved > 0)
    text += ", " + human_microseconds(saved) + " saved";
  return text + "\n";
}

std::string explain_text(const BuildSummary& summary, const BuildSteps& steps, const ShownRoots& roots,
                         std::uint64_t now_us, const Style& style) {
  std::string text = build_line(summary, now_us);
  for (const CauseGroup& group : group_by_cause(steps, roots)) add_group(text, group, steps, roots, style);
  for (const auto& [reason, count] : bound_steps(steps)) {
    text += "\n" + style.bold(bound_text(reason)) + ": " + plural(count, "result", "results") + "\n";
    if (const std::string_view hint = bound_hint(reason); !hint.empty())
      text += "  " + style.good("→ " + std::string(hint)) + "\n";
  }
  if (const std::uint64_t around = sum(summary.counters, &StepCounters::bypassed); around > 0) {
    text += "\n" + style.bold("without the cache") + ": " + plural(around, "compile", "compiles") + "\n";
    for (const auto& [name, count] : summary.counters.bypass_reasons) {
      const std::string_view sentence = sentence_of(Outcome::bypassed, name);
      text += "  " + (sentence.empty() ? name : std::string(sentence)) + ": " + std::to_string(count) + "\n";
    }
  }
  if (summary.left_out > 0)
    text += "\n" + plural(summary.left_out, "more step was", "more steps were") + " not recorded\n";
  return text;
}

std::string explain_step(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots,
                         const FindChain& find_chain, const Style& style) {
  std::string text = style.bold(step_name(steps, step, roots));
  if (step.source != kNoId && step.output != kNoId) text += " → " + roots.shown(steps.text(step.output));
  text += "\n";
  add_line(text, outcome_text(steps, step, roots));
  add_line(text, origin_text(steps, step, roots));
  if (!step.causes.empty()) {
    const Cause cause = steps.cause(step.causes.front());
    if (names_a_file(cause.kind)) add_line(text, chain_text(find_chain(step, cause.subject), roots));
    if (step.causes.size() > 1 && cause.kind != CauseKind::flag_changed) {
      std::string others;
      for (std::size_t i = 1; i < step.causes.size(); ++i)
        others += (i == 1 ? "" : "; ") + cause_text(steps.cause(step.causes[i]), step.kind, roots);
      add_line(text, "besides: " + others);
    }
  }
  // What stands in the log, where it says more than the cause.
  const std::string detail = steps.text(step.detail);
  if (step.outcome != Outcome::hit && !detail.empty() && text.find(roots.shown(detail)) == std::string::npos)
    add_line(text, detail);
  if (const std::string_view hint = hint_for(steps, step); !hint.empty())
    add_line(text, style.good("→ " + std::string(hint)));
  for (const RecordedCause& cause : step.causes) {
    const std::string_view hint =
        cause.kind == CauseKind::bound ? bound_hint(steps.text(cause.subject)) : std::string_view();
    if (!hint.empty()) add_line(text, style.good("→ " + std::string(hint)));
  }
  add_line(text, cost_text(steps, step, roots));
  return text;
}

}  // namespace compiler_cache
