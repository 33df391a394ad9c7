#include "helper/journal.h"

#include <gtest/gtest.h>

#include "helper/bytes.h"
#include "helper/hasher.h"
#include "tests/unit/damage.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/still_clock.h"

namespace compiler_cache {
namespace {

using Records = std::vector<std::string>;

const Records kRecords = {"first", "", std::string("sec\0nd", 6), "third"};

class JournalTest : public testing::Test {
 protected:
  std::unique_ptr<Journal> create(const Records& records = {}) {
    auto journal = Journal::create(disk_, "journal", records);
    EXPECT_TRUE(journal.ok());
    return std::move(*journal);
  }
  JournalContent content() {
    auto read = read_journal(disk_, "journal");
    EXPECT_TRUE(read.ok());
    return read.ok() ? std::move(*read) : JournalContent{};
  }

  StillClock clock_{1000};
  FakeFileSystem disk_{clock_};
};

TEST_F(JournalTest, RecordsComeBackInOrder) {
  auto journal = create({kRecords[0], kRecords[1]});
  ASSERT_TRUE(journal->append(kRecords[2]).ok());
  ASSERT_TRUE(journal->append(kRecords[3]).ok());
  const JournalContent read = content();
  EXPECT_EQ(read.records, kRecords);
  EXPECT_FALSE(read.tail_dropped);
  EXPECT_EQ(read.good_bytes, journal->bytes());
  EXPECT_EQ(read.chain, journal->chain());
  EXPECT_EQ(journal->records(), kRecords.size());
}

TEST_F(JournalTest, ChainTellsRecordsOfAnotherOrderApart) {
  const Digest chain = create({"a", "b"})->chain();
  disk_.delete_tree("journal");
  EXPECT_NE(create({"b", "a"})->chain(), chain);
}

TEST_F(JournalTest, CutAnywhereKeepsTheGoodRecordsBefore) {
  create(kRecords);
  const std::string file = disk_.files()["/journal"];
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto read = parse_journal(file.substr(0, size));
    if (size < kJournalHeaderSize) {
      ASSERT_FALSE(read.ok());
      EXPECT_EQ(read.error().kind, ErrorKind::corrupt);
      continue;
    }
    ASSERT_TRUE(read.ok());
    const Records& records = read.value().records;
    ASSERT_LT(records.size(), kRecords.size());
    EXPECT_TRUE(std::equal(records.begin(), records.end(), kRecords.begin()));
    EXPECT_EQ(read.value().tail_dropped, read.value().good_bytes != size);
  }
}

TEST_F(JournalTest, NoDamageIsEverReadAsARecord) {
  create(kRecords);
  for_each_damage(disk_.files()["/journal"], [](const std::string& damaged) {
    const auto read = parse_journal(damaged);
    if (!read.ok()) return;
    const Records& records = read.value().records;
    ASSERT_LT(records.size(), kRecords.size());
    EXPECT_TRUE(std::equal(records.begin(), records.end(), kRecords.begin()));
  });
}

TEST_F(JournalTest, OtherVersionsAreToldFromDamage) {
  for (const std::uint32_t version : {kJournalVersion + 1, kJournalVersion - 1}) {
    std::string file = "CCjl";
    put_u32(file, version);
    file += hash_bytes(file).view().substr(0, 8);
    const auto read = parse_journal(file + "whatever comes");
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().kind, version > kJournalVersion ? ErrorKind::unsupported : ErrorKind::invalid);
  }
}

TEST_F(JournalTest, LengthThatTheFileCannotHoldEndsIt) {
  create({"one"});
  std::string file = disk_.files()["/journal"];
  put_u32(file, 0xffffffff);
  file += std::string(20, 'x');
  const auto read = parse_journal(file);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().records, Records{"one"});
  EXPECT_TRUE(read.value().tail_dropped);
}

TEST_F(JournalTest, AppendThatFailsIsCutOffAndTheNextSucceeds) {
  auto journal = create({"one"});
  disk_.fail_operation(0, ErrorKind::no_space);
  const Status failed = journal->append("lost");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().kind, ErrorKind::no_space);
  disk_.fail_nothing();
  EXPECT_FALSE(journal->broken());
  ASSERT_TRUE(journal->append("two").ok());
  EXPECT_EQ(content().records, (Records{"one", "two"}));
  EXPECT_FALSE(content().tail_dropped);
  EXPECT_EQ(content().chain, journal->chain());
}

TEST_F(JournalTest, JournalThatCannotBeCutBackIsBrokenButKeepsWhatItHas) {
  auto journal = create({"one"});
  disk_.fail_operation(0, ErrorKind::no_space, true);
  EXPECT_FALSE(journal->append("lost").ok());
  disk_.fail_nothing();
  EXPECT_TRUE(journal->broken());
  EXPECT_FALSE(journal->append("two").ok());
  EXPECT_EQ(content().records, Records{"one"});
  EXPECT_TRUE(content().tail_dropped);
}

TEST_F(JournalTest, CreateThatFailsLeavesNothing) {
  for (std::uint64_t n = 0; n < 2; ++n) {
    disk_.fail_operation(n);
    EXPECT_FALSE(Journal::create(disk_, "journal", kRecords).ok());
    disk_.fail_nothing();
    EXPECT_TRUE(disk_.files().empty());
  }
}

TEST_F(JournalTest, CreateDoesNotTouchAnExistingFile) {
  disk_.put("journal", "something else");
  EXPECT_FALSE(Journal::create(disk_, "journal", {}).ok());
  EXPECT_EQ(disk_.files()["/journal"], "something else");
}

TEST_F(JournalTest, RecordOverTheLimitIsRefused) {
  auto journal = create();
  const Status refused = journal->append(std::string(kMaxJournalRecord + 1, 'x'));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::too_large);
  EXPECT_EQ(content().records.size(), 0U);
}

}  // namespace
}  // namespace compiler_cache
