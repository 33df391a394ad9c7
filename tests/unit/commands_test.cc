#include "helper/commands.h"

#include <gtest/gtest.h>

#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

TEST(CommandsTest, ABuildFolderIsFoundThroughLinks) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "build/.compiler-cache");
  std::filesystem::create_directory_symlink(folder / "build", folder / "link");
  const Result<std::string> tree = find_tree(folder / "link/../link/");
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ(tree.value(), std::filesystem::canonical(folder / "build").string());
}

TEST(CommandsTest, AFolderThatIsNotOursIsRefusedWithAReason) {
  const TemporaryFolder folder;
  const Result<std::string> tree = find_tree(folder.path());
  ASSERT_FALSE(tree.ok());
  EXPECT_EQ(tree.error().kind, ErrorKind::invalid);
  EXPECT_NE(tree.error().message.find("has no .compiler-cache"), std::string::npos);
  folder.write(".compiler-cache", "a file");
  EXPECT_FALSE(find_tree(folder.path()).ok());
  EXPECT_FALSE(find_tree(folder / "gone").ok());
}

/// Without any helper.
class IdleTreeTest : public ::testing::Test {
 protected:
  IdleTreeTest() {
    std::filesystem::create_directories(folder_ / ".compiler-cache");
    options_.build_root = folder_.path();
    ::testing::internal::CaptureStdout();
  }
  static std::string output() { return ::testing::internal::GetCapturedStdout(); }

  TemporaryFolder folder_;
  CommandOptions options_;
};

TEST_F(IdleTreeTest, StoppingSaysThatNothingRuns) {
  EXPECT_EQ(run_stop(options_), kExitOk);
  EXPECT_EQ(output(), "No helper is running.\n");
}

TEST_F(IdleTreeTest, StatsComeFromTheDisk) {
  folder_.write(".compiler-cache/bypassed", "d");
  options_.json = true;
  EXPECT_EQ(run_stats(options_), kExitOk);
  EXPECT_NE(output().find("\"bypassed\": 1"), std::string::npos);
}

TEST_F(IdleTreeTest, StatusSaysThatNothingRuns) {
  EXPECT_EQ(run_status(options_), kExitOk);
  EXPECT_TRUE(output().starts_with("helper: not running"));
}

TEST_F(IdleTreeTest, ClearingAnEmptyTreeIsNoError) {
  EXPECT_EQ(run_clear(options_), kExitOk);
  EXPECT_EQ(output(), "This tree's cache is empty.\n");
}

TEST_F(IdleTreeTest, NothingRecordedIsNothingToDump) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run_dump(options_), kExitFailure);
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("has no session"), std::string::npos);
  EXPECT_EQ(output(), "");
}

TEST_F(IdleTreeTest, ABadConfigurationStopsAClear) {
  folder_.write(".compiler-cache/config", "nonsense");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run_clear(options_), kExitFailure);
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("line 1"), std::string::npos);
  EXPECT_EQ(output(), "");
}

}  // namespace
}  // namespace compiler_cache
