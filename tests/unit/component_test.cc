#include "helper/component.h"

#include <gtest/gtest.h>

#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class ComponentTest : public testing::Test {
 protected:
  SteppedClock clock_;
  Components components_{clock_};
};

TEST_F(ComponentTest, IsIdleUntilItIsNeeded) {
  const ComponentStatus status = components_.status(Component::graph);
  EXPECT_EQ(status.name, "dependency graph");
  EXPECT_EQ(status.state, "idle");
  EXPECT_EQ(status.duration_ms, 0U);
}

TEST_F(ComponentTest, SaysHowLongLoadingHasTakenSoFar) {
  components_.begin(Component::graph);
  clock_.tick(10);
  ComponentStatus status = components_.status(Component::graph);
  EXPECT_EQ(status.state, "building");
  EXPECT_EQ(status.duration_ms, 40U);
  components_.ready(Component::graph);
  clock_.tick(2);
  status = components_.status(Component::graph);
  EXPECT_EQ(status.state, "ready");
  EXPECT_EQ(status.duration_ms, 40U);
  EXPECT_EQ(status.state_age_ms, 8U);
}

TEST_F(ComponentTest, FailsAloneAndSaysWhy) {
  components_.begin(Component::files);
  components_.fail(Component::files, "checksum");
  EXPECT_EQ(components_.status(Component::files).error, "checksum");
  EXPECT_EQ(components_.state(Component::files), ComponentState::failed);
  EXPECT_EQ(components_.state(Component::graph), ComponentState::idle);
  components_.begin(Component::files);
  EXPECT_EQ(components_.status(Component::files).error, "");
}

TEST_F(ComponentTest, ASuccessMayComeWithAWarning) {
  components_.ready(Component::graph);
  components_.warn(Component::graph, "loaded, not persisted");
  EXPECT_EQ(components_.status(Component::graph).note, "loaded, not persisted");
  EXPECT_EQ(components_.status(Component::graph).state, "ready");
}

}  // namespace
}  // namespace compiler_cache
