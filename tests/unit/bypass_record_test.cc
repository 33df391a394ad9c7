#include "helper/bypass_record.h"

#include <gtest/gtest.h>

#include <memory>

#include "helper/real_file_system.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/still_clock.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

class BypassRecordTest : public ::testing::Test {
 protected:
  ReasonCounts fold() {
    const Result<ReasonCounts> counts = fold_bypassed(*files_, folder_.path());
    EXPECT_TRUE(counts.ok());
    return counts ? counts.value() : ReasonCounts();
  }
  ReasonCounts peek() {
    const Result<ReasonCounts> counts = peek_bypassed(*files_, folder_.path());
    EXPECT_TRUE(counts.ok());
    return counts ? counts.value() : ReasonCounts();
  }

  TemporaryFolder folder_;
  std::unique_ptr<FileSystem> files_ = make_real_file_system();
};

TEST_F(BypassRecordTest, EachByteIsOneCall) {
  folder_.write("bypassed", "ddntbo");
  const ReasonCounts expected = {
      {"disabled", 2}, {"no-helper", 1}, {"no-answer", 1}, {"bad-answer", 1}, {"not-owner", 1}};
  EXPECT_EQ(peek(), expected);
  EXPECT_EQ(fold(), expected);
}

TEST_F(BypassRecordTest, WhatIsFoldedIsReturnedOnce) {
  folder_.write("bypassed", "d");
  EXPECT_EQ(fold(), (ReasonCounts{{"disabled", 1}}));
  EXPECT_EQ(fold(), ReasonCounts());
  EXPECT_FALSE(folder_.has("bypassed"));
  EXPECT_FALSE(folder_.has("bypassed.folding"));
}

TEST_F(BypassRecordTest, PeekingChangesNothing) {
  folder_.write("bypassed", "d");
  EXPECT_EQ(peek(), peek());
  EXPECT_EQ(folder_.read("bypassed"), "d");
}

TEST_F(BypassRecordTest, ALeftoverOfAnInterruptedFoldCountsToo) {
  folder_.write("bypassed.folding", "nn");
  folder_.write("bypassed", "d");
  const ReasonCounts expected = {{"disabled", 1}, {"no-helper", 2}};
  EXPECT_EQ(peek(), expected);
  EXPECT_EQ(fold(), expected);
  EXPECT_FALSE(folder_.has("bypassed.folding"));
}

TEST_F(BypassRecordTest, NothingRecordedIsNoError) {
  EXPECT_EQ(peek(), ReasonCounts());
  EXPECT_EQ(fold(), ReasonCounts());
  folder_.write("bypassed.folding", "d");
  EXPECT_EQ(fold(), (ReasonCounts{{"disabled", 1}}));
}

TEST_F(BypassRecordTest, BytesOfOtherVersionsCountAsOther) {
  folder_.write("bypassed", std::string("d\0Z\xff", 4));
  EXPECT_EQ(fold(), (ReasonCounts{{"disabled", 1}, {"other", 3}}));
}

TEST_F(BypassRecordTest, AFailureLosesNothingAndCountsNothingTwice) {
  const StillClock clock(1700000000);
  for (std::uint64_t failing = 0; failing < 6; ++failing) {
    FakeFileSystem disk(clock);
    disk.put("/b/bypassed", "dd");
    disk.put("/b/bypassed.folding", "d");
    disk.fail_operation(failing);
    Counters counters;
    for (int i = 0; i < 2; ++i) {
      const Result<ReasonCounts> counts = fold_bypassed(disk, "/b");
      if (counts) counters.add_bypassed(counts.value());
    }
    EXPECT_EQ(counters.bypassed, 3U) << "operation " << failing;
    EXPECT_TRUE(disk.files().empty()) << "operation " << failing;
  }
}

TEST_F(BypassRecordTest, WhatCannotBeRemovedIsNotCounted) {
  std::filesystem::create_directory(folder_ / "bypassed");
  EXPECT_FALSE(fold_bypassed(*files_, folder_.path()).ok());
}

}  // namespace
}  // namespace compiler_cache
