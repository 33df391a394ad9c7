#include "helper/history_files.h"

#include <gtest/gtest.h>

#include "helper/build_history.h"
#include "helper/history_codec.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class HistoryFilesTest : public testing::Test {
 protected:
  HistoryFilesTest() {
    disk_.put_folder("/b/.compiler-cache");
    folder_ = disk_.at("/b/.compiler-cache");
    start_helper();
  }

  void start_helper() {
    history_ = std::make_unique<BuildHistory>(clock_);
    files_ = std::make_unique<HistoryFiles>(*folder_);
  }
  void begin(std::uint64_t id, std::int32_t pid = 7) {
    history_->begin_build(id, {pid, 99}, "ninja", "ninja all");
  }
  void step(std::uint64_t id, const std::string& source) {
    EndedStep ended;
    ended.source = source;
    ended.began_us = clock_.monotonic_us();
    clock_.tick();
    ended.ended_us = clock_.monotonic_us();
    history_->add(id, RequestResult::miss(MissReason::first_time), ended);
  }
  Status write() {
    Status all;
    for (const BuildHistory::News& news : history_->take()) {
      if (Status status = files_->write(news.summary, news.steps); !status) all = status;
    }
    return all;
  }
  /// One build with one step, from begin to end, written.
  void build(std::uint64_t id, const std::string& source) {
    begin(id);
    step(id, source);
    history_->end_build(id);
    ASSERT_TRUE(write().ok());
  }
  History read() { return read_history(disk_, "/b/.compiler-cache"); }
  std::vector<std::string> sources(std::uint64_t number) {
    const Result<BuildSteps> steps = read_steps(disk_, "/b/.compiler-cache", number);
    std::vector<std::string> names;
    if (!steps.ok()) return {"none"};
    for (const StepRecord& one : steps->steps) names.push_back(steps->text(one.source));
    return names;
  }

  using Names = std::vector<std::string>;

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  std::unique_ptr<FakeFileSystem> folder_;
  std::unique_ptr<BuildHistory> history_;
  std::unique_ptr<HistoryFiles> files_;
};

TEST_F(HistoryFilesTest, NothingIsAnEmptyHistory) {
  EXPECT_TRUE(read().builds.empty());
  EXPECT_TRUE(read().notes.empty());
}

TEST_F(HistoryFilesTest, ABuildIsThereWithItsStepsAndTimes) {
  const auto began = static_cast<std::uint64_t>(clock_.file_now_ns()) / 1000;
  build(3, "/s/a.cc");
  const History history = read();
  ASSERT_EQ(history.builds.size(), 1U);
  const BuildSummary& summary = history.builds[0];
  EXPECT_EQ(summary.number, 1U);
  EXPECT_EQ(summary.id, 3U);
  EXPECT_EQ(summary.tool, "ninja");
  EXPECT_EQ(summary.asked, "ninja all");
  EXPECT_TRUE(summary.ended);
  EXPECT_EQ(summary.started_us, began);
  EXPECT_EQ(summary.ended_us, began + 4'000);
  EXPECT_EQ(summary.counters.misses, 1U);
  EXPECT_EQ(summary.steps, 1U);
  EXPECT_EQ(sources(1), Names{"/s/a.cc"});
}

TEST_F(HistoryFilesTest, BuildsAreNewestFirst) {
  build(1, "/s/a.cc");
  build(2, "/s/b.cc");
  ASSERT_EQ(read().builds.size(), 2U);
  EXPECT_EQ(read().builds[0].id, 2U);
  EXPECT_EQ(sources(2), Names{"/s/b.cc"});
}

TEST_F(HistoryFilesTest, ARunningBuildGrowsAndALateResultIsAdded) {
  begin(1);
  step(1, "/s/a.cc");
  ASSERT_TRUE(write().ok());
  EXPECT_FALSE(read().builds[0].ended);
  step(1, "/s/b.cc");
  history_->end_build(1);
  ASSERT_TRUE(write().ok());
  step(1, "/s/c.cc");
  ASSERT_TRUE(write().ok());
  ASSERT_EQ(read().builds.size(), 1U);
  EXPECT_TRUE(read().builds[0].ended);
  EXPECT_EQ(read().builds[0].counters.misses, 3U);
  EXPECT_EQ(sources(1), (Names{"/s/a.cc", "/s/b.cc", "/s/c.cc"}));
}

TEST_F(HistoryFilesTest, TheNextHelperGoesOnWithTheSameBuild) {
  begin(1);
  step(1, "/s/a.cc");
  ASSERT_TRUE(write().ok());
  start_helper();
  clock_.tick(250);
  begin(1);
  step(1, "/s/b.cc");
  history_->end_build(1);
  ASSERT_TRUE(write().ok());
  ASSERT_EQ(read().builds.size(), 1U);
  EXPECT_EQ(read().builds[0].counters.misses, 2U);
  const Result<BuildSteps> steps = read_steps(disk_, "/b/.compiler-cache", 1);
  ASSERT_TRUE(steps.ok());
  EXPECT_EQ(steps->steps[1].start_us, 1'004'000U);  // since the build's start, not since the helper's
}

TEST_F(HistoryFilesTest, AnotherProcessIsAnotherBuild) {
  begin(1);
  step(1, "/s/a.cc");
  ASSERT_TRUE(write().ok());
  start_helper();
  begin(1, 8);
  step(1, "/s/b.cc");
  ASSERT_TRUE(write().ok());
  EXPECT_EQ(read().builds.size(), 2U);
}

TEST_F(HistoryFilesTest, WithNothingNewNothingIsWritten) {
  build(1, "/s/a.cc");
  begin(2);
  history_->end_build(2);
  EXPECT_TRUE(history_->take().empty());
}

TEST_F(HistoryFilesTest, TotalsOfAHundredAndStepsOfTen) {
  for (std::uint64_t id = 1; id <= 105; ++id) build(id, "/s/a.cc");
  ASSERT_EQ(read().builds.size(), kKeptBuilds);
  EXPECT_EQ(read().builds.front().number, 105U);
  EXPECT_EQ(sources(105), Names{"/s/a.cc"});
  EXPECT_EQ(sources(96), Names{"/s/a.cc"});
  EXPECT_EQ(sources(95), Names{"none"});
}

TEST_F(HistoryFilesTest, WhatIsDamagedIsPassedOverWithANote) {
  build(1, "/s/a.cc");
  build(2, "/s/b.cc");
  disk_.put("/b/.compiler-cache/history/0000000002.build", "rubbish");
  disk_.put("/b/.compiler-cache/history/notes.txt", "somebody's");
  const History history = read();
  ASSERT_EQ(history.builds.size(), 1U);
  EXPECT_EQ(history.builds[0].number, 1U);
  EXPECT_EQ(history.notes, Names{"history: 0000000002.build is damaged"});
  build(3, "/s/c.cc");
  EXPECT_EQ(read().builds[0].number, 3U);
  EXPECT_EQ(disk_.files().count("/b/.compiler-cache/history/notes.txt"), 1U);
}

TEST_F(HistoryFilesTest, AFileUnderAnothersNameIsDamage) {
  build(1, "/s/a.cc");
  ASSERT_TRUE(disk_
                  .rename("/b/.compiler-cache/history/0000000001.build",
                          "/b/.compiler-cache/history/0000000009.build")
                  .ok());
  EXPECT_TRUE(read().builds.empty());
  EXPECT_EQ(read().notes.size(), 1U);
}

TEST_F(HistoryFilesTest, ANewerVersionIsLeftAloneAndSaid) {
  build(1, "/s/a.cc");
  constexpr SealKind kNewer{"CCbs", 2, 1000};
  disk_.put("/b/.compiler-cache/history/0000000002.build", *seal(kNewer, "0000000002.build", "?"));
  EXPECT_EQ(read().notes, Names{"history: 0000000002.build is of another version"});
  build(2, "/s/b.cc");
  EXPECT_EQ(read().builds[0].number, 3U);
}

TEST_F(HistoryFilesTest, BypassedCallsOfNoBuildAreOneOfTheirOwn) {
  history_->add_bypassed({{"disabled", 4}}, 0);
  ASSERT_TRUE(write().ok());
  ASSERT_EQ(read().builds.size(), 1U);
  EXPECT_EQ(read().builds[0].counters.bypassed, 4U);
  EXPECT_TRUE(history_->take().empty());
}

TEST_F(HistoryFilesTest, WithoutAFolderItFailsAndMakesNone) {
  ASSERT_TRUE(disk_.remove_folder("/b/.compiler-cache").ok());
  begin(1);
  step(1, "/s/a.cc");
  EXPECT_FALSE(write().ok());
}

}  // namespace
}  // namespace compiler_cache
