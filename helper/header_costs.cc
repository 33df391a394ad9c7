#include "helper/header_costs.h"

#include <algorithm>
#include <unordered_map>

#include "helper/language.h"
#include "helper/path_text.h"

namespace compiler_cache {
namespace {

using Unit = RecordedInputs::Unit;

/// Archives and links have contexts, too, and objects for inputs.
bool is_compile(const RecordedInputs& inputs, const Unit& unit) {
  return !unit.inputs.empty() &&
         language_from_path(inputs.paths[unit.inputs.front()], CompilerFamily::clang, true).has_value();
}

std::vector<const Unit*> units_of_now(const RecordedInputs& inputs, const CurrentContexts& current) {
  std::vector<const Unit*> units;
  std::unordered_map<PathId, const Unit*> dearest;  // of sources without a current context; null with one
  for (const Unit& unit : inputs.units) {
    if (!is_compile(inputs, unit)) continue;
    const PathId source = unit.inputs.front();
    if (current.has(unit.context)) {
      units.push_back(&unit);
      dearest[source] = nullptr;
      continue;
    }
    const auto [known, first] = dearest.try_emplace(source, &unit);
    if (!first && known->second != nullptr && known->second->compile_us < unit.compile_us) {
      known->second = &unit;
    }
  }
  for (const auto& [source, unit] : dearest) {
    if (unit != nullptr) units.push_back(unit);
  }
  return units;
}

}  // namespace

void CurrentContexts::add(const BuildSteps& steps) {
  for (auto at = steps.steps.rbegin(); at != steps.steps.rend(); ++at) {
    const StepRecord& step = *at;
    if (step.kind != StepKind::compile || step.context == 0 || step.output == kNoId) continue;
    if (outputs_.insert(steps.text(step.output)).second) contexts_.insert(step.context);
  }
}

HeaderCosts header_costs(const RecordedInputs& inputs, const CurrentContexts& current, std::size_t limit) {
  HeaderCosts costs;
  PathTable names;
  std::vector<PathId> name_of_path;
  for (PathId path = 0; path < inputs.paths.size(); ++path) {
    name_of_path.push_back(names.intern(without_dots(inputs.paths[path])));
  }
  std::vector<HeaderCost> by_name(names.size());
  for (const Unit* unit : units_of_now(inputs, current)) {
    ++costs.units;
    costs.compile_us += unit->compile_us;
    for (std::size_t input = 1; input < unit->inputs.size(); ++input) {  // behind the source
      HeaderCost& cost = by_name[name_of_path[unit->inputs[input]]];
      ++cost.units;
      cost.compile_us += unit->compile_us;
    }
  }
  for (PathId name = 0; name < by_name.size(); ++name) {
    if (by_name[name].units == 0) continue;
    costs.headers.push_back({names[name], by_name[name].units, by_name[name].compile_us});
  }
  std::ranges::sort(costs.headers, [](const HeaderCost& a, const HeaderCost& b) {
    return a.compile_us != b.compile_us ? a.compile_us > b.compile_us : a.path < b.path;
  });
  if (costs.headers.size() > limit) {
    costs.left_out = costs.headers.size() - limit;
    costs.headers.resize(limit);
  }
  return costs;
}

}  // namespace compiler_cache
