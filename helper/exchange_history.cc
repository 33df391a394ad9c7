// What an exchange leaves in the history of its build: how long what took, and what it was all about.
#include <algorithm>
#include <cstring>
#include <limits>

#include "helper/exchange.h"
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

/// Counts the request, and records it as a step of its build.
void Exchange::count(const RequestResult& result, const std::string& detail) {
  mark(step_phase_);
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
  std::memcpy(&step.context, context_.bytes.data(), sizeof step.context);
  step.phases = phases_;
  if (result.outcome == Outcome::miss) step.causes = &causes_;
  cache_.count(result, build_, step);
}

}  // namespace compiler_cache
