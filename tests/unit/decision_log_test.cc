#include "helper/decision_log.h"

#include <gtest/gtest.h>

#include <memory>

#include "helper/real_file_system.h"
#include "tests/unit/still_clock.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

class DecisionLogTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::unique_ptr<FileSystem> files_ = make_real_file_system();
  StillClock clock_{1700000000};
  DecisionLog log_{*files_, clock_, folder_.path(), 42};
};

TEST_F(DecisionLogTest, DecisionsGoWhereTheBuildAsked) {
  log_.decide(folder_ / "asked", "a.cc: hit");
  log_.decide(folder_ / "asked", "b.cc: miss");
  EXPECT_EQ(folder_.read("asked"),
            "2023-11-14T22:13:20Z helper[42] a.cc: hit\n2023-11-14T22:13:20Z helper[42] b.cc: miss\n");
  EXPECT_FALSE(folder_.has("log"));
}

TEST_F(DecisionLogTest, NobodyAskedNothingIsWritten) {
  log_.decide("", "a.cc: hit");
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(DecisionLogTest, WarningsGoToTheTreesLog) {
  log_.warn("the disk is full");
  EXPECT_EQ(folder_.read("log"), "2023-11-14T22:13:20Z helper[42] the disk is full\n");
}

TEST_F(DecisionLogTest, ADecisionIsAlwaysOneLine) {
  log_.decide(folder_ / "asked", "a\nb\r\nc");
  EXPECT_EQ(folder_.read("asked"), "2023-11-14T22:13:20Z helper[42] a b  c\n");
}

TEST_F(DecisionLogTest, APlaceThatCannotBeWrittenIsIgnored) {
  log_.decide(folder_ / "gone/asked", "a.cc: hit");
  EXPECT_FALSE(folder_.has("gone"));
}

}  // namespace
}  // namespace compiler_cache
