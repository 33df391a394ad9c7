#include "helper/offline_counters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "helper/real_file_system.h"
#include "helper/session_folder.h"
#include "tests/unit/still_clock.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

constexpr std::int64_t kNow = 1700000000;

class OfflineCountersTest : public ::testing::Test {
 protected:
  OfflineCountersTest() { std::filesystem::create_directory(folder_ / "sessions"); }

  std::unique_ptr<SessionFolder> begin() {
    Result<std::unique_ptr<SessionFolder>> session = SessionFolder::begin(*tree_, clock_, SessionOptions{});
    EXPECT_TRUE(session.ok());
    return session ? std::move(*session) : nullptr;
  }

  static std::string counted(int misses) {
    BuildCounters counters;
    const std::uint64_t build = counters.begin_build(static_cast<std::uint64_t>(kNow));
    for (int i = 0; i < misses; ++i) counters.add(RequestResult::miss(MissReason::first_time), build);
    return counters.encode();
  }

  void publish(int misses) {
    const std::unique_ptr<SessionFolder> session = begin();
    ASSERT_NE(session, nullptr);
    ASSERT_TRUE(session->replace_part(kCountersPartName, counted(misses)).ok());
    ASSERT_TRUE(session->publish(PublishMode::snapshot).ok());
  }

  BuildCounters read() {
    Result<BuildCounters> counters =
        read_counters_from_disk(*world_, folder_.path(), static_cast<std::uint64_t>(kNow));
    EXPECT_TRUE(counters.ok());
    return counters ? std::move(*counters) : BuildCounters();
  }

  std::vector<std::string> files_below() const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      files.push_back(entry.path().string());
    }
    std::ranges::sort(files);
    return files;
  }

  TemporaryFolder folder_;
  StillClock clock_{kNow};
  std::unique_ptr<FileSystem> world_ = make_real_file_system();
  std::unique_ptr<FileSystem> tree_ = std::move(*make_folder_file_system(folder_.path()));
};

TEST_F(OfflineCountersTest, ATreeWithoutSessionsHasCountedNothing) {
  EXPECT_EQ(read().total(), Counters());
  std::filesystem::remove_all(folder_ / "sessions");
  EXPECT_EQ(read().total(), Counters());
}

TEST_F(OfflineCountersTest, TheNewestSessionCounts) {
  publish(3);
  publish(5);
  EXPECT_EQ(read().total().misses, 5U);
  EXPECT_EQ(read().last_build()->counters.misses, 5U);
}

TEST_F(OfflineCountersTest, WhatACrashedHelperLeftCountsToo) {
  publish(3);
  {
    const std::unique_ptr<SessionFolder> crashed = begin();
    ASSERT_TRUE(crashed->replace_part(kCountersPartName, counted(7)).ok());
  }
  EXPECT_EQ(read().total().misses, 7U);
}

TEST_F(OfflineCountersTest, DamagedCountersGiveWayToOlderOnes) {
  publish(3);
  const std::vector<std::string> before = files_below();
  publish(5);
  int damaged = 0;
  for (const std::string& file : files_below()) {
    const bool is_new = !std::ranges::binary_search(before, file);
    if (!is_new || !file.ends_with(std::string("/") + kCountersPartName)) continue;
    std::filesystem::permissions(file, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
    ++damaged;
  }
  ASSERT_EQ(damaged, 1);
  EXPECT_EQ(read().total().misses, 3U);
}

TEST_F(OfflineCountersTest, RecordedBypassesAreABuildOfTheirOwn) {
  publish(3);
  folder_.write("bypassed", "dd");
  EXPECT_EQ(read().total().requests(), 5U);
  EXPECT_EQ(read().last_build()->counters.requests(), 2U);
  EXPECT_EQ(read().last_build()->counters.bypass_reasons, (ReasonCounts{{"disabled", 2}}));
}

TEST_F(OfflineCountersTest, ReadingChangesNothing) {
  publish(3);
  folder_.write("bypassed", "dd");
  const std::vector<std::string> before = files_below();
  read();
  EXPECT_EQ(files_below(), before);
}

}  // namespace
}  // namespace compiler_cache
