#include "helper/circuit_breaker.h"

#include <algorithm>

namespace compiler_cache {

const char* to_string(CircuitBreaker::State state) {
  switch (state) {
    case CircuitBreaker::State::closed:
      return "closed";
    case CircuitBreaker::State::open:
      return "open";
    case CircuitBreaker::State::half_open:
      return "half-open";
  }
  return "unknown";
}

/// What was asked before it opened may still be answered: that says nothing of what comes next.
void CircuitBreaker::succeeded() {
  if (state_ == State::open) return;
  state_ = State::closed;
  points_ = 0;
  pause_us_ = kFirstPauseUs;
  why_.clear();
}

void CircuitBreaker::failed(int weight, std::int64_t now_us, const std::string& why) {
  if (state_ == State::open) return;
  points_ += weight;
  if (state_ == State::half_open || points_ >= kLimit) open(now_us, why);
}

void CircuitBreaker::open(std::int64_t now_us, const std::string& why) {
  if (state_ == State::half_open) pause_us_ = std::min(2 * pause_us_, kLongestPauseUs);
  state_ = State::open;
  points_ = 0;
  until_us_ = now_us + pause_us_;
  why_ = why;
}

std::string CircuitBreaker::describe(std::int64_t now_us) const {
  std::string text = to_string(state_);
  if (state_ == State::closed) return text;
  text += ": " + why_;
  if (state_ == State::open) {
    text +=
        "; tried again in " + std::to_string(std::max<std::int64_t>(0, until_us_ - now_us) / 1000) + " ms";
  }
  return text;
}

}  // namespace compiler_cache
