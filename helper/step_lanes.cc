#include "helper/step_lanes.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <utility>

namespace compiler_cache {
namespace {

struct Span {
  std::size_t step = 0;
  std::uint64_t start_us = 0;
  std::uint64_t end_us = 0;
};

template <class Value>
using LeastFirst = std::priority_queue<Value, std::vector<Value>, std::greater<>>;

StepLanes assign(std::vector<Span> spans, std::size_t steps) {
  std::ranges::stable_sort(spans, {}, [](const Span& span) { return std::pair(span.start_us, span.end_us); });
  StepLanes result{std::vector<std::uint32_t>(steps), 0};
  LeastFirst<std::pair<std::uint64_t, std::uint32_t>> busy;  // until when, lane
  LeastFirst<std::uint32_t> free;
  for (const Span& span : spans) {
    while (!busy.empty() && busy.top().first <= span.start_us) {
      free.push(busy.top().second);
      busy.pop();
    }
    std::uint32_t lane = result.count;
    if (free.empty()) {
      ++result.count;
    } else {
      lane = free.top();
      free.pop();
    }
    result.lanes[span.step] = lane;
    busy.emplace(span.end_us, lane);
  }
  return result;
}

}  // namespace

StepLanes lanes_of(const std::vector<StepRecord>& steps) {
  std::vector<Span> spans;
  spans.reserve(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) spans.push_back({i, steps[i].start_us, steps[i].end_us});
  return assign(std::move(spans), steps.size());
}

StepLanes learning_lanes_of(const std::vector<StepRecord>& steps) {
  std::vector<Span> spans;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::uint64_t took_us = steps[i].phases[static_cast<std::size_t>(StepPhase::learning)];
    if (took_us != 0) spans.push_back({i, steps[i].end_us, steps[i].end_us + took_us});
  }
  return assign(std::move(spans), steps.size());
}

}  // namespace compiler_cache
