#include "helper/deletion_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

class DeletionWatchTest : public testing::Test {
 protected:
  DeletionWatchTest() {
    folder_.write("file", "");
    watch_.start(folder_.path());
  }
  void SetUp() override {
    // Where nothing can be watched (no inotify instances left, not Linux), nothing is ever seen.
    std::filesystem::remove(folder_ / "file");
    if (!watch_.stirred()) GTEST_SKIP() << "this system has no watch for us";
    folder_.write("file", "");
    watch_.stirred();
  }

  TemporaryFolder folder_;
  DeletionWatch watch_;
};

TEST_F(DeletionWatchTest, QuietFolderIsQuiet) {
  EXPECT_FALSE(watch_.stirred());
  EXPECT_FALSE(watch_.stirred());
}

TEST_F(DeletionWatchTest, DeletedEntryIsSeenOnce) {
  std::filesystem::remove(folder_ / "file");
  EXPECT_TRUE(watch_.stirred());
  EXPECT_FALSE(watch_.stirred());
}

TEST_F(DeletionWatchTest, EntryMovedAwayIsSeen) {
  const TemporaryFolder other;
  std::filesystem::rename(folder_ / "file", other / "file");
  EXPECT_TRUE(watch_.stirred());
}

TEST_F(DeletionWatchTest, FolderBeingListedIsSeen) {
  const int descriptor = ::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  EXPECT_TRUE(watch_.stirred());
  ::close(descriptor);
}

TEST_F(DeletionWatchTest, WorkWithTheFilesInTheFolderIsNoDeletion) {
  folder_.write("new", "bytes");
  folder_.write("file", "bytes");
  EXPECT_EQ(folder_.read("new"), "bytes");
  EXPECT_FALSE(watch_.stirred());
}

TEST_F(DeletionWatchTest, StoppedWatchSeesNothing) {
  watch_.stop();
  std::filesystem::remove(folder_ / "file");
  EXPECT_FALSE(watch_.stirred());
}

TEST_F(DeletionWatchTest, FolderThatIsNotThereIsNeverStirred) {
  watch_.start(folder_ / "none");
  EXPECT_FALSE(watch_.stirred());
}

}  // namespace
}  // namespace compiler_cache
