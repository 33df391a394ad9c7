#include <gtest/gtest.h>

#include "helper/bytes.h"
#include "helper/hasher.h"
#include "helper/sealed_bytes.h"
#include "tests/unit/session_tree.h"

namespace compiler_cache {
namespace {

using Records = std::vector<std::string>;

class SessionTakeoverTest : public testing::Test, protected SessionTree {
 protected:
  /// Leaves a working folder as a crash does.
  void crash_with(const Records& records, const Parts& parts = {}) {
    const auto session = begin();
    for (const auto& [name, bytes] : parts) EXPECT_TRUE(session->replace_part(name, bytes).ok());
    for (const std::string& record : records) EXPECT_TRUE(session->append(record).ok());
  }
  void publish_journal(const Records& records) {
    const auto session = begin();
    for (const std::string& record : records) EXPECT_TRUE(session->append(record).ok());
    EXPECT_EQ(session->publish(PublishMode::with_journal).value(), PublishOutcome::published);
  }
  /// A session that appears beside the one at work, made of one file, outlives whatever that one does.
  void expect_kept(const std::string& name, const std::string& bytes) {
    const auto session = begin();
    const std::string other = "/tree/sessions/s-0000000002-000000ff-" + Digest{}.hex() + "/" + name;
    disk_.put(other, bytes);
    for (const char* record : {"r1", "r2"}) {
      ASSERT_TRUE(session->append(record).ok());
      ASSERT_TRUE(session->publish(PublishMode::with_journal).ok());
      clock_.advance(20);
      session->collect();
      EXPECT_TRUE(disk_.files().contains(other));
    }
  }
};

TEST_F(SessionTakeoverTest, NothingIsLostToACrash) {
  publish_snapshot({{"graph", "g1"}});
  crash_with({"r1", "r2"});
  const auto session = begin();
  EXPECT_EQ(session->salvaged(), 1U);
  EXPECT_EQ(session->journal_records(), (Records{"r1", "r2"}));
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "g1"}}));
  EXPECT_TRUE(session->changed());
}

TEST_F(SessionTakeoverTest, CrashOfTheVeryFirstHelperIsSalvaged) {
  crash_with({"r1"}, {{"graph", "g1"}});
  const auto session = begin();
  EXPECT_EQ(session->journal_records(), Records{"r1"});
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "g1"}}));
}

TEST_F(SessionTakeoverTest, SeveralCrashesAreReplayedInOrder) {
  publish_journal({"r0"});
  crash_with({"r1"});
  clock_.advance(-3600);  // order is never by the clock
  crash_with({"r2"});
  EXPECT_EQ(begin()->journal_records(), (Records{"r0", "r1", "r2"}));
}

TEST_F(SessionTakeoverTest, RecordsDoNotMultiplyWhenAHelperCrashesAgainAndAgain) {
  for (int i = 0; i < 20; ++i) crash_with({"same", "r" + std::to_string(i)});
  EXPECT_EQ(begin()->journal_records().size(), 21U);
}

TEST_F(SessionTakeoverTest, OfRepeatedRecordsTheLastCounts) {
  crash_with({"add", "remove", "add"});
  EXPECT_EQ(begin()->journal_records(), (Records{"remove", "add"}));
}

TEST_F(SessionTakeoverTest, SalvagedRecordsSurviveACrashOfTheSalvager) {
  crash_with({"r1"});
  clock_.advance(20);
  begin()->collect();  // and crashes
  EXPECT_EQ(names_ending("-working").size(), 1U);
  EXPECT_EQ(begin()->journal_records(), Records{"r1"});
}

TEST_F(SessionTakeoverTest, SalvagedStateIsPublished) {
  crash_with({"r1"});
  ASSERT_EQ(begin()->publish(PublishMode::with_journal).value(), PublishOutcome::published);
  disk_.delete_tree(names_ending("-working")[0]);
  EXPECT_EQ(begin()->journal_records(), Records{"r1"});
}

TEST_F(SessionTakeoverTest, CrashBetweenSnapshotAndRenameKeepsTheNewParts) {
  publish_snapshot({{"graph", "old"}});
  {
    const auto session = begin();
    ASSERT_TRUE(session->append("r1").ok());
    ASSERT_TRUE(session->replace_part("graph", "new").ok());
    disk_.fail_operation(1, ErrorKind::io, true);  // the journal's removal succeeds, the rename does not
    EXPECT_FALSE(session->publish(PublishMode::snapshot).ok());
    disk_.fail_nothing();
  }
  const auto session = begin();
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "new"}}));
  EXPECT_TRUE(session->journal_records().empty());
}

TEST_F(SessionTakeoverTest, AHelperThatLivesIsNotSalvaged) {
  const auto first = begin();
  ASSERT_TRUE(first->append("r1").ok());
  const auto second = begin();
  EXPECT_TRUE(second->journal_records().empty());
  ASSERT_TRUE(second->append("r2").ok());
  ASSERT_TRUE(first->publish(PublishMode::with_journal).ok());
  ASSERT_TRUE(second->publish(PublishMode::with_journal).ok());
  EXPECT_EQ(begin()->journal_records(), Records{"r2"});
}

TEST_F(SessionTakeoverTest, TwoHelpersThatStartAtOnceGetTwoNames) {
  // The second comes in at each step of the first's beginning; both take the same numbers.
  for (std::uint64_t n = 0; n < 6; ++n) {
    FakeFileSystem disk(clock_);
    std::unique_ptr<SessionFolder> second;
    disk.run_before_operation(n, [&] { second = std::move(*SessionFolder::begin(disk, clock_, options())); });
    auto first = SessionFolder::begin(disk, clock_, options());
    ASSERT_TRUE(first.ok());
    ASSERT_NE(second, nullptr);
    EXPECT_TRUE(first.value()->append("r1").ok());
    EXPECT_TRUE(second->append("r2").ok());
    EXPECT_TRUE(first.value()->publish(PublishMode::with_journal).ok());
    EXPECT_TRUE(second->publish(PublishMode::with_journal).ok());
  }
}

TEST_F(SessionTakeoverTest, ALockFileThatIsCollectedBeforeItIsLockedIsNotReliedOn) {
  ASSERT_TRUE(tree_->make_folder("sessions", 0755).ok());
  // make_folder, list, lock: before the folder is made, the lock file goes.
  disk_.run_before_operation(3, [&] { disk_.delete_tree(only(".lock")); });
  const auto session = begin();
  const std::string folder = only("-working");
  const std::string lock = only(".lock");
  EXPECT_EQ(folder.substr(0, folder.find("-working")), lock.substr(0, lock.find(".lock")));
}

TEST_F(SessionTakeoverTest, ASessionThatSomebodyHoldsAloneIsPassedOver) {
  publish_snapshot({{"graph", "old"}});
  publish_snapshot({{"graph", "new"}});
  const auto held = disk_.lock(names_ending(".lock")[1], LockMode::exclusive);
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(parts_of(*begin()), (Parts{{"graph", "old"}}));
}

TEST_F(SessionTakeoverTest, ADamagedSessionGivesWayToTheOneBefore) {
  publish_snapshot({{"graph", "old"}, {"index", "old"}});
  publish_snapshot({{"graph", "new"}, {"index", "new"}});
  disk_.overwrite(finished()[1] + "/graph", "garbage");
  const auto session = begin();
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "old"}, {"index", "old"}}));
  EXPECT_FALSE(session->notes().empty());
}

TEST_F(SessionTakeoverTest, AMissingPartIsDamageToo) {
  publish_snapshot({{"graph", "old"}, {"index", "old"}});
  publish_snapshot({{"graph", "new"}, {"index", "new"}});
  disk_.delete_tree(finished()[1] + "/graph");
  EXPECT_EQ(parts_of(*begin()), (Parts{{"graph", "old"}, {"index", "old"}}));
}

TEST_F(SessionTakeoverTest, WithNoOtherEachUndamagedPartIsLoaded) {
  publish_snapshot({{"graph", "g"}, {"index", "i"}});
  disk_.overwrite(only_finished() + "/graph", "garbage");
  const auto session = begin();
  EXPECT_EQ(parts_of(*session), (Parts{{"index", "i"}}));
  EXPECT_EQ(session->parts().at("graph").status.error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(session->changed());
}

TEST_F(SessionTakeoverTest, OfDamagedSessionsTheNewestCounts) {
  publish_snapshot({{"graph", "old"}, {"index", "old"}});
  publish_snapshot({{"graph", "new"}, {"index", "new"}});
  for (const std::string& folder : finished()) disk_.overwrite(folder + "/graph", "garbage");
  EXPECT_EQ(parts_of(*begin()), (Parts{{"index", "new"}}));
}

TEST_F(SessionTakeoverTest, ADamagedPartOfACrashedHelperGivesWayToTheFinishedOne) {
  publish_snapshot({{"graph", "old"}, {"index", "old"}});
  crash_with({"r1"}, {{"graph", "new"}, {"index", "new"}});
  disk_.overwrite(only("-working") + "/graph", "garbage");
  const auto session = begin();
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "old"}, {"index", "new"}}));
  EXPECT_EQ(session->journal_records(), Records{"r1"});
}

TEST_F(SessionTakeoverTest, PartsOfAHelperThatCrashedBeforeTheLastPublicationAreOlder) {
  {
    const auto crashed = begin();
    EXPECT_TRUE(crashed->replace_part("graph", "older").ok());
    EXPECT_TRUE(crashed->replace_part("dropped", "older").ok());
    EXPECT_TRUE(crashed->append("r1").ok());
    publish_snapshot({{"graph", "newer"}});  // while the first still lives
  }
  const auto session = begin();
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "newer"}}));
  EXPECT_EQ(session->journal_records(), Records{"r1"});
}

TEST_F(SessionTakeoverTest, PartsUnderEachOthersNamesAreDamage) {
  publish_snapshot({{"graph", "g"}, {"index", "i"}});
  const std::string folder = only_finished();
  const std::string graph = disk_.files()[folder + "/graph"];
  disk_.overwrite(folder + "/index", graph);
  EXPECT_EQ(parts_of(*begin()), (Parts{{"graph", "g"}}));
}

TEST_F(SessionTakeoverTest, ASessionOfANewerVersionIsNeitherReadNorRemoved) {
  publish_snapshot({{"graph", "old"}});
  publish_snapshot({{"graph", "new"}});
  const std::string newer = finished()[1];
  const SealKind future{"CCpt", kSessionPartVersion + 1, 1000};
  disk_.overwrite(newer + "/graph", seal(future, "graph", "future").value());
  clock_.advance(20);
  const auto session = begin();
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "old"}}));
  ASSERT_TRUE(session->replace_part("graph", "newest").ok());
  ASSERT_TRUE(session->publish(PublishMode::snapshot).ok());
  clock_.advance(20);
  session->collect();
  EXPECT_TRUE(disk_.files().contains(newer + "/graph"));
  EXPECT_EQ(finished().size(), 2U);
}

TEST_F(SessionTakeoverTest, ASessionOfANewerVersionThatAppearsLaterIsNotRemoved) {
  expect_kept("graph", seal({"CCpt", kSessionPartVersion + 1, 1000}, "graph", "future").value());
}

TEST_F(SessionTakeoverTest, AJournalOfANewerVersionThatAppearsLaterIsNotRemoved) {
  std::string future = "CCjl";
  put_u32(future, kJournalVersion + 1);
  future += hash_bytes(future).view().substr(0, 8);
  expect_kept("journal", future + "records of the future");
}

TEST_F(SessionTakeoverTest, APartOfAnOlderVersionIsSetAside) {
  publish_snapshot({{"graph", "g"}, {"index", "i"}});
  const SealKind past{"CCpt", kSessionPartVersion - 1, 1000};
  disk_.overwrite(only_finished() + "/graph", seal(past, "graph", "past").value());
  const auto session = begin();
  EXPECT_EQ(parts_of(*session), (Parts{{"index", "i"}}));
  EXPECT_EQ(session->parts().at("graph").status.error().kind, ErrorKind::unsupported);
}

TEST_F(SessionTakeoverTest, AJournalOfAnOlderVersionIsSetAsideAndThePartsAreKept) {
  publish_snapshot({{"graph", "g"}});
  std::string past = "CCjl";
  put_u32(past, kJournalVersion - 1);
  past += hash_bytes(past).view().substr(0, 8);
  disk_.put(only_finished() + "/journal", past + "records of the past");
  const auto session = begin();
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "g"}}));
  EXPECT_TRUE(session->journal_records().empty());
  EXPECT_TRUE(session->changed());  // published soon, it is whole again
}

TEST_F(SessionTakeoverTest, WithoutHardLinksPartsAreCopiedAndItIsSaidOnce) {
  publish_snapshot({{"graph", "g"}, {"index", "i"}});
  disk_.set_has_links(false);
  {
    const auto session = begin();
    EXPECT_EQ(session->notes().size(), 1U);
    EXPECT_FALSE(session->needs_snapshot());
    ASSERT_TRUE(session->append("r1").ok());
    ASSERT_TRUE(session->publish(PublishMode::with_journal).ok());
  }
  const auto session = begin();
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "g"}, {"index", "i"}}));
  EXPECT_EQ(session->journal_records(), Records{"r1"});
}

TEST_F(SessionTakeoverTest, WithoutLocksSessionsAreTakenOverAndItIsSaidOnce) {
  disk_.set_has_locks(false);
  publish_snapshot({{"graph", "g"}});
  crash_with({"r1"});
  const auto session = begin();
  EXPECT_EQ(session->notes().size(), 1U);
  EXPECT_EQ(parts_of(*session), (Parts{{"graph", "g"}}));
  // Nobody can tell whether the other still lives.
  EXPECT_TRUE(session->journal_records().empty());
  EXPECT_TRUE(names_ending(".lock").empty());
}

TEST_F(SessionTakeoverTest, ATornRecordAtACrashIsDroppedAndTheOthersKept) {
  crash_with({"r1", "r2"});
  const std::string journal = only("-working") + "/journal";
  const std::string whole = disk_.files()[journal];
  disk_.overwrite(journal, whole.substr(0, whole.size() - 1));
  EXPECT_EQ(begin()->journal_records(), Records{"r1"});
}

TEST_F(SessionTakeoverTest, NumbersThatRanOutAreAnErrorNotACrash) {
  disk_.put_folder("/tree/sessions/s-9999999999-00000001-working");
  EXPECT_EQ(SessionFolder::begin(*tree_, clock_, options()).error().kind, ErrorKind::too_large);
}

}  // namespace
}  // namespace compiler_cache
