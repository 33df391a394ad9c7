#include "helper/session_folder.h"

#include <gtest/gtest.h>

#include "tests/unit/session_tree.h"

namespace compiler_cache {
namespace {

using Records = std::vector<std::string>;

class SessionFolderTest : public testing::Test, protected SessionTree {};

TEST_F(SessionFolderTest, FirstSessionIsEmpty) {
  const auto session = begin();
  EXPECT_TRUE(session->parts().empty());
  EXPECT_TRUE(session->journal_records().empty());
  EXPECT_EQ(session->salvaged(), 0U);
  EXPECT_FALSE(session->changed());
  EXPECT_TRUE(session->notes().empty());
}

TEST_F(SessionFolderTest, SnapshotComesBackInTheNextSession) {
  publish_snapshot({{"graph", "g1"}, {"index", ""}});
  const auto session = begin();
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "g1"}, {"index", ""}}));
  EXPECT_TRUE(session->journal_records().empty());
}

TEST_F(SessionFolderTest, JournalComesBackAndGoesOnThroughSessions) {
  publish_snapshot({{"graph", "g1"}});
  for (const Records& expected : {Records{"r1"}, Records{"r1", "r2"}, Records{"r1", "r2", "r3"}}) {
    const auto session = begin();
    EXPECT_EQ(session->journal_records(), Records(expected.begin(), expected.end() - 1));
    ASSERT_TRUE(session->append(expected.back()).ok());
    ASSERT_EQ(session->publish(PublishMode::with_journal).value(), PublishOutcome::published);
  }
  const auto session = begin();
  EXPECT_EQ(session->journal_records(), (Records{"r1", "r2", "r3"}));
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "g1"}}));
}

TEST_F(SessionFolderTest, OneHelperPublishesManyTimes) {
  const auto session = begin();
  ASSERT_TRUE(session->replace_part("graph", "g1").ok());
  ASSERT_EQ(session->publish(PublishMode::snapshot).value(), PublishOutcome::published);
  ASSERT_TRUE(session->append("r1").ok());
  ASSERT_EQ(session->publish(PublishMode::with_journal).value(), PublishOutcome::published);
  ASSERT_TRUE(session->append("r2").ok());
  ASSERT_EQ(session->publish(PublishMode::with_journal).value(), PublishOutcome::published);
  {
    const auto next = copy_and_begin();
    EXPECT_EQ(parts_of(*next.session), (Parts{{"graph", "g1"}}));
    EXPECT_EQ(next.session->journal_records(), (Records{"r1", "r2"}));
  }
  ASSERT_TRUE(session->replace_part("graph", "g2").ok());
  ASSERT_EQ(session->publish(PublishMode::snapshot).value(), PublishOutcome::published);
  const auto next = copy_and_begin();
  EXPECT_EQ(parts_of(*next.session), (Parts{{"graph", "g2"}}));
  EXPECT_TRUE(next.session->journal_records().empty());
}

TEST_F(SessionFolderTest, PartsAreLinkedNotWritten) {
  publish_snapshot({{"graph", "g1"}});
  disk_.take_recorded();
  const auto session = begin();
  for (const std::string& operation : disk_.take_recorded()) EXPECT_FALSE(operation.starts_with("write_new"));
  EXPECT_EQ(disk_.stat(only("-working") + "/graph").value().links, 2U);
}

TEST_F(SessionFolderTest, ReplacingAPartLeavesTheFinishedSessionAlone) {
  publish_snapshot({{"graph", "g1"}});
  const std::string finished = only_finished();
  const auto before = disk_.files()[finished + "/graph"];
  const auto session = begin();
  ASSERT_TRUE(session->replace_part("graph", "g2").ok());
  EXPECT_EQ(disk_.files()[finished + "/graph"], before);
}

TEST_F(SessionFolderTest, JournalsAreNeverLinked) {
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  ASSERT_TRUE(session->publish(PublishMode::with_journal).ok());
  const std::string journal = only_finished() + "/journal";
  const std::string before = disk_.files()[journal];
  ASSERT_TRUE(session->append("r2").ok());
  EXPECT_EQ(disk_.stat(journal).value().links, 1U);
  EXPECT_EQ(disk_.files()[journal], before);
}

TEST_F(SessionFolderTest, PublishingCreatesOneNameAndReadsNothing) {
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  disk_.take_recorded();
  ASSERT_TRUE(session->publish(PublishMode::with_journal).ok());
  const Records recorded = disk_.take_recorded();
  ASSERT_EQ(recorded.size(), 1U);
  EXPECT_TRUE(recorded[0].starts_with("rename sessions/s-"));
  EXPECT_TRUE(names_ending("-working").empty());
}

TEST_F(SessionFolderTest, NothingNewIsNotPublished) {
  publish_snapshot({{"graph", "g1"}});
  const auto session = begin();
  const auto before = disk_.names();
  EXPECT_EQ(session->publish(PublishMode::with_journal).value(), PublishOutcome::unchanged);
  EXPECT_EQ(disk_.names(), before);
}

TEST_F(SessionFolderTest, EndRemovesAWorkingFolderInWhichNothingChanged) {
  publish_snapshot({{"graph", "g1"}});
  const auto before = disk_.names();
  ASSERT_TRUE(begin()->end().ok());
  EXPECT_EQ(disk_.names(), before);
}

TEST_F(SessionFolderTest, EndKeepsWhatIsNotPublished) {
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  ASSERT_TRUE(session->end().ok());
  EXPECT_EQ(names_ending("-working").size(), 1U);
}

TEST_F(SessionFolderTest, SizesAreTold) {
  const auto session = begin();
  EXPECT_EQ(session->journal_bytes(), 0U);
  EXPECT_EQ(session->part_bytes(), 0U);
  ASSERT_TRUE(session->replace_part("graph", "g1").ok());
  ASSERT_TRUE(session->append("record").ok());
  const std::string folder = only("-working");
  EXPECT_EQ(session->part_bytes(), disk_.files()[folder + "/graph"].size());
  EXPECT_EQ(session->journal_bytes(), disk_.files()[folder + "/journal"].size());
  const std::uint64_t bytes = session->journal_bytes();
  ASSERT_TRUE(session->publish(PublishMode::with_journal).ok());
  EXPECT_EQ(session->journal_bytes(), bytes);
}

TEST_F(SessionFolderTest, NamesThatAreNoPartsAreRefused) {
  const auto session = begin();
  for (const char* name :
       {"", "journal", "Graph", "a-b", "../x", "a/b", ".tmp", "0123456789012345678901234567890123"}) {
    EXPECT_EQ(session->replace_part(name, "x").error().kind, ErrorKind::invalid) << name;
  }
}

TEST_F(SessionFolderTest, TooManyPartsAreRefused) {
  const auto session = begin();
  for (std::size_t i = 0; i < kMaxSessionParts; ++i) {
    ASSERT_TRUE(session->replace_part("p" + std::to_string(i), "x").ok());
  }
  EXPECT_EQ(session->replace_part("more", "x").error().kind, ErrorKind::too_large);
  EXPECT_TRUE(session->replace_part("p0", "y").ok());
}

TEST_F(SessionFolderTest, FailedAppendAsksForASnapshot) {
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  disk_.fail_operation(1, ErrorKind::no_space);  // after a look at the folder
  EXPECT_FALSE(session->append("lost").ok());
  disk_.fail_nothing();
  EXPECT_TRUE(session->needs_snapshot());
  EXPECT_EQ(session->publish(PublishMode::with_journal).error().kind, ErrorKind::invalid);
  ASSERT_TRUE(session->replace_part("graph", "all").ok());
  EXPECT_EQ(session->publish(PublishMode::snapshot).value(), PublishOutcome::published);
  EXPECT_FALSE(session->needs_snapshot());
}

TEST_F(SessionFolderTest, ARefusedRenameIsTriedAgain) {
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  disk_.fail_operation(0, ErrorKind::denied);
  EXPECT_EQ(session->publish(PublishMode::with_journal).value(), PublishOutcome::published);
}

TEST_F(SessionFolderTest, ARenameThatKeepsFailingLeavesTheFolderForSalvageOrAnotherTry) {
  auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  disk_.fail_operation(0, ErrorKind::denied, true);
  EXPECT_FALSE(session->publish(PublishMode::with_journal).ok());
  disk_.fail_nothing();
  EXPECT_FALSE(session->notes().empty());
  EXPECT_EQ(copy_and_begin().session->journal_records(), Records{"r1"});
  EXPECT_EQ(session->publish(PublishMode::with_journal).value(), PublishOutcome::published);
}

TEST_F(SessionFolderTest, SessionsThatAreDeletedUnderAHelperAreMadeAgainWithASnapshot) {
  for (const char* gone : {"/tree/sessions", "working"}) {
    for (const bool published : {false, true}) {
      const auto session = begin();
      ASSERT_TRUE(session->replace_part("graph", "lost").ok());
      if (published) {
        ASSERT_TRUE(session->publish(PublishMode::snapshot).ok());
      }
      const std::string held = published ? finished().back() : only("-working");
      disk_.delete_tree(gone[0] == '/' ? gone : held);
      ASSERT_TRUE(session->append("r2").ok());
      EXPECT_TRUE(session->needs_snapshot());
      EXPECT_EQ(copy_and_begin().session->journal_records(), Records{"r2"});  // as after a crash
      EXPECT_EQ(session->publish(PublishMode::with_journal).error().kind, ErrorKind::invalid);
      ASSERT_TRUE(session->replace_part("graph", "all").ok());
      EXPECT_EQ(session->publish(PublishMode::snapshot).value(), PublishOutcome::published);
      EXPECT_EQ(parts_of(*copy_and_begin().session), (Parts{{"graph", "all"}}));
      EXPECT_FALSE(session->notes().empty());
      disk_.delete_tree("/tree/sessions");
    }
  }
}

TEST_F(SessionFolderTest, DeletionIsNoticedByReplacingAPartToo) {
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  disk_.delete_tree("/tree/sessions");
  ASSERT_TRUE(session->replace_part("graph", "all").ok());
  EXPECT_TRUE(session->needs_snapshot());
  EXPECT_EQ(session->publish(PublishMode::snapshot).value(), PublishOutcome::published);
  EXPECT_EQ(parts_of(*copy_and_begin().session), (Parts{{"graph", "all"}}));
}

TEST_F(SessionFolderTest, LookingForADeletionMakesNothing) {
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  session->notice_deletion();
  EXPECT_FALSE(session->needs_snapshot());
  disk_.delete_tree("/tree/sessions");
  session->notice_deletion();
  EXPECT_TRUE(session->needs_snapshot());
  EXPECT_TRUE(disk_.names("/tree").empty());
}

TEST_F(SessionFolderTest, ATreeThatIsGoneIsNotRecreated) {
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  disk_.delete_tree("/tree");
  EXPECT_FALSE(session->publish(PublishMode::with_journal).ok());
  EXPECT_FALSE(session->append("r2").ok());
  EXPECT_FALSE(SessionFolder::begin(*tree_, clock_, {}).ok());
  EXPECT_TRUE(disk_.names().empty());
}

TEST_F(SessionFolderTest, DeletedWorkingFolderIsFollowedByAFreshOneWithASnapshot) {
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  disk_.delete_tree(only("-working"));
  EXPECT_FALSE(session->publish(PublishMode::with_journal).ok());
  ASSERT_TRUE(session->replace_part("graph", "all").ok());
  ASSERT_EQ(session->publish(PublishMode::snapshot).value(), PublishOutcome::published);
  EXPECT_EQ(parts_of(*copy_and_begin().session), (Parts{{"graph", "all"}}));
}

TEST_F(SessionFolderTest, DestroyLeavesNothingAndGoesOn) {
  publish_snapshot({{"graph", "g1"}});
  { ASSERT_TRUE(begin()->append("crashed").ok()); }
  const auto session = begin();
  ASSERT_TRUE(session->append("r1").ok());
  ASSERT_TRUE(session->destroy().ok());
  EXPECT_TRUE(disk_.names("/tree/sessions").empty());
  EXPECT_TRUE(session->journal_records().empty());
  ASSERT_TRUE(session->append("r2").ok());
  EXPECT_EQ(session->publish(PublishMode::with_journal).value(), PublishOutcome::published);
  const auto next = copy_and_begin();
  EXPECT_TRUE(next.session->parts().empty());
  EXPECT_EQ(next.session->journal_records(), Records{"r2"});
}

TEST_F(SessionFolderTest, LoadedBytesCanBeReleased) {
  publish_snapshot({{"graph", "g1"}});
  const auto session = begin();
  session->release_loaded();
  EXPECT_TRUE(session->parts().empty());
  ASSERT_TRUE(session->append("r").ok());
  ASSERT_TRUE(session->publish(PublishMode::with_journal).ok());
  EXPECT_EQ(parts_of(*copy_and_begin().session), (Parts{{"graph", "g1"}}));
}

}  // namespace
}  // namespace compiler_cache
