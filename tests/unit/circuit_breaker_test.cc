#include "helper/circuit_breaker.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

constexpr std::int64_t kPause = CircuitBreaker::kFirstPauseUs;

TEST(CircuitBreakerTest, SilenceTwiceInARowOpensIt) {
  CircuitBreaker breaker;
  breaker.failed(CircuitBreaker::kSilence, 0, "silent");
  EXPECT_TRUE(breaker.lets_through());
  breaker.failed(CircuitBreaker::kSilence, 0, "silent");
  EXPECT_FALSE(breaker.lets_through());
  EXPECT_EQ(breaker.describe(0), "open: silent; tried again in 2000 ms");
}

TEST(CircuitBreakerTest, AnAnswerInBetweenForgivesWhatWasBefore) {
  CircuitBreaker breaker;
  for (int i = 0; i < 10; ++i) {
    breaker.failed(CircuitBreaker::kSilence, 0, "silent");
    breaker.succeeded();
  }
  EXPECT_TRUE(breaker.lets_through());
}

TEST(CircuitBreakerTest, OneEntryThatMakesNoSenseDoesNotOpenIt) {
  CircuitBreaker breaker;
  for (int i = 1; i < CircuitBreaker::kLimit; ++i) breaker.failed(CircuitBreaker::kNonsense, 0, "bad");
  EXPECT_TRUE(breaker.lets_through());
  breaker.failed(CircuitBreaker::kNonsense, 0, "bad");
  EXPECT_FALSE(breaker.lets_through());
}

TEST(CircuitBreakerTest, AfterAPauseOneTrialDecides) {
  CircuitBreaker breaker;
  breaker.open(0, "gone");
  EXPECT_FALSE(breaker.wants_trial(kPause - 1));
  EXPECT_TRUE(breaker.wants_trial(kPause));
  breaker.begin_trial();
  EXPECT_FALSE(breaker.wants_trial(kPause)) << "one at a time";
  EXPECT_FALSE(breaker.lets_through()) << "no build waits for a trial";
  breaker.succeeded();
  EXPECT_TRUE(breaker.lets_through());
}

TEST(CircuitBreakerTest, EachTrialThatFailsDoublesThePauseUpToALimit) {
  CircuitBreaker breaker;
  breaker.open(0, "gone");
  std::int64_t now = kPause;
  for (std::int64_t pause = 2 * kPause; pause < CircuitBreaker::kLongestPauseUs; pause *= 2) {
    breaker.begin_trial();
    breaker.failed(CircuitBreaker::kNonsense, now, "still gone");
    EXPECT_FALSE(breaker.wants_trial(now + pause - 1));
    EXPECT_TRUE(breaker.wants_trial(now + pause));
    now += pause;
  }
  for (int i = 0; i < 3; ++i) {
    breaker.begin_trial();
    breaker.failed(CircuitBreaker::kSilence, now, "still gone");
    EXPECT_TRUE(breaker.wants_trial(now + CircuitBreaker::kLongestPauseUs));
  }
}

TEST(CircuitBreakerTest, AnswersToWhatWasAskedBeforeDoNotCloseIt) {
  CircuitBreaker breaker;
  breaker.open(0, "gone");
  breaker.succeeded();
  EXPECT_EQ(breaker.state(), CircuitBreaker::State::open);
}

}  // namespace
}  // namespace compiler_cache
