#include "helper/archive_format.h"

#include <gtest/gtest.h>

#include "tests/unit/archive_bytes.h"

namespace compiler_cache {
namespace {

std::string usual_archive() {
  return std::string(kArchiveStart) + archive_member("/", "table", {"0", "0", "0", "0"}) +
         archive_member("//", "a_name_that_is_long.o/\n", {"", "", "", ""}) + archive_member("a.o/", "odd") +
         archive_member("/0", "even");
}

TEST(ArchiveFormatTest, MembersAreCountedWithoutTables) {
  const Result<ArchiveSummary> summary = summarize_archive(usual_archive());
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->members, 2U);
  EXPECT_FALSE(summary->thin);
  EXPECT_FALSE(summary->stamped);
}

TEST(ArchiveFormatTest, AnEmptyArchiveHasNone) {
  const Result<ArchiveSummary> summary = summarize_archive(kArchiveStart);
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->members, 0U);
}

TEST(ArchiveFormatTest, AThinArchiveHoldsNoBytesOfItsMembers) {
  const std::string bytes = std::string(kThinArchiveStart) + archive_member("/", "t", {"0", "0", "0", "0"}) +
                            archive_member("//", "sub/a.o/\n", {"", "", "", ""}) +
                            archive_member("/0", "not in here", {}, true) +
                            archive_member("/0", "nor this", {}, true);
  const Result<ArchiveSummary> summary = summarize_archive(bytes);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_TRUE(summary->thin);
  EXPECT_EQ(summary->members, 2U);
}

TEST(ArchiveFormatTest, TimesOwnersAndModesAreSeen) {
  const auto stamped = [](const MemberHeader& header) {
    return summarize_archive(std::string(kArchiveStart) + archive_member("a.o/", "x", header))->stamped;
  };
  EXPECT_FALSE(stamped({}));
  EXPECT_TRUE(stamped({"1700000000", "0", "0", "644"}));
  EXPECT_TRUE(stamped({"0", "1000", "0", "644"}));
  EXPECT_TRUE(stamped({"0", "0", "1000", "644"}));
  EXPECT_TRUE(stamped({"0", "0", "0", "100644"}));
  EXPECT_TRUE(stamped({"", "0", "0", "644"}));
  const std::string table =
      std::string(kArchiveStart) + archive_member("/", "t", {"1700000000", "0", "0", "0"});
  EXPECT_TRUE(summarize_archive(table)->stamped);
}

TEST(ArchiveFormatTest, WhatIsCutOrOfAnotherFormIsNoArchive) {
  const std::string whole = usual_archive();
  std::size_t good = 0;
  for (std::size_t size = 0; size < whole.size(); ++size)
    good += summarize_archive(whole.substr(0, size)).ok() ? 1 : 0;
  // Those that end with a member: behind the start and each of the first three (and before its padding).
  EXPECT_EQ(good, 7U);
  EXPECT_FALSE(summarize_archive("").ok());
  EXPECT_FALSE(summarize_archive("\177ELF").ok());
  EXPECT_FALSE(summarize_archive(std::string(kArchiveStart) + archive_member("#1/20", "a bsd name")).ok());
  std::string bad = whole;
  bad[kArchiveStart.size() + 50] = 'x';  // in a size
  EXPECT_FALSE(summarize_archive(bad).ok());
}

}  // namespace
}  // namespace compiler_cache
