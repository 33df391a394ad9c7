#include "helper/moved_folders.h"

#include <gtest/gtest.h>

#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class MovedFoldersTest : public testing::Test {
 protected:
  MovedFoldersTest() {
    for (const char* folder : {"/a", "/a/inc", "/a/other"}) disk_.put_folder(folder);
    disk_.put("/a/inc/x.h", "1");
    disk_.put("/a/other/x.h", "2");
    disk_.put_symlink("/a/link", "inc");
    clock_.settle();
    began_ns_ = clock_.file_now_ns();
    clock_.settle();
  }

  std::string moved(const std::string& path) { return MovedFolders(disk_, began_ns_).on_the_way_to(path); }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  std::int64_t began_ns_ = 0;
};

TEST_F(MovedFoldersTest, NothingMovedIsNothing) {
  EXPECT_EQ(moved("/a/inc/x.h"), "");
  EXPECT_EQ(moved("/a/link/x.h"), "");
  EXPECT_EQ(moved("/a/link/../inc/x.h"), "");
}

TEST_F(MovedFoldersTest, EntriesMadeInAFolderDoNotCount) {
  disk_.put("/a/inc/made.o", "");
  disk_.put_folder("/a/made");
  const std::int64_t now = clock_.file_now_ns();
  for (const char* folder : {"/a", "/a/inc"}) disk_.set_times(folder, now, now);
  EXPECT_EQ(moved("/a/inc/x.h"), "");
}

TEST_F(MovedFoldersTest, AFolderThatWasMovedIntoPlaceCounts) {
  ASSERT_TRUE(disk_.rename("/a/inc", "/a/aside").ok());
  ASSERT_TRUE(disk_.rename("/a/other", "/a/inc").ok());
  disk_.set_times("/a/inc", began_ns_ - 1'000'000'000, clock_.file_now_ns());  // as the kernel leaves them
  EXPECT_EQ(moved("/a/inc/x.h"), "/a/inc");
  EXPECT_EQ(moved("/a/link/x.h"), "/a/inc");
}

TEST_F(MovedFoldersTest, AFolderAboveCounts) {
  disk_.set_times("/a", began_ns_ - 1'000'000'000, clock_.file_now_ns());
  EXPECT_EQ(moved("/a/inc/x.h"), "/a");
}

TEST_F(MovedFoldersTest, ALinkThatWasTurnedCounts) {
  disk_.delete_tree("/a/link");
  disk_.put_symlink("/a/link", "other");
  EXPECT_EQ(moved("/a/link/x.h"), "/a/link");
  EXPECT_EQ(moved("/a/other/x.h"), "");
}

TEST_F(MovedFoldersTest, WhatIsGoneAndLinksWithoutEndCount) {
  EXPECT_EQ(moved("/a/none/x.h"), "/a/none");
  disk_.put_symlink("/a/one", "two");
  disk_.put_symlink("/a/two", "one");
  clock_.settle();
  EXPECT_NE(MovedFolders(disk_, clock_.file_now_ns() + 1'000'000'000).on_the_way_to("/a/one/x.h"), "");
}

}  // namespace
}  // namespace compiler_cache
