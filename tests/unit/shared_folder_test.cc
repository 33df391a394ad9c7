#include "helper/shared_folder.h"

#include <gtest/gtest.h>

#include "tests/unit/fake_file_system.h"
#include "tests/unit/still_clock.h"

namespace compiler_cache {
namespace {

constexpr std::uint32_t kUs = 0;
constexpr std::uint32_t kOther = 1000;

class SharedFolderTest : public testing::Test {
 protected:
  StillClock clock_{1000};
  FakeFileSystem disk_{clock_};
};

TEST_F(SharedFolderTest, IsMadeForUsAloneWithItsParents) {
  ASSERT_TRUE(prepare_shared_folder(disk_, "/home/u/.cache/compiler-cache", kUs).ok());
  EXPECT_EQ(disk_.stat("/home/u/.cache/compiler-cache").value().mode, 0700U);
  EXPECT_TRUE(disk_.stat("/home/u/.cache/compiler-cache/objects").ok());
  EXPECT_TRUE(disk_.stat("/home/u/.cache/compiler-cache/variants").ok());
  EXPECT_TRUE(prepare_shared_folder(disk_, "/home/u/.cache/compiler-cache", kUs).ok());
}

TEST_F(SharedFolderTest, WhatBelongsToAnotherUserIsNotUsed) {
  disk_.put_folder("/shared", 0700, kOther);
  EXPECT_EQ(prepare_shared_folder(disk_, "/shared", kUs).error().kind, ErrorKind::denied);
  EXPECT_EQ(disk_.names(), std::vector<std::string>{"shared"});
}

TEST_F(SharedFolderTest, WhatOthersCanWriteToIsNotUsed) {
  for (const std::uint32_t mode : {0720U, 0702U, 01777U}) {
    disk_.put_folder("/shared");
    disk_.set_owner("/shared", kUs, mode);
    EXPECT_EQ(check_shared_folder(disk_, "/shared", kUs).error().kind, ErrorKind::denied);
  }
  disk_.set_owner("/shared", kUs, 0755);
  EXPECT_TRUE(check_shared_folder(disk_, "/shared", kUs).ok());
}

TEST_F(SharedFolderTest, AFileInItsPlaceIsNotUsed) {
  disk_.put("/shared", "x");
  EXPECT_EQ(prepare_shared_folder(disk_, "/shared", kUs).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace compiler_cache
