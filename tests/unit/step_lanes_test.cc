#include "helper/step_lanes.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

std::vector<StepRecord> spans(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& times) {
  std::vector<StepRecord> steps;
  for (const auto& [start_us, end_us] : times) {
    StepRecord& step = steps.emplace_back();
    step.start_us = start_us;
    step.end_us = end_us;
  }
  return steps;
}

using Lanes = std::vector<std::uint32_t>;

TEST(StepLanesTest, NoStepsNoLanes) { EXPECT_EQ(lanes_of({}).count, 0U); }

TEST(StepLanesTest, StepsAtOnceAreInLanesOfTheirOwn) {
  const StepLanes lanes = lanes_of(spans({{0, 10}, {1, 4}, {2, 3}}));
  EXPECT_EQ(lanes.count, 3U);
  EXPECT_EQ(lanes.lanes, (Lanes{0, 1, 2}));
}

TEST(StepLanesTest, TheLowestLaneThatIsFreeIsTaken) {
  const StepLanes lanes = lanes_of(spans({{0, 10}, {0, 20}, {10, 12}, {11, 30}, {20, 30}}));
  EXPECT_EQ(lanes.count, 3U);
  EXPECT_EQ(lanes.lanes, (Lanes{0, 1, 0, 2, 0}));
}

TEST(StepLanesTest, TheOrderInWhichTheyEndedDoesNotMatter) {
  const StepLanes lanes = lanes_of(spans({{5, 6}, {0, 10}}));
  EXPECT_EQ(lanes.lanes, (Lanes{1, 0}));
}

TEST(StepLanesTest, LearningBeginsWhereTheStepEnded) {
  std::vector<StepRecord> steps = spans({{0, 10}, {0, 11}, {0, 12}});
  steps[0].phases[static_cast<std::size_t>(StepPhase::learning)] = 2;
  steps[2].phases[static_cast<std::size_t>(StepPhase::learning)] = 2;
  const StepLanes lanes = learning_lanes_of(steps);
  EXPECT_EQ(lanes.count, 1U);
  steps[2].end_us = 11;
  EXPECT_EQ(learning_lanes_of(steps).count, 2U);
}

}  // namespace
}  // namespace compiler_cache
