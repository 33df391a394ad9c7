#include "helper/content_index.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

using Operations = std::vector<std::string>;

class ContentIndexTest : public testing::Test {
 protected:
  ContentId current(const std::string& path) { return index_.current(paths_.intern(path)); }
  /// As a request of its own.
  ContentId ask(const std::string& path) {
    index_.begin_request();
    return current(path);
  }
  ContentId content_of(const std::string& bytes) { return contents_.intern(hash_bytes(bytes)); }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  PathTable paths_;
  ContentTable contents_;
  ContentIndex index_{disk_, clock_, paths_, contents_};
};

TEST_F(ContentIndexTest, TellsTheContentThatAFileHasNow) {
  disk_.put("/a.h", "one");
  EXPECT_EQ(ask("/a.h"), content_of("one"));
  clock_.tick();
  disk_.overwrite("/a.h", "two");
  EXPECT_EQ(ask("/a.h"), content_of("two"));
}

TEST_F(ContentIndexTest, FilesWithEqualBytesHaveEqualContent) {
  disk_.put("/a.h", "same");
  disk_.put("/b.h", "same");
  EXPECT_EQ(ask("/a.h"), ask("/b.h"));
}

TEST_F(ContentIndexTest, LooksOnceAtAPathInOneRequest) {
  disk_.put("/a.h", "one");
  ask("/a.h");
  disk_.take_recorded();
  const std::uint64_t stats = index_.stats_made();
  current("/a.h");
  current("/a.h");
  EXPECT_EQ(disk_.take_recorded(), Operations{});
  EXPECT_EQ(index_.stats_made(), stats);
  ask("/a.h");
  EXPECT_EQ(index_.stats_made(), stats + 1);
}

TEST_F(ContentIndexTest, TrustedFileCostsOneStatAndNoRead) {
  disk_.put("/a.h", "one");
  clock_.settle();
  ask("/a.h");
  disk_.take_recorded();
  EXPECT_EQ(ask("/a.h"), content_of("one"));
  EXPECT_EQ(disk_.take_recorded(), Operations{"lstat /a.h"});
  EXPECT_EQ(index_.files_hashed(), 1U);
}

TEST_F(ContentIndexTest, FileChangedWithinTheClocksGranularityIsHashedAgain) {
  disk_.put("/a.h", "one");
  clock_.tick();
  EXPECT_EQ(ask("/a.h"), content_of("one"));
  const FileStat before = disk_.stat("/a.h").value();
  disk_.overwrite("/a.h", "two");  // same size
  disk_.set_times("/a.h", before.mtime_ns, before.ctime_ns);
  EXPECT_TRUE(disk_.stat("/a.h").value().same_version(before));
  EXPECT_EQ(ask("/a.h"), content_of("two"));
}

TEST_F(ContentIndexTest, RacilyCleanFileIsTrustedOnceItIsOldEnough) {
  disk_.put("/a.h", "one");
  clock_.tick();
  ask("/a.h");
  clock_.settle();
  ask("/a.h");
  EXPECT_EQ(index_.files_hashed(), 2U);
  ask("/a.h");
  EXPECT_EQ(index_.files_hashed(), 2U);
}

TEST_F(ContentIndexTest, FileFromTheFutureIsHashedEachTime) {
  disk_.put("/a.h", "one");
  disk_.set_times("/a.h", clock_.file_now_ns() + 3'600'000'001, clock_.file_now_ns() + 3'600'000'001);
  clock_.settle();
  ask("/a.h");
  ask("/a.h");
  EXPECT_EQ(index_.files_hashed(), 2U);
}

TEST_F(ContentIndexTest, FutureMtimeAloneDoesNotMatter) {
  disk_.put("/a.h", "one");
  disk_.set_times("/a.h", clock_.file_now_ns() + 3'600'000'001, clock_.file_now_ns());
  clock_.settle();
  ask("/a.h");
  ask("/a.h");
  EXPECT_EQ(index_.files_hashed(), 1U);
}

TEST_F(ContentIndexTest, EditThatKeepsSizeAndMtimeShowsInTheCtime) {
  disk_.put("/a.h", "one");
  clock_.settle();
  ask("/a.h");
  const FileStat before = disk_.stat("/a.h").value();
  clock_.tick();
  disk_.overwrite("/a.h", "two");
  disk_.set_times("/a.h", before.mtime_ns, clock_.file_now_ns());
  EXPECT_EQ(ask("/a.h"), content_of("two"));
}

TEST_F(ContentIndexTest, AnotherFileUnderTheSameNameIsReadAnew) {
  disk_.put("/a.h", "one");
  disk_.put("/b.h", "two");
  clock_.settle();
  const FileStat old = disk_.stat("/a.h").value();
  ask("/a.h");
  ASSERT_TRUE(disk_.rename("/b.h", "/a.h").ok());
  disk_.set_times("/a.h", old.mtime_ns, old.ctime_ns);
  EXPECT_EQ(ask("/a.h"), content_of("two"));
}

TEST_F(ContentIndexTest, WhatIsNoReadableRegularFileHasNoContent) {
  disk_.put_folder("/folder");
  EXPECT_EQ(ask("/folder"), kNoId);
  EXPECT_EQ(ask("/missing"), kNoId);
  disk_.put("/a.h", "one");
  disk_.fail_operation(1, ErrorKind::denied);  // the read
  EXPECT_EQ(ask("/a.h"), kNoId);
  EXPECT_EQ(ask("/a.h"), content_of("one"));
}

TEST_F(ContentIndexTest, GivesTheStatThatTheContentBelongsTo) {
  disk_.put("/a.h", "one");
  const PathId path = paths_.intern("/a.h");
  EXPECT_EQ(index_.stat_of(path), nullptr);
  ask("/a.h");
  ASSERT_NE(index_.stat_of(path), nullptr);
  EXPECT_TRUE(index_.stat_of(path)->same_version(disk_.stat("/a.h").value()));
  index_.begin_request();
  EXPECT_EQ(index_.stat_of(path), nullptr);
  disk_.delete_tree("/a.h");
  current("/a.h");
  EXPECT_EQ(index_.stat_of(path), nullptr);
}

TEST_F(ContentIndexTest, ScansEachContentOnce) {
  disk_.put("/a.h", "#include <x.h>\n");
  disk_.put("/b.h", "#include <x.h>\n");
  const ContentId content = ask("/a.h");
  current("/b.h");
  const auto facts = index_.scan(paths_.intern("/a.h"), content, ScanKind::c_family);
  ASSERT_TRUE(facts.ok());
  ASSERT_EQ((*facts)->includes.size(), 1U);
  EXPECT_EQ((*facts)->includes[0].name, "x.h");
  disk_.take_recorded();
  EXPECT_EQ(index_.scan(paths_.intern("/b.h"), content, ScanKind::c_family).value(), *facts);
  EXPECT_EQ(disk_.take_recorded(), Operations{});
}

TEST_F(ContentIndexTest, EachKindOfScanHasItsOwnResult) {
  disk_.put("/a.s", ".include \"x\"\n");
  const ContentId content = ask("/a.s");
  EXPECT_FALSE(index_.scan(paths_.intern("/a.s"), content, ScanKind::c_family).value()->asm_include);
  EXPECT_TRUE(index_.scan(paths_.intern("/a.s"), content, ScanKind::assembler).value()->asm_include);
}

TEST_F(ContentIndexTest, WhatWasJustReadIsScannedWithoutReadingItAgain) {
  disk_.put("/a.h", "#include <x>\n");
  const ContentId content = ask("/a.h");
  disk_.overwrite("/a.h", "");
  disk_.take_recorded();
  const auto facts = index_.scan(paths_.intern("/a.h"), content, ScanKind::c_family);
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ((*facts)->includes.size(), 1U);
  EXPECT_EQ(disk_.take_recorded(), Operations{});
}

TEST_F(ContentIndexTest, AFileWithSeveralNamesIsReadOnce) {
  disk_.put("/a.h", "one");
  disk_.put_symlink("/b.h", "/a.h");
  clock_.settle();
  ask("/a.h");
  EXPECT_EQ(ask("/b.h"), content_of("one"));
  EXPECT_EQ(index_.files_hashed(), 1U);
  disk_.overwrite("/a.h", "two");
  EXPECT_EQ(ask("/b.h"), content_of("two"));
  EXPECT_EQ(ask("/a.h"), content_of("two"));
}

TEST_F(ContentIndexTest, AFileWithSeveralNamesThatIsTooNewIsReadByEach) {
  clock_.tick();
  disk_.put("/a.h", "one");
  disk_.put_symlink("/b.h", "/a.h");
  ask("/a.h");
  disk_.overwrite("/a.h", "two");  // in the same tick
  EXPECT_EQ(ask("/b.h"), content_of("two"));
}

TEST_F(ContentIndexTest, OnlyOfWhatIsNoLinkItIsKnownWhatTheNameItselfIs) {
  disk_.put("/a.h", "one");
  disk_.put_symlink("/b.h", "/a.h");
  EXPECT_EQ(index_.looked_at(paths_.intern("/a.h")), nullptr);
  ask("/a.h");
  current("/b.h");
  EXPECT_NE(index_.looked_at(paths_.intern("/a.h")), nullptr);
  EXPECT_EQ(index_.looked_at(paths_.intern("/b.h")), nullptr);
  index_.begin_request();
  EXPECT_EQ(index_.looked_at(paths_.intern("/a.h")), nullptr);
}

TEST_F(ContentIndexTest, ScanOfAFileThatHasChangedIsAnError) {
  disk_.put("/a.h", "one");
  const ContentId content = ask("/a.h");
  index_.begin_request();
  disk_.overwrite("/a.h", "two");
  EXPECT_EQ(index_.scan(paths_.intern("/a.h"), content, ScanKind::c_family).error().kind, ErrorKind::corrupt);
  disk_.delete_tree("/a.h");
  EXPECT_EQ(index_.scan(paths_.intern("/a.h"), content, ScanKind::c_family).error().kind,
            ErrorKind::not_found);
}

TEST_F(ContentIndexTest, AdoptedEntryIsTrustedLikeOneOfItsOwn) {
  disk_.put("/a.h", "one");
  clock_.settle();
  ContentIndex::Entry entry{disk_.stat("/a.h").value(), clock_.file_now_ns(), content_of("one")};
  index_.adopt(paths_.intern("/a.h"), entry);
  EXPECT_EQ(ask("/a.h"), content_of("one"));
  EXPECT_EQ(index_.files_hashed(), 0U);
  disk_.overwrite("/a.h", "two");
  EXPECT_EQ(ask("/a.h"), content_of("two"));
}

TEST_F(ContentIndexTest, FileOfAFileSystemWithWholeSecondsIsHashedAgainForTwoSeconds) {
  const std::int64_t second = clock_.file_now_ns() / 1'000'000'000 * 1'000'000'000;
  const auto write = [&](const std::string& bytes) {
    disk_.put("/a.h", bytes);
    disk_.set_times("/a.h", second, second);
  };
  for (int i = 0; i < 4; ++i) {
    write("one");
    EXPECT_EQ(ask("/a.h"), content_of("one"));
    write("two");
    EXPECT_EQ(ask("/a.h"), content_of("two")) << i;
    clock_.tick(120);  // not quite half a second
  }
  clock_.tick(40);
  ask("/a.h");
  const std::uint64_t hashed = index_.files_hashed();
  ask("/a.h");
  EXPECT_EQ(index_.files_hashed(), hashed);
}

TEST(ChangedSinceTest, MomentOfTheChangeItselfCounts) {
  FileStat stat;
  stat.ctime_ns = stat.mtime_ns = 5'000'000'001;
  EXPECT_TRUE(changed_since(stat, 5'000'000'000));
  EXPECT_TRUE(changed_since(stat, 5'000'000'001));
  EXPECT_FALSE(changed_since(stat, 5'000'000'002));
}

TEST(ChangedSinceTest, WholeSecondsMayBeTwoSecondsOff) {
  FileStat stat;
  stat.ctime_ns = stat.mtime_ns = 5'000'000'000;
  EXPECT_TRUE(changed_since(stat, 7'000'000'000));
  EXPECT_FALSE(changed_since(stat, 7'000'000'001));
  stat.mtime_ns = 5'000'000'001;  // only the ctime is whole, by chance
  EXPECT_FALSE(changed_since(stat, 7'000'000'000));
}

// A source that nobody else includes would be remembered for as long as the helper lives.
TEST_F(ContentIndexTest, ScansAreRememberedUpToALimit) {
  disk_.put("/a.h", "#include <x>\n");
  std::string long_text;
  for (std::size_t i = 0; i <= kMaxScannedNames; ++i) long_text += "#include <" + std::to_string(i) + ">\n";
  disk_.put("/long.h", long_text);
  clock_.settle();
  const auto scan = [&](const char* path) {
    const ContentId content = ask(path);
    index_.begin_request();
    disk_.take_recorded();
    EXPECT_TRUE(index_.scan(paths_.intern(path), content, ScanKind::c_family).ok());
    return disk_.take_recorded().size();
  };
  EXPECT_GT(scan("/a.h"), 0U);
  EXPECT_EQ(scan("/a.h"), 0U);
  scan("/long.h");
  EXPECT_GT(scan("/a.h"), 0U);
  EXPECT_EQ(scan("/a.h"), 0U);
}

}  // namespace
}  // namespace compiler_cache
