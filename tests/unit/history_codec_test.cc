#include "helper/history_codec.h"

#include <gtest/gtest.h>

#include "tests/unit/damage.h"

namespace compiler_cache {
namespace {

StepRecord miss(BuildSteps& steps) {
  StepRecord step;
  step.outcome = Outcome::miss;
  step.source = steps.intern("/s/a.cc");
  step.output = steps.intern("/b/a.o");
  step.reason = steps.intern("input-changed");
  step.detail = steps.intern("/s/x.h");
  step.start_us = 1'000;
  step.end_us = 5'000'000'000;
  step.compile_us = 4'999'000'000;
  step.launcher = 4242;
  step.context = 0xfedcba9876543210;
  step.phases = {1, 2, 3, 4, 0, 4'000'000'000, 7, 8};
  step.causes.push_back(steps.intern(Cause{CauseKind::header_changed, "/s/x.h", "", ""}));
  step.causes.push_back(steps.intern(Cause{CauseKind::flag_changed, "", "-O2", "-O3"}));
  return step;
}

BuildSteps some() {
  BuildSteps steps;
  steps.steps.push_back(miss(steps));
  StepRecord hit;
  hit.kind = StepKind::link;
  hit.outcome = Outcome::hit;
  hit.source_tier = HitSource::shared;
  hit.output = steps.intern("/b/app");
  steps.steps.push_back(hit);
  return steps;
}

BuildSummary summary() {
  BuildSummary summary;
  summary.number = 12;
  summary.id = 9;
  summary.process = {4711, 123456};
  summary.tool = "ninja";
  summary.asked = "ninja -j2 all";
  summary.started_us = 1'700'000'000'000'000;
  summary.ended_us = 1'700'000'060'000'000;
  summary.ended = true;
  summary.steps = 2;
  summary.left_out = 3;
  summary.counters.add(RequestResult::hit(HitSource::tree, 10, 20));
  return summary;
}

TEST(HistoryCodec, StepsComeBackTheSame) {
  const BuildSteps steps = some();
  const Result<BuildSteps> back = decode_steps(encode_steps(steps));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->steps, steps.steps);
  ASSERT_EQ(back->texts.size(), steps.texts.size());
  EXPECT_EQ(back->text(back->steps[0].source), "/s/a.cc");
  EXPECT_EQ(back->cause(back->steps[0].causes[1]), (Cause{CauseKind::flag_changed, "", "-O2", "-O3"}));
}

TEST(HistoryCodec, NoStepsComeBackToo) {
  const Result<BuildSteps> back = decode_steps(encode_steps({}));
  ASSERT_TRUE(back.ok());
  EXPECT_TRUE(back->steps.empty());
}

TEST(HistoryCodec, SummaryComesBackTheSame) {
  const Result<BuildSummary> back = decode_summary(encode_summary(summary()));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, summary());
}

TEST(HistoryCodec, NoDamageIsReadBeyondItsEndAndNoCutIsAccepted) {
  const std::string bytes = encode_steps(some());
  for_each_damage(bytes, [&](const std::string& damaged) {
    const Result<BuildSteps> back = decode_steps(damaged);
    EXPECT_FALSE(back.ok() && damaged.size() < bytes.size());
    if (!back.ok()) return;
    // Whatever it says now, each text that is named is there.
    for (const StepRecord& step : back->steps) {
      for (const PathId id : {step.source, step.output, step.reason, step.detail})
        EXPECT_TRUE(id == kNoId || id < back->texts.size());
      for (const RecordedCause& cause : step.causes)
        EXPECT_TRUE(cause.subject == kNoId || cause.subject < back->texts.size());
    }
  });
  const std::string whole = encode_summary(summary());
  for_each_damage(whole, [&](const std::string& damaged) {
    EXPECT_FALSE(damaged.size() < whole.size() && decode_summary(damaged).ok());
  });
}

TEST(HistoryCodec, SealedDamageAlwaysShows) {
  const Result<std::string> sealed = seal(kStepsKind, "1.steps", encode_steps(some()));
  ASSERT_TRUE(sealed.ok());
  for_each_damage(*sealed, [](const std::string& damaged) {
    EXPECT_NE(unseal(kStepsKind, "1.steps", damaged).state, SealState::good);
  });
}

TEST(HistoryCodec, AppendingTranslatesTextsAndShiftsTimes) {
  BuildSteps steps = some();
  BuildSteps more;
  more.intern("/something/else");
  more.steps.push_back(miss(more));
  EXPECT_EQ(append_steps(steps, more, 500), 0U);
  ASSERT_EQ(steps.steps.size(), 3U);
  const StepRecord& added = steps.steps[2];
  EXPECT_EQ(added.source, steps.steps[0].source);
  EXPECT_EQ(added.causes, steps.steps[0].causes);
  EXPECT_EQ(added.start_us, 1'500U);
}

TEST(HistoryCodec, WhatIsOverTheLimitIsCountedNotKept) {
  BuildSteps steps;
  steps.steps.resize(kMaxSteps - 1);
  EXPECT_EQ(append_steps(steps, some(), 0), 1U);
  EXPECT_EQ(steps.steps.size(), kMaxSteps);
}

TEST(HistoryCodec, AHundredThousandStepsStayUnderTenMegabytes) {
  BuildSteps steps;
  for (int i = 0; i < 100'000; ++i) {
    StepRecord step = miss(steps);
    step.source = steps.intern("/home/somebody/project/source/part/file_" + std::to_string(i) + ".cc");
    step.output = steps.intern("/home/somebody/project/build/part/file_" + std::to_string(i) + ".cc.o");
    step.context = static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15U;
    step.start_us = static_cast<std::uint64_t>(i) * 1237;
    step.end_us = step.start_us + 1'000'000 + static_cast<std::uint64_t>(i * 7919 % 1'000'003);
    steps.steps.push_back(step);
  }
  const Result<std::string> sealed = seal(kStepsKind, "x", encode_steps(steps));
  ASSERT_TRUE(sealed.ok());
  EXPECT_LT(sealed->size(), 10U << 20);
  const Unsealed back = unseal(kStepsKind, "x", *sealed);
  const Result<BuildSteps> decoded = decode_steps(back.payload);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->steps, steps.steps);
}

}  // namespace
}  // namespace compiler_cache
