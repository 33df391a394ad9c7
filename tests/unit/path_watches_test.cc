#include "helper/path_watches.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "helper/real_file_system.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/fake_watches.h"
#include "tests/unit/still_clock.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

class PathWatchesTest : public testing::Test {
 protected:
  PathWatchesTest() {
    disk_.put("/p/inc/a.h", "a");
    disk_.put("/p/inc/b.h", "b");
    watches_.begin_request(1);
  }
  /// As the index does it.
  bool look_at(const std::string& path) {
    const PathId id = paths_.intern(path);
    const bool watched = watches_.watch_file(id);
    const Result<FileStat> stat = disk_.stat(path);
    if (watched && stat.ok()) watches_.trust_file(id, *stat);
    return watches_.trusts_file(id);
  }
  bool look_into(const std::string& path) {
    const PathId id = paths_.intern(path);
    if (watches_.watch_folder(id)) watches_.trust_folder(id);
    return watches_.trusts_folder(id);
  }
  bool trusts(const std::string& path) { return watches_.trusts_file(paths_.intern(path)); }
  bool trusts_folder(const std::string& path) { return watches_.trusts_folder(paths_.intern(path)); }
  void next_request() { watches_.begin_request(1); }

  StillClock clock_{100'000};
  FakeFileSystem disk_{clock_};
  FakeWatchWorld world_;
  PathTable paths_;
  PathWatches watches_{disk_, paths_, std::make_unique<FakeWatches>(world_)};
};

TEST_F(PathWatchesTest, WhatWasLookedAtInThisBuildIsTrusted) {
  EXPECT_FALSE(trusts("/p/inc/a.h"));
  EXPECT_TRUE(look_at("/p/inc/a.h"));
  next_request();
  EXPECT_TRUE(trusts("/p/inc/a.h"));
  EXPECT_FALSE(trusts("/p/inc/b.h"));
  watches_.begin_request(2);
  EXPECT_FALSE(trusts("/p/inc/a.h"));
  watches_.begin_request(1);
  EXPECT_FALSE(trusts("/p/inc/a.h")) << "another build came in between";
}

TEST_F(PathWatchesTest, WithoutABuildOrASourceNothingIs) {
  look_at("/p/inc/a.h");
  watches_.begin_request(0);
  EXPECT_FALSE(trusts("/p/inc/a.h"));
  EXPECT_FALSE(look_at("/p/inc/a.h"));
  PathWatches none(disk_, paths_, nullptr);
  none.begin_request(1);
  EXPECT_FALSE(none.watch_file(0));
  EXPECT_FALSE(none.watch_folder(0));
  EXPECT_FALSE(none.trusts_file(0));
}

TEST_F(PathWatchesTest, AnEventCostsTheFileThatItNames) {
  look_at("/p/inc/a.h");
  look_at("/p/inc/b.h");
  for (const WatchChange change : {WatchChange::content, WatchChange::attributes, WatchChange::entry}) {
    ASSERT_TRUE(look_at("/p/inc/a.h"));
    world_.happen("/p/inc", change, "a.h");
    next_request();
    EXPECT_FALSE(trusts("/p/inc/a.h"));
    EXPECT_TRUE(trusts("/p/inc/b.h"));
  }
}

TEST_F(PathWatchesTest, EventsOfNamesThatNobodyAskedForCostNothing) {
  look_at("/p/inc/a.h");
  world_.happen("/p/inc", WatchChange::entry, "new.o");
  world_.happen("/p", WatchChange::entry, "other");
  world_.happen("/p", WatchChange::content, "other");
  next_request();
  EXPECT_TRUE(trusts("/p/inc/a.h"));
}

TEST_F(PathWatchesTest, AFolderOnTheWayThatIsReplacedCostsEverything) {
  look_at("/p/inc/a.h");
  look_into("/p");
  world_.happen("/", WatchChange::entry, "p");
  next_request();
  EXPECT_FALSE(trusts("/p/inc/a.h"));
  EXPECT_FALSE(trusts_folder("/p"));
}

TEST_F(PathWatchesTest, AFolderThatIsGoneCostsEverything) {
  look_at("/p/inc/a.h");
  world_.happen("/p/inc", WatchChange::gone);
  next_request();
  EXPECT_FALSE(trusts("/p/inc/a.h"));
  world_.happen("/p/inc", WatchChange::content, "a.h");  // of a watch that is not ours any more
  next_request();
}

TEST_F(PathWatchesTest, WhenEventsMayBeLostNothingIsTrusted) {
  look_at("/p/inc/a.h");
  look_into("/p/inc");
  world_.lost = true;
  next_request();
  EXPECT_FALSE(trusts("/p/inc/a.h"));
  EXPECT_FALSE(trusts_folder("/p/inc"));
  EXPECT_TRUE(look_at("/p/inc/a.h"));
  EXPECT_NE(watches_.describe().find("lost 1 times"), std::string::npos) << watches_.describe();
}

TEST_F(PathWatchesTest, WhatCannotBeWatchedIsNeverTrusted) {
  disk_.put("/net/x.h", "x");
  disk_.put_symlink("/p/inc/x.h", "/net/x.h");
  world_.refused.insert("/net");
  EXPECT_FALSE(look_at("/net/x.h"));
  EXPECT_FALSE(look_into("/net"));
  EXPECT_FALSE(look_at("/p/inc/x.h"));
  EXPECT_TRUE(look_at("/p/inc/a.h"));
  EXPECT_NE(watches_.describe().find("/net cannot be watched"), std::string::npos) << watches_.describe();
}

TEST_F(PathWatchesTest, LinksAreFollowedAndWatchedOnTheWay) {
  disk_.put("/q/real/a.h", "a");
  disk_.put_symlink("/p/link", "../q/./real/../real");
  disk_.put_symlink("/p/inc/l.h", "../link/a.h");
  for (const auto& [folder, name] : std::map<std::string, std::string>{
           {"/p/inc", "l.h"}, {"/p", "link"}, {"/", "q"}, {"/q", "real"}, {"/q/real", "a.h"}}) {
    ASSERT_TRUE(look_at("/p/inc/l.h")) << folder;
    world_.happen(folder, WatchChange::entry, name);
    next_request();
    EXPECT_FALSE(trusts("/p/inc/l.h")) << folder;
  }
  EXPECT_TRUE(world_.contents.contains("/q/real"));
}

TEST_F(PathWatchesTest, ALinkToItselfIsNotTrusted) {
  disk_.put_symlink("/p/loop", "loop");
  disk_.put_symlink("/p/inc/loop.h", "loop.h");
  EXPECT_FALSE(look_at("/p/inc/loop.h"));
  EXPECT_FALSE(look_at("/p/loop/a.h"));
  EXPECT_FALSE(look_into("/p/loop"));
}

TEST_F(PathWatchesTest, AListingHoldsUntilAnEntryComesOrGoes) {
  ASSERT_TRUE(look_into("/p/inc"));
  world_.happen("/p/inc", WatchChange::content, "a.h");
  world_.happen("/p/inc", WatchChange::attributes, "a.h");
  next_request();
  EXPECT_TRUE(trusts_folder("/p/inc"));
  world_.happen("/p/inc", WatchChange::entry, "new.h");
  next_request();
  EXPECT_FALSE(trusts_folder("/p/inc"));
}

TEST_F(PathWatchesTest, AFolderThatIsNotThereHoldsUntilItComes) {
  ASSERT_TRUE(look_into("/p/late/deep"));
  world_.happen("/p", WatchChange::entry, "other");
  next_request();
  EXPECT_TRUE(trusts_folder("/p/late/deep"));
  world_.happen("/p", WatchChange::entry, "late");
  next_request();
  EXPECT_FALSE(trusts_folder("/p/late/deep"));
}

TEST_F(PathWatchesTest, AFileWithSeveralNamesIsWatchedItself) {
  ASSERT_TRUE(disk_.link("/p/inc/a.h", "/p/twin.h").ok());
  ASSERT_TRUE(look_at("/p/inc/a.h"));
  ASSERT_TRUE(look_at("/p/inc/b.h"));
  ASSERT_TRUE(world_.watches.contains("/p/inc/a.h"));
  world_.happen("/p/inc/a.h", WatchChange::content);
  next_request();
  EXPECT_FALSE(trusts("/p/inc/a.h"));
  EXPECT_TRUE(trusts("/p/inc/b.h"));
  EXPECT_TRUE(look_at("/p/inc/a.h"));
  disk_.put("/p/inc/c.h", "c");
  ASSERT_TRUE(disk_.link("/p/inc/c.h", "/p/twin2.h").ok());
  world_.refused.insert("/p/inc/c.h");
  EXPECT_FALSE(look_at("/p/inc/c.h"));
}

// ---- With the system's own watches

class SystemWatchesTest : public testing::Test {
 protected:
  SystemWatchesTest() {
    std::filesystem::create_directories(folder_ / "up/inc");
    std::filesystem::create_directories(folder_ / "other/inc");
    folder_.write("up/inc/a.h", "a");
    folder_.write("other/inc/a.h", "b");
    folder_.write("twin", "a");
    std::filesystem::create_hard_link(folder_ / "twin", folder_ / "up/inc/twin.h");
    std::filesystem::create_symlink("../../other/inc/a.h", folder_ / "up/inc/link.h");
    std::filesystem::create_symlink("up", folder_ / "way");
  }
  void SetUp() override {
    watches_ = std::make_unique<PathWatches>(*disk_, paths_, make_watch_source());
    watches_->begin_request(1);
    if (!look_at("up/inc/a.h")) GTEST_SKIP() << "nothing can be watched here: " << watches_->describe();
  }
  bool look_at(const std::string& name) {
    const PathId id = paths_.intern(folder_ / name);
    const bool watched = watches_->watch_file(id);
    const Result<FileStat> stat = disk_->stat(folder_ / name);
    if (watched && stat.ok()) watches_->trust_file(id, *stat);
    return watches_->trusts_file(id);
  }
  bool holds(const std::string& name) {
    watches_->begin_request(1);
    return watches_->trusts_file(paths_.intern(folder_ / name));
  }
  /// After `change`, `name` must be looked at again.
  void expect_noticed(const std::string& name, const std::function<void()>& change) {
    watches_->begin_request(1);
    ASSERT_TRUE(look_at(name));
    ASSERT_TRUE(holds(name));
    change();
    EXPECT_FALSE(holds(name));
  }

  TemporaryFolder folder_;
  std::unique_ptr<FileSystem> disk_ = make_real_file_system();
  PathTable paths_;
  std::unique_ptr<PathWatches> watches_;
};

TEST_F(SystemWatchesTest, EveryWayToChangeAFileIsNoticed) {
  const std::string path = folder_ / "up/inc/a.h";
  expect_noticed("up/inc/a.h", [&] { folder_.write("up/inc/a.h", "x"); });
  expect_noticed("up/inc/a.h", [&] { ASSERT_EQ(::truncate(path.c_str(), 0), 0); });
  expect_noticed("up/inc/a.h", [&] {
    folder_.write("new", "y");
    std::filesystem::rename(folder_ / "new", path);
  });
  expect_noticed("up/inc/a.h", [&] { ASSERT_EQ(::chmod(path.c_str(), 0600), 0); });
  expect_noticed("up/inc/a.h", [&] { ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), nullptr, 0), 0); });
  expect_noticed("up/inc/a.h", [&] {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_EQ(::pwrite(file, "z", 1, 0), 1);
    ::close(file);
  });
  expect_noticed("up/inc/a.h", [&] { ASSERT_EQ(::unlink(path.c_str()), 0); });
}

TEST_F(SystemWatchesTest, AWriterThatOpenedTheFileBeforeItsRenameIsNoticed) {
  const int file = ::open((folder_ / "new").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  std::filesystem::rename(folder_ / "new", folder_ / "up/inc/a.h");
  expect_noticed("up/inc/a.h", [&] { ASSERT_EQ(::write(file, "late", 4), 4); });
  ::close(file);
}

TEST_F(SystemWatchesTest, AWriteThroughAnotherNameIsNoticed) {
  expect_noticed("up/inc/twin.h", [&] { folder_.write("twin", "x"); });
  expect_noticed("up/inc/twin.h", [&] { folder_.write("twin", "y"); });
}

TEST_F(SystemWatchesTest, WhatLinksLeadToIsNoticed) {
  expect_noticed("up/inc/link.h", [&] { folder_.write("other/inc/a.h", "x"); });
  expect_noticed("up/inc/link.h", [&] {
    std::filesystem::remove(folder_ / "up/inc/link.h");
    std::filesystem::create_symlink("a.h", folder_ / "up/inc/link.h");
  });
  expect_noticed("way/inc/a.h", [&] {
    std::filesystem::remove(folder_ / "way");
    std::filesystem::create_symlink("other", folder_ / "way");
  });
}

TEST_F(SystemWatchesTest, FoldersThatChangePlacesAreNoticed) {
  const auto swap = [&] {
    std::filesystem::rename(folder_ / "up", folder_ / "aside");
    std::filesystem::rename(folder_ / "other", folder_ / "up");
    std::filesystem::rename(folder_ / "aside", folder_ / "other");
  };
  expect_noticed("up/inc/a.h", swap);
  expect_noticed("up/inc/a.h", swap);
}

TEST_F(SystemWatchesTest, TooManyEventsCostEverything) {
  ASSERT_TRUE(look_at("up/inc/twin.h"));
  for (int i = 0; i < 40'000; ++i) {
    // Other names each time: equal events are one.
    const std::string name = folder_ / ("up/inc/" + std::to_string(i % 2));
    ::close(::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    ::unlink(name.c_str());
  }
  EXPECT_FALSE(holds("up/inc/twin.h"));
  EXPECT_NE(watches_->describe().find("lost"), std::string::npos) << watches_->describe();
  EXPECT_TRUE(look_at("up/inc/twin.h"));
}

TEST_F(SystemWatchesTest, FileSystemsThatDoNotTellAreNotTrusted) {
  const PathId id = paths_.intern("/proc/self/status");
  EXPECT_FALSE(watches_->watch_file(id));
}

}  // namespace
}  // namespace compiler_cache
