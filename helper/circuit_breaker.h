// Whether a server that has failed is asked again: closed while it answers; open for a while after failures
// in a row; then half open, which is one trial that no build waits for.
#pragma once

#include <cstdint>
#include <string>

namespace compiler_cache {

class CircuitBreaker {
 public:
  enum class State : std::uint8_t { closed, open, half_open };

  /// What one failure counts. An answer that makes no sense is one entry's fault, perhaps; silence is the
  /// server's.
  static constexpr int kSilence = 4;
  static constexpr int kNonsense = 1;
  static constexpr int kLimit = 8;
  static constexpr std::int64_t kFirstPauseUs = 2'000'000;
  static constexpr std::int64_t kLongestPauseUs = 60'000'000;

  State state() const { return state_; }
  bool lets_through() const { return state_ == State::closed; }
  /// Whether the pause is over: then begin_trial(), and tell how the trial went like of any other call.
  bool wants_trial(std::int64_t now_us) const { return state_ == State::open && now_us >= until_us_; }
  void begin_trial() { state_ = State::half_open; }

  void succeeded();
  void failed(int weight, std::int64_t now_us, const std::string& why);
  /// Opens at once, whatever was before.
  void open(std::int64_t now_us, const std::string& why);

  /// For the status: "closed", or why it is open and for how long.
  std::string describe(std::int64_t now_us) const;

 private:
  State state_ = State::closed;
  int points_ = 0;
  std::int64_t pause_us_ = kFirstPauseUs;
  std::int64_t until_us_ = 0;
  std::string why_;
};

/// Stable name.
const char* to_string(CircuitBreaker::State state);

}  // namespace compiler_cache
