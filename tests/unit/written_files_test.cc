// Files whose content is known because we, or a compiler whose end we heard of, have written them.
#include "helper/written_files.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/fake_watches.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class WrittenFilesTest : public testing::Test {
 protected:
  WrittenFilesTest() {
    disk_.put_folder("/b");
    clock_.settle();
    next_request();
  }

  void next_request() {
    watches_.begin_request(build_);
    index_.begin_request();
  }
  /// As a launcher puts it there.
  void place(const std::string& path, const std::string& bytes) {
    if (disk_.lstat(path).ok()) {
      disk_.delete_tree(path);
      happen(WatchChange::entry);
    }
    disk_.put(path, bytes);
    happen(WatchChange::entry);
  }
  void happen(WatchChange change) { world_.happen("/b", change, "a.o"); }
  std::vector<ExpectedFile> expect(const std::string& bytes) {
    std::vector<ExpectedFile> expected;
    written_.expect("/b/a.o", hash_bytes(bytes), expected);
    return expected;
  }
  /// What the index says it holds; `read`: whether its bytes had to be read for that.
  std::string holds(bool read) {
    next_request();
    const std::uint64_t before = index_.files_hashed();
    const ContentId content = index_.current(paths_.intern("/b/a.o"));
    EXPECT_EQ(index_.files_hashed(), before + (read ? 1 : 0));
    for (const char* bytes : {"one", "two"}) {
      if (content == contents_.intern(hash_bytes(bytes))) return bytes;
    }
    return content == kNoId ? "none" : "something";
  }

  std::uint64_t build_ = 1;
  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  FakeWatchWorld world_;
  PathTable paths_;
  ContentTable contents_;
  PathWatches watches_{disk_, paths_, std::make_unique<FakeWatches>(world_)};
  ContentIndex index_{disk_, clock_, paths_, contents_, &watches_};
  WrittenFiles written_{disk_, clock_, paths_, contents_, index_, watches_};
};

TEST_F(WrittenFilesTest, WhatWasPlacedIsKnownWithoutReadingIt) {
  for (const char* bytes : {"one", "two"}) {  // the second replaces the first
    const std::vector<ExpectedFile> expected = expect(bytes);
    ASSERT_EQ(expected.size(), 1U);
    place("/b/a.o", bytes);
    next_request();
    written_.placed(expected);
    EXPECT_EQ(holds(false), bytes);
    EXPECT_EQ(holds(false), bytes);
  }
}

TEST_F(WrittenFilesTest, WhatIsNotJustOnePlacingIsRead) {
  const std::vector<std::vector<WatchChange>> others{
      {},
      {WatchChange::entry, WatchChange::entry},
      {WatchChange::entry, WatchChange::content},
      {WatchChange::content, WatchChange::entry},
      {WatchChange::entry, WatchChange::attributes},
  };
  for (const std::vector<WatchChange>& changes : others) {
    disk_.delete_tree("/b/a.o");
    const std::vector<ExpectedFile> expected = expect("one");
    disk_.put("/b/a.o", "two");
    for (const WatchChange change : changes) happen(change);
    next_request();
    written_.placed(expected);
    EXPECT_EQ(holds(true), "two") << changes.size();
  }
}

TEST_F(WrittenFilesTest, APlacingOverAFileThatWasThereIsTwoChangesOfItsName) {
  disk_.put("/b/a.o", "old");
  const std::vector<ExpectedFile> expected = expect("one");
  happen(WatchChange::entry);  // only gone, as far as is known
  disk_.put("/b/a.o", "two");
  next_request();
  written_.placed(expected);
  EXPECT_EQ(holds(true), "two");
}

TEST_F(WrittenFilesTest, AFileThatIsNoneOrHasOtherNamesIsNotKnown) {
  std::vector<ExpectedFile> expected = expect("one");
  disk_.put("/b/twin", "two");
  ASSERT_TRUE(disk_.link("/b/twin", "/b/a.o").ok());
  happen(WatchChange::entry);
  next_request();
  written_.placed(expected);
  EXPECT_EQ(index_.current(paths_.intern("/b/a.o")), contents_.intern(hash_bytes("two")))
      << "in this request";

  disk_.delete_tree("/b/a.o");
  expected = expect("one");
  disk_.put_symlink("/b/a.o", "twin");
  happen(WatchChange::entry);
  next_request();
  written_.placed(expected);
  EXPECT_EQ(holds(true), "two");

  disk_.delete_tree("/b/a.o");
  expected = expect("one");
  happen(WatchChange::entry);
  next_request();
  written_.placed(expected);
  EXPECT_EQ(holds(false), "none");
}

TEST_F(WrittenFilesTest, WhatWasReadBetweenTwoWordsOfTheWatchIsKnown) {
  disk_.put("/b/a.o", "one");
  const auto mark = written_.before_reading("/b/a.o");
  ASSERT_TRUE(mark);
  const FileStat stat = disk_.stat("/b/a.o").value();
  next_request();
  written_.was_read("/b/a.o", mark, stat, hash_bytes("one"));
  EXPECT_EQ(holds(false), "one");
}

TEST_F(WrittenFilesTest, WhatChangedWhileItWasReadIsReadAgain) {
  for (const WatchChange change : {WatchChange::content, WatchChange::attributes, WatchChange::entry}) {
    disk_.put("/b/a.o", "one");
    next_request();
    const auto mark = written_.before_reading("/b/a.o");
    const FileStat stat = disk_.stat("/b/a.o").value();
    disk_.put("/b/a.o", "two");
    happen(change);
    next_request();
    written_.was_read("/b/a.o", mark, stat, hash_bytes("one"));
    EXPECT_EQ(holds(true), "two");
  }
}

TEST_F(WrittenFilesTest, WithoutAWatchNothingIsKnown) {
  world_.refused.insert("/b");
  disk_.put("/b/a.o", "one");
  EXPECT_TRUE(expect("one").empty());
  EXPECT_FALSE(written_.before_reading("/b/a.o"));
  written_.was_read("/b/a.o", std::nullopt, disk_.stat("/b/a.o").value(), hash_bytes("two"));
  EXPECT_EQ(holds(true), "one");
}

TEST_F(WrittenFilesTest, AnotherBuildBetweenMarkAndEndKnowsNothing) {
  const std::vector<ExpectedFile> expected = expect("one");
  place("/b/a.o", "two");
  build_ = 2;
  next_request();
  build_ = 1;
  next_request();
  written_.placed(expected);
  EXPECT_EQ(holds(true), "two");
}

TEST_F(WrittenFilesTest, WhenWordMayHaveBeenLostNothingIsKnown) {
  const std::vector<ExpectedFile> expected = expect("one");
  place("/b/a.o", "two");
  world_.lost = true;
  next_request();
  written_.placed(expected);
  EXPECT_EQ(holds(true), "two");
}

TEST_F(WrittenFilesTest, AFolderThatIsReplacedMeanwhileTakesWhatWasExpectedWithIt) {
  const std::vector<ExpectedFile> expected = expect("one");
  place("/b/a.o", "two");
  world_.happen("/", WatchChange::entry, "b");
  next_request();
  written_.placed(expected);
  EXPECT_EQ(holds(true), "two");
}

// ---- Later: the times of a file that is new do not tell whether it has changed since

class LearnedContentTest : public WrittenFilesTest {
 protected:
  LearnedContentTest() {
    const std::vector<ExpectedFile> expected = expect("one");
    place("/b/a.o", "one");
    next_request();
    written_.placed(expected);
  }
  /// Within the clock's granularity: its times stay as they are.
  void change_without_a_trace() {
    const FileStat before = disk_.stat("/b/a.o").value();
    disk_.overwrite("/b/a.o", "two");
    disk_.set_times("/b/a.o", before.mtime_ns, before.ctime_ns);
    ASSERT_TRUE(disk_.stat("/b/a.o").value().same_version(before));
  }
  void next_build() { ++build_; }
};

TEST_F(LearnedContentTest, AChangeThatTheWatchTellsOfIsSeenWhateverTheTimesSay) {
  change_without_a_trace();
  happen(WatchChange::content);
  EXPECT_EQ(holds(true), "two");
}

TEST_F(LearnedContentTest, OneThatIsAskedForTooSoonIsReadByTheNextBuild) {
  EXPECT_EQ(holds(false), "one");
  next_build();
  change_without_a_trace();
  clock_.settle();
  EXPECT_EQ(holds(true), "two");
}

TEST_F(LearnedContentTest, OneThatWasStillTrustedWhenItWasOldEnoughIsNotReadByTheNextBuild) {
  clock_.settle();
  EXPECT_EQ(holds(false), "one");
  next_build();
  EXPECT_EQ(holds(false), "one");
}

TEST_F(LearnedContentTest, OneThatNobodyAskedForIsReadByTheNextBuild) {
  clock_.settle();
  next_build();
  EXPECT_EQ(holds(true), "one");
}

TEST_F(LearnedContentTest, OneThatHasOtherTimesByThenIsReadByTheNextBuild) {
  clock_.settle();
  const FileStat stat = disk_.stat("/b/a.o").value();
  disk_.overwrite("/b/a.o", "two");  // a store through a mapping, of which no watch tells
  EXPECT_EQ(holds(false), "one");
  disk_.set_times("/b/a.o", stat.mtime_ns, stat.ctime_ns);  // as if nothing had been
  next_build();
  EXPECT_EQ(holds(true), "two");
}

TEST_F(LearnedContentTest, BecomingOldIsOneLookAndNoMore) {
  clock_.settle();
  const std::uint64_t before = index_.stats_made();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(holds(false), "one");
  EXPECT_EQ(index_.stats_made(), before + 1);
}

TEST_F(LearnedContentTest, WhileItIsNewThereIsNoLook) {
  const std::uint64_t before = index_.stats_made();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(holds(false), "one");
  EXPECT_EQ(index_.stats_made(), before);
}

}  // namespace
}  // namespace compiler_cache
