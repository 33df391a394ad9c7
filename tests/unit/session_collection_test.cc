#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/session_tree.h"

namespace compiler_cache {
namespace {

class SessionCollectionTest : public testing::Test, protected SessionTree {
 protected:
  bool has(const std::string& name) const {
    const auto names = disk_.names("/tree/sessions");
    return std::find(names.begin(), names.end(), name) != names.end();
  }
};

/// Half a finished session is never under a finished one's name.
void expect_whole_sessions(FakeFileSystem& disk) {
  SessionName parsed;
  for (const std::string& name : disk.names("/tree/sessions")) {
    if (!SessionName::parse(name, parsed) || parsed.kind != SessionNameKind::finished) continue;
    EXPECT_EQ(read_session(disk, "/tree/sessions/" + name).value().digest(), parsed.digest);
  }
}

TEST_F(SessionCollectionTest, OnlyTheNewestFinishedSessionStays) {
  for (const char* bytes : {"1", "2", "3"}) publish_snapshot({{"graph", bytes}});
  clock_.advance(10);
  const auto session = begin();
  EXPECT_EQ(session->collect().folders_removed, 2U);
  EXPECT_EQ(finished().size(), 1U);
  EXPECT_EQ(names_ending(".lock").size(), 2U);  // the newest's and our own
  EXPECT_EQ(parts_of(*begin()), (Parts{{"graph", "3"}}));
}

TEST_F(SessionCollectionTest, NothingYoungerThanTenSecondsGoes) {
  for (const char* bytes : {"1", "2", "3"}) publish_snapshot({{"graph", bytes}});
  clock_.advance(9);
  EXPECT_EQ(begin()->collect().folders_removed, 0U);
  EXPECT_EQ(finished().size(), 3U);
}

TEST_F(SessionCollectionTest, WhatSomebodyHoldsStays) {
  for (const char* bytes : {"1", "2", "3"}) publish_snapshot({{"graph", bytes}});
  clock_.advance(20);
  const auto held = disk_.lock(names_ending(".lock")[0], LockMode::shared);
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(begin()->collect().folders_removed, 1U);
  EXPECT_EQ(finished().size(), 2U);
}

TEST_F(SessionCollectionTest, AHelperThatLivesKeepsItsFolder) {
  const auto first = begin();
  ASSERT_TRUE(first->append("r1").ok());
  clock_.advance(20);
  begin()->collect();
  EXPECT_TRUE(first->append("r2").ok());
  EXPECT_EQ(first->publish(PublishMode::with_journal).value(), PublishOutcome::published);
}

TEST_F(SessionCollectionTest, APublishedSessionThatIsStillHeldStays) {
  const auto first = begin();
  ASSERT_TRUE(first->append("r1").ok());
  ASSERT_TRUE(first->publish(PublishMode::with_journal).ok());
  publish_snapshot({{"graph", "newer"}});
  clock_.advance(20);
  begin()->collect();
  ASSERT_TRUE(first->append("r2").ok());
  EXPECT_FALSE(first->needs_snapshot());
}

TEST_F(SessionCollectionTest, SalvagedFoldersGo) {
  ASSERT_TRUE(begin()->append("r1").ok());
  clock_.advance(20);
  const auto session = begin();
  EXPECT_EQ(session->collect().folders_removed, 1U);
  EXPECT_EQ(names_ending("-working").size(), 1U);
}

TEST_F(SessionCollectionTest, WhatCouldNotBeSalvagedOntoDiskStays) {
  ASSERT_TRUE(begin()->append("r1").ok());
  clock_.advance(20);
  // All writes fail from the moment that the salvager has its folder.
  const std::uint64_t before = disk_.operations();
  { const auto dry_run = copy_and_begin(); }
  std::unique_ptr<SessionFolder> session;
  for (std::uint64_t n = 0; session == nullptr || !session->needs_snapshot(); ++n) {
    ASSERT_LT(n, 50U);
    session.reset();
    disk_.fail_operation(n, ErrorKind::no_space, true);
    auto begun = SessionFolder::begin(*tree_, clock_, options());
    disk_.fail_nothing();
    if (begun.ok()) session = std::move(*begun);
  }
  EXPECT_GT(disk_.operations(), before);
  clock_.advance(20);
  session->collect();
  session.reset();
  const auto records = begin()->journal_records();
  EXPECT_NE(std::find(records.begin(), records.end(), "r1"), records.end());
}

TEST_F(SessionCollectionTest, LocksWithoutFolderAndFoldersWithoutLockGo) {
  for (const char* bytes : {"1", "2"}) publish_snapshot({{"graph", bytes}});
  disk_.put("/tree/sessions/s-0000000001-000000ff.lock", "");
  disk_.delete_tree(names_ending(".lock")[0]);
  clock_.advance(20);
  const SessionCollectReport report = begin()->collect();
  EXPECT_EQ(report.folders_removed, 1U);
  EXPECT_EQ(report.locks_removed, 1U);
  EXPECT_FALSE(has("s-0000000001-000000ff.lock"));
}

TEST_F(SessionCollectionTest, WhatIsHalfRemovedGoes) {
  disk_.put("/tree/sessions/s-0000000001-000000ff-removed/graph", "x");
  disk_.put("/tree/sessions/s-0000000001-000000ff.lock", "");
  clock_.advance(20);
  const auto session = begin();
  session->collect();
  EXPECT_TRUE(names_ending("-removed").empty());
  EXPECT_FALSE(has("s-0000000001-000000ff.lock"));
}

TEST_F(SessionCollectionTest, NamesThatItDoesNotKnowStay) {
  for (const char* bytes : {"1", "2"}) publish_snapshot({{"graph", bytes}});
  disk_.put("/tree/sessions/README", "x");
  disk_.put("/tree/sessions/s-12-working/graph", "x");
  disk_.put(finished()[0] + "/Notes.txt", "x");
  clock_.advance(3600);
  begin()->collect();
  EXPECT_TRUE(has("README"));
  EXPECT_TRUE(has("s-12-working/graph"));
  const auto files = disk_.files();
  EXPECT_TRUE(
      std::any_of(files.begin(), files.end(), [](const auto& f) { return f.first.ends_with("/Notes.txt"); }));
}

TEST_F(SessionCollectionTest, WithoutLocksOnlyWhatIsADayOldGoes) {
  disk_.set_has_locks(false);
  for (const char* bytes : {"1", "2", "3"}) publish_snapshot({{"graph", bytes}});
  ASSERT_TRUE(begin()->append("r1").ok());
  clock_.advance(3600);
  EXPECT_EQ(begin()->collect().folders_removed, 0U);
  clock_.advance(24 * 3600);
  EXPECT_EQ(begin()->collect().folders_removed, 4U);  // the working folder of the collection before, too
  EXPECT_EQ(finished().size(), 1U);
}

TEST_F(SessionCollectionTest, AClockSetBackDoesNotStopIt) {
  for (const char* bytes : {"1", "2", "3"}) publish_snapshot({{"graph", bytes}});
  clock_.advance(-3600);
  EXPECT_EQ(begin()->collect().folders_removed, 2U);
}

TEST_F(SessionCollectionTest, CollectingAfterPublishingMakesNoName) {
  for (const char* bytes : {"1", "2"}) publish_snapshot({{"graph", bytes}});
  clock_.advance(20);
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  ASSERT_TRUE(session->publish(PublishMode::with_journal).ok());
  const auto before = disk_.names("/tree/sessions");
  session->collect();
  for (const std::string& name : disk_.names("/tree/sessions")) {
    EXPECT_NE(std::find(before.begin(), before.end(), name), before.end()) << name;
  }
}

TEST_F(SessionCollectionTest, AnyFailureKeepsTheNewestStateAndTheNextCollectionFinishes) {
  for (const char* bytes : {"1", "2", "3"}) publish_snapshot({{"graph", bytes}});
  clock_.advance(20);
  for (const bool forever : {false, true}) {
    for (std::uint64_t n = 0; n < 60; ++n) {
      const auto disk = tree_->copy();
      auto session = SessionFolder::begin(*disk, clock_, options());
      ASSERT_TRUE(session.ok());
      disk->fail_operation(n, ErrorKind::io, forever);
      session.value()->collect();
      disk->fail_nothing();
      *session = nullptr;
      expect_whole_sessions(*disk);
      auto next = SessionFolder::begin(*disk, clock_, options());
      ASSERT_TRUE(next.ok());
      EXPECT_EQ(parts_of(*next.value()), (Parts{{"graph", "3"}}));
      clock_.advance(20);
      next.value()->collect();
      // The newest, its lock, its part; our folder, lock and part.
      EXPECT_EQ(disk->names("/tree/sessions").size(), 6U) << n;
    }
  }
}

}  // namespace
}  // namespace compiler_cache
