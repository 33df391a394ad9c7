#include "helper/explanation.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <unordered_map>
#include <utility>

#include "helper/bound_reason.h"
#include "helper/path_text.h"
#include "helper/uncacheable_reason.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kMaxLikeNames = 5;

bool is_below(std::string_view path, std::string_view root) {
  return root.size() > 1 && path.size() > root.size() && path.starts_with(root) && path[root.size()] == '/';
}

std::string change_text(const std::string& from, const std::string& to) {
  if (from.empty()) return to + " added";
  if (to.empty()) return from + " removed";
  return from + " → " + to;
}

std::string variable_text(const Cause& cause) {
  const std::string name = "variable " + cause.subject;
  if (cause.from.empty()) return name + " is set now";
  return cause.to.empty() ? name + " is no longer set" : name + " changed";
}

/// GCC ends the line with its version by a space.
std::string_view trimmed(std::string_view line) { return line.substr(0, line.find_last_not_of(' ') + 1); }

std::string compiler_text(const Cause& cause, StepKind kind, const ShownRoots& roots) {
  std::string text = kind == StepKind::archive ? "archiver changed: " : "compiler changed: ";
  if (cause.from.empty() && cause.to.empty()) return text + roots.shown(cause.subject);
  return text.append(trimmed(cause.from)).append(" → ").append(trimmed(cause.to));
}

/// What was the matter the last time.
std::string last_time_text(const Cause& cause) {
  if (cause.from == kFailedCompile) return "the compile before this one failed";
  const std::string_view sentence = sentence_of(Outcome::uncacheable, cause.from);
  return "nothing was kept the last time: " + std::string(sentence.empty() ? cause.from : sentence);
}

/// The first difference and, where more options changed, all of those: somebody changed them together.
std::string causes_text(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots) {
  std::string text;
  for (const RecordedCause& recorded : step.causes) {
    if (!text.empty() && recorded.kind != CauseKind::flag_changed) break;
    text += (text.empty() ? "" : ", ") + cause_text(steps.cause(recorded), step.kind, roots);
    if (recorded.kind != CauseKind::flag_changed) break;
  }
  return text.empty() ? std::string(describe(CauseKind::other).sentence) : text;
}

/// Follows what was made of something that was itself made again in the same build: a library is not another
/// reason beside the header that made its objects change.
class Origins {
 public:
  explicit Origins(const BuildSteps& steps) {
    for (const StepRecord& step : steps.steps) {
      if (step.outcome != Outcome::hit && step.output != kNoId) made_.insert_or_assign(step.output, &step);
    }
  }

  /// The step that made this one necessary: itself where that was no other one.
  const StepRecord& of(const StepRecord& step) const {
    const StepRecord* origin = &step;
    // Only a damaged record has a circle.
    for (std::size_t left = made_.size(); left > 0; --left) {
      const StepRecord* const before = maker_of_cause(*origin);
      if (before == nullptr || before == origin) break;
      origin = before;
    }
    return *origin;
  }

 private:
  const StepRecord* maker_of_cause(const StepRecord& step) const {
    if (step.outcome != Outcome::miss || step.causes.empty()) return nullptr;
    const RecordedCause& cause = step.causes.front();
    if (cause.kind != CauseKind::input_changed && cause.kind != CauseKind::header_changed) return nullptr;
    const auto maker = made_.find(cause.subject);
    return maker == made_.end() ? nullptr : maker->second;
  }

  std::unordered_map<PathId, const StepRecord*> made_;
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = std::exchange(row[j], std::min({changed, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row[b.size()];
}

}  // namespace

std::string normal_path(const std::string& path) {
  if (path.find("/.") == std::string::npos && path.find("//") == std::string::npos) return path;
  return std::filesystem::path(path).lexically_normal().string();
}

std::string ShownRoots::shown(const std::string& path) const {
  const std::string normal = normal_path(path);
  // The build tree is often in the source tree: what is generated is shown as such.
  for (const std::string& root : {build_root, source_root}) {
    if (is_below(normal, root)) return normal.substr(root.size() + 1);
  }
  return normal;
}

std::string cause_text(const Cause& cause, StepKind kind, const ShownRoots& roots) {
  switch (cause.kind) {
    case CauseKind::flag_changed:
      return cause.subject.empty() ? change_text(cause.from, cause.to) : cause.subject + " changed";
    case CauseKind::source_changed:
      return "the source itself changed";
    case CauseKind::header_changed:
    case CauseKind::input_changed:
      return roots.shown(cause.subject) + " changed";
    case CauseKind::header_removed:
      return roots.shown(cause.subject) + " is gone";
    case CauseKind::name_appeared:
      return roots.shown(cause.subject) + " appeared, where there was none";
    case CauseKind::compiler_changed:
      return compiler_text(cause, kind, roots);
    case CauseKind::environment_changed:
      return variable_text(cause);
    case CauseKind::folder_changed:
      return "it runs in " + cause.to + ", not in " + cause.from;
    case CauseKind::changed_during_compile:
      return (cause.subject.empty() ? "a file" : roots.shown(cause.subject)) +
             " had changed while it was made the last time";
    case CauseKind::not_kept:
      return last_time_text(cause);
    case CauseKind::bound:
      return bound_text(cause.subject) + (cause.from.empty() ? "" : " (" + roots.shown(cause.from) + ")");
    case CauseKind::other:
      return cause.subject.empty() ? std::string(describe(cause.kind).sentence) : cause.subject;
    case CauseKind::first_time:
    case CauseKind::evicted:
    case CauseKind::result_lost:
    case CauseKind::recheck:
    case CauseKind::not_ready:
      break;
  }
  return std::string(describe(cause.kind).sentence);
}

std::string bound_text(const std::string& reason_name) {
  const std::optional<BoundReason> reason = bound_reason_from_name(reason_name);
  return "bound to this folder: " + (reason ? std::string(describe(*reason).sentence) : reason_name);
}

std::string_view bound_hint(const std::string& reason_name) {
  const std::optional<BoundReason> reason = bound_reason_from_name(reason_name);
  return reason ? describe(*reason).hint : std::string_view();
}

std::map<std::string, std::size_t> bound_steps(const BuildSteps& steps) {
  std::map<std::string, std::size_t> counts;
  for (const StepRecord& step : steps.steps) {
    for (const RecordedCause& cause : step.causes) {
      if (cause.kind == CauseKind::bound) ++counts[steps.text(cause.subject)];
    }
  }
  return counts;
}

std::string why_text(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots) {
  if (step.outcome == Outcome::hit) return {};
  if (step.outcome == Outcome::miss && !step.causes.empty()) return causes_text(steps, step, roots);
  const std::string reason = steps.text(step.reason);
  const std::string_view sentence = sentence_of(step.outcome, reason);
  std::string text(sentence.empty() ? reason : sentence);
  // An option or a macro belongs to the reason; a path is the step's own business.
  const std::string detail = steps.text(step.detail);
  const bool names = step.outcome == Outcome::uncacheable && !detail.empty() &&
                     detail.find('/') == std::string::npos && detail != steps.text(step.source);
  return names && name_of_path(steps.text(step.source)) != detail ? text + ": " + detail : text;
}

std::string_view hint_for(const BuildSteps& steps, const StepRecord& step) {
  if (step.outcome != Outcome::uncacheable) return {};
  const auto reason = uncacheable_reason_from_name(steps.text(step.reason));
  return reason ? describe(*reason).hint : std::string_view();
}

std::string step_name(const BuildSteps& steps, const StepRecord& step, const ShownRoots& roots) {
  if (step.source != kNoId) return roots.shown(steps.text(step.source));
  return step.output == kNoId ? "(unknown)" : roots.shown(steps.text(step.output));
}

std::vector<CauseGroup> group_by_cause(const BuildSteps& steps, const ShownRoots& roots) {
  const Origins origins(steps);
  std::map<std::pair<Outcome, std::string>, CauseGroup> groups;
  for (const StepRecord& step : steps.steps) {
    if (step.outcome == Outcome::hit) continue;
    const StepRecord& origin = origins.of(step);
    std::string why = why_text(steps, origin, roots);
    CauseGroup& group = groups[{origin.outcome, why}];
    if (group.steps.empty()) {
      group.title = origin.outcome == Outcome::uncacheable ? "cannot be cached: " + why : why;
      group.hint = hint_for(steps, origin);
      group.outcome = origin.outcome;
      if (!origin.causes.empty()) group.cause = steps.cause(origin.causes.front());
      group.reason = steps.text(origin.reason);
    }
    group.compile_us += step.compile_us;
    group.steps.push_back(&step);
  }
  std::vector<CauseGroup> sorted;
  for (auto& [key, group] : groups) {
    std::ranges::stable_sort(group.steps, std::greater{}, [](const StepRecord* s) { return s->compile_us; });
    sorted.push_back(std::move(group));
  }
  std::ranges::stable_sort(sorted, std::greater{}, [](const CauseGroup& group) {
    return std::pair(group.compile_us, group.steps.size());
  });
  return sorted;
}

const StepRecord* origin_of(const BuildSteps& steps, const StepRecord& step) {
  const StepRecord& origin = Origins(steps).of(step);
  return &origin == &step ? nullptr : &origin;
}

std::vector<CostlyMiss> costly_misses(const BuildSteps& steps, const ShownRoots& roots, std::size_t most) {
  std::vector<const StepRecord*> dear;
  for (const StepRecord& step : steps.steps) {
    if (step.outcome == Outcome::miss && step.compile_us > 0) dear.push_back(&step);
  }
  std::ranges::stable_sort(dear, std::greater{}, [](const StepRecord* step) { return step->compile_us; });
  std::vector<CostlyMiss> misses;
  for (const StepRecord* step : dear) {
    if (misses.size() == most) break;
    misses.push_back({step_name(steps, *step, roots), why_text(steps, *step, roots), step->compile_us});
  }
  return misses;
}

std::string count_text(const std::vector<const StepRecord*>& steps) {
  constexpr const char* kNames[] = {"compile", "library", "link"};
  constexpr const char* kPlurals[] = {"compiles", "libraries", "links"};
  std::size_t counts[3] = {};
  for (const StepRecord* step : steps) ++counts[static_cast<std::size_t>(step->kind)];
  std::string text;
  for (std::size_t i = 0; i < 3; ++i) {
    if (counts[i] == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(counts[i]) + " " +
            (counts[i] == 1 ? kNames[i] : kPlurals[i]);
  }
  return text;
}

std::vector<const StepRecord*> steps_of(const BuildSteps& steps, const std::string& path) {
  const std::string wanted = normal_path(path);
  std::vector<const StepRecord*> found;
  for (const StepRecord& step : steps.steps) {
    const bool is_it = (step.source != kNoId && normal_path(steps.text(step.source)) == wanted) ||
                       (step.output != kNoId && normal_path(steps.text(step.output)) == wanted);
    if (is_it) found.push_back(&step);
  }
  return found;
}

std::vector<std::string> names_like(const BuildSteps& steps, const std::string& name,
                                    const ShownRoots& roots) {
  const std::string_view wanted = name_of_path(name);
  std::map<std::pair<std::size_t, std::string>, bool> near;
  for (const StepRecord& step : steps.steps) {
    const std::string shown = step_name(steps, step, roots);
    const std::string_view own = name_of_path(shown);
    if (own.size() > 200 || wanted.size() > 200) continue;
    const std::size_t distance = edit_distance(own, wanted);
    const bool contains = !wanted.empty() && own.find(wanted) != std::string_view::npos;
    if (contains || distance * 3 <= wanted.size()) near[{contains ? 0 : distance, shown}] = true;
  }
  std::vector<std::string> names;
  for (const auto& [key, ignored] : near) {
    if (names.size() < kMaxLikeNames) names.push_back(key.second);
  }
  return names;
}

}  // namespace compiler_cache
