#include "helper/loading.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/inline_executor.h"

namespace compiler_cache {
namespace {

class LoadingTest : public testing::Test {
 protected:
  LoadingTest() { executor_.hold(); }

  std::function<void()> say(const std::string& what) {
    return [this, what] { said_ += what + " "; };
  }

  std::string said_;
  InlineExecutor executor_;
  Loading loading_{executor_, {say("read-light"), say("light")}, {say("read-full"), say("full")}};
};

TEST_F(LoadingTest, NothingIsLoadedForThoseWhoNeedNothing) {
  loading_.want(Need::nothing, say("answer"));
  EXPECT_EQ(said_, "answer ");
  EXPECT_EQ(executor_.queued(), 0U);
  EXPECT_FALSE(loading_.under_way());
}

TEST_F(LoadingTest, CountersDoNotWaitForTheGraph) {
  loading_.want(Need::light, say("stats"));
  executor_.run_all();
  EXPECT_EQ(said_, "read-light light stats ");
  EXPECT_TRUE(loading_.has(Need::light));
  EXPECT_FALSE(loading_.has(Need::full));
}

TEST_F(LoadingTest, EachStageRunsOnceHoweverManyAsk) {
  for (const char* name : {"one", "two", "three"}) loading_.want(Need::full, say(name));
  loading_.want(Need::light, say("stats"));
  executor_.run_one();
  EXPECT_EQ(said_, "read-light light stats ");
  EXPECT_TRUE(loading_.under_way());
  executor_.run_all();
  EXPECT_EQ(said_, "read-light light stats read-full full one two three ");
  loading_.want(Need::full, say("four"));
  EXPECT_EQ(executor_.queued(), 0U);
  EXPECT_TRUE(said_.ends_with("three four "));
}

TEST_F(LoadingTest, WhoIsCalledMayAskForMore) {
  loading_.want(Need::light, [this] { loading_.want(Need::full, say("compile")); });
  executor_.run_all();
  EXPECT_EQ(said_, "read-light light read-full full compile ");
}

TEST_F(LoadingTest, TheEndWaitsForTheStageThatIsBeingReadAndBeginsNone) {
  loading_.want(Need::full, say("compile"));
  loading_.stop(say("end"));
  EXPECT_EQ(said_, "");
  executor_.run_all();
  EXPECT_EQ(said_, "read-light light end ");
}

TEST_F(LoadingTest, TheEndIsAtOnceWhenNothingIsBeingRead) {
  loading_.stop(say("end"));
  EXPECT_EQ(said_, "end ");
}

}  // namespace
}  // namespace compiler_cache
