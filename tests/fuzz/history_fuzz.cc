// Any bytes as a build of the history: what is read survives being written, and can be explained.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "helper/explain_json.h"
#include "helper/explanation.h"
#include "helper/history_codec.h"

namespace {

using namespace compiler_cache;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto summary = decode_summary(bytes); summary.ok()) {
    const auto again = decode_summary(encode_summary(summary.value()));
    require(again.ok() && again.value() == summary.value());
  }
  const auto read = decode_steps(bytes);
  if (!read.ok()) return 0;
  const BuildSteps& steps = read.value();
  const auto again = decode_steps(encode_steps(steps));
  require(again.ok() && again.value().steps == steps.steps);
  const ShownRoots roots{"/source", "/source/build"};
  std::size_t explained = 0;
  for (const CauseGroup& group : group_by_cause(steps, roots)) explained += group.steps.size();
  require(explained <= steps.steps.size());
  std::vector<const StepRecord*> shown;
  for (const StepRecord& step : steps.steps) shown.push_back(&step);
  require(!explain_json(nullptr, steps, shown, roots).empty());
  return 0;
}
