#include "helper/bounded_log.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "helper/real_file_system.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

class BoundedLogTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::unique_ptr<FileSystem> files_ = make_real_file_system();
};

TEST_F(BoundedLogTest, LinesAreAppended) {
  BoundedLog log(*files_, folder_ / "log", 100);
  log.append("one\n");
  log.append("two\n");
  EXPECT_EQ(folder_.read("log"), "one\ntwo\n");
  EXPECT_FALSE(folder_.has("log.1"));
}

TEST_F(BoundedLogTest, AFullFileMakesRoomOnceAndForAll) {
  BoundedLog log(*files_, folder_ / "log", 8);
  log.append("one\n");
  log.append("two\n");
  log.append("three\n");
  EXPECT_EQ(folder_.read("log"), "three\n");
  EXPECT_EQ(folder_.read("log.1"), "one\ntwo\n");
  log.append("four\n");
  EXPECT_EQ(folder_.read("log"), "four\n");
  EXPECT_EQ(folder_.read("log.1"), "three\n");
}

TEST_F(BoundedLogTest, ALineOverTheLimitIsWrittenAlone) {
  BoundedLog log(*files_, folder_ / "log", 4);
  log.append("much too long\n");
  EXPECT_EQ(folder_.read("log"), "much too long\n");
}

TEST_F(BoundedLogTest, AFileThatWasRemovedIsMadeAgain) {
  BoundedLog log(*files_, folder_ / "log", 100);
  log.append("one\n");
  std::filesystem::remove(folder_ / "log");
  log.append("two\n");
  EXPECT_EQ(folder_.read("log"), "two\n");
}

TEST_F(BoundedLogTest, AMissingFolderStaysMissing) {
  BoundedLog log(*files_, folder_ / "gone/log", 100);
  log.append("one\n");
  EXPECT_FALSE(folder_.has("gone"));
}

TEST_F(BoundedLogTest, AFullFileThatCannotBeMovedStaysBounded) {
  std::filesystem::create_directory(folder_ / "log.1");
  BoundedLog log(*files_, folder_ / "log", 8);
  for (int i = 0; i < 10; ++i) log.append("line\n");
  EXPECT_EQ(folder_.read("log"), "line\n");
}

TEST_F(BoundedLogTest, LinesOfSeveralThreadsAreWhole) {
  constexpr int kThreads = 4;
  constexpr int kLines = 50;
  BoundedLog log(*files_, folder_ / "log", 1 << 20);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&log] {
      for (int line = 0; line < kLines; ++line) log.append("a line\n");
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::string expected;
  for (int i = 0; i < kThreads * kLines; ++i) expected += "a line\n";
  EXPECT_EQ(folder_.read("log"), expected);
}

}  // namespace
}  // namespace compiler_cache
