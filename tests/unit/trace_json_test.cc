#include "helper/trace_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace compiler_cache {
namespace {

using Json = nlohmann::json;

class TraceJsonTest : public testing::Test {
 protected:
  StepRecord& step(Outcome outcome, const std::string& source, std::uint64_t start_us, std::uint64_t end_us) {
    StepRecord& one = steps_.steps.emplace_back();
    one.outcome = outcome;
    one.source = steps_.intern(source);
    one.output = steps_.intern("/b/" + std::to_string(steps_.steps.size()) + ".o");
    one.start_us = start_us;
    one.end_us = end_us;
    return one;
  }
  void phase(StepRecord& step, StepPhase phase, std::uint32_t us) {
    step.phases[static_cast<std::size_t>(phase)] = us;
  }
  /// Those of a type and process.
  std::vector<Json> events(const std::string& type, int process = 1) {
    const Json trace = Json::parse(trace_json(summary_, steps_));
    std::vector<Json> found;
    for (const Json& event : trace.at("traceEvents")) {
      if (event.at("ph") == type && event.at("pid") == process) found.push_back(event);
    }
    return found;
  }

  BuildSummary summary_;
  BuildSteps steps_;
};

TEST_F(TraceJsonTest, ABuildWithoutStepsIsATraceToo) {
  EXPECT_TRUE(events("X").empty());
  EXPECT_EQ(events("M").size(), 1U);
}

TEST_F(TraceJsonTest, EachStepIsASliceOfItsWorkerWithOutcomeAndCause) {
  summary_.number = 12;
  summary_.asked = "ninja all";
  step(Outcome::hit, "/s/a.cc", 0, 100);
  StepRecord& miss = step(Outcome::miss, "/s/b.cc", 50, 2050);
  miss.reason = steps_.intern(name_of(MissReason::input_changed));
  miss.compile_us = 1900;
  miss.causes = {steps_.intern(Cause{CauseKind::header_changed, "/s/config.h", "", ""})};
  const std::vector<Json> slices = events("X");
  ASSERT_EQ(slices.size(), 2U);
  EXPECT_EQ(slices[0].at("name"), "a.cc");
  EXPECT_EQ(slices[0].at("cat"), "compile,hit");
  EXPECT_EQ(slices[0].at("args").at("from"), "memory");
  EXPECT_EQ(slices[1].at("tid"), 2);
  EXPECT_EQ(slices[1].at("ts"), 50);
  EXPECT_EQ(slices[1].at("dur"), 2000);
  EXPECT_EQ(slices[1].at("args").at("reason"), "input-changed");
  EXPECT_EQ(slices[1].at("args").at("cause"), "header-changed");
  EXPECT_EQ(slices[1].at("args").at("subject"), "/s/config.h");
  EXPECT_EQ(slices[1].at("args").at("compile_us"), 1900);
  const std::vector<Json> names = events("M");
  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(names[0].at("args").at("name"), "build 12: ninja all");
  EXPECT_EQ(names[2].at("args").at("name"), "worker 2");
}

TEST_F(TraceJsonTest, PhasesAreInsideOfTheirStepAndNamedByWhoSpendsThem) {
  StepRecord& miss = step(Outcome::miss, "/s/a.cc", 100, 1100);
  phase(miss, StepPhase::validation, 200);
  phase(miss, StepPhase::compiling, 5000);  // more than there is room for
  phase(miss, StepPhase::capturing, 10);
  const std::vector<Json> slices = events("X");
  ASSERT_EQ(slices.size(), 3U);
  EXPECT_EQ(slices[1].at("name"), "validation");
  EXPECT_EQ(slices[1].at("cat"), "helper");
  EXPECT_EQ(slices[2].at("cat"), "launcher");
  EXPECT_EQ(slices[2].at("ts"), 300);
  EXPECT_EQ(slices[2].at("dur"), 800);
}

TEST_F(TraceJsonTest, WhatIsLearnedBehindTheLauncherHasLanesOfItsOwn) {
  StepRecord& miss = step(Outcome::miss, "/s/a.cc", 0, 100);
  phase(miss, StepPhase::learning, 30);
  EXPECT_EQ(events("X").size(), 1U);
  const std::vector<Json> learning = events("X", 2);
  ASSERT_EQ(learning.size(), 1U);
  EXPECT_EQ(learning[0].at("ts"), 100);
  EXPECT_EQ(learning[0].at("dur"), 30);
}

TEST_F(TraceJsonTest, NamesOfAnyBytesMakeATraceThatCanBeRead) {
  step(Outcome::miss, "/s/\"\\\n\xff</script>.cc", 0, 1);
  EXPECT_EQ(events("X")[0].at("name"), "script>.cc");
  EXPECT_EQ(events("X")[0].at("args").at("source"), "/s/\"\\\n\xef\xbf\xbd</script>.cc");
}

}  // namespace
}  // namespace compiler_cache
