#include "helper/folder_listings.h"

#include <gtest/gtest.h>

#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

using Operations = std::vector<std::string>;

class FolderListingsTest : public testing::Test {
 protected:
  /// As a request of its own.
  bool ask(const std::string& folder, const std::string& name) {
    listings_.begin_request();
    return listings_.has_entry(paths_.intern(folder), name);
  }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  PathTable paths_;
  FolderListings listings_{disk_, clock_, paths_};
};

TEST_F(FolderListingsTest, TellsWhichNamesAFolderHas) {
  disk_.put("/i/a.h", "");
  disk_.put_folder("/i/sub");
  disk_.put_symlink("/i/dangling.h", "nowhere");
  for (const char* name : {"a.h", "sub", "dangling.h", ".", ".."}) EXPECT_TRUE(ask("/i", name)) << name;
  for (const char* name : {"b.h", "A.h", "a", ""}) EXPECT_FALSE(ask("/i", name)) << name;
}

TEST_F(FolderListingsTest, MissingFolderHasNothing) {
  disk_.put("/file", "");
  EXPECT_FALSE(ask("/none", "a.h"));
  EXPECT_FALSE(ask("/none", "."));
  EXPECT_FALSE(listings_.exists(paths_.intern("/none")));
  EXPECT_FALSE(listings_.exists(paths_.intern("/file")));
  EXPECT_FALSE(listings_.has_precompiled_header(paths_.intern("/none")));
  EXPECT_FALSE(listings_.leads_somewhere(paths_.intern("/none")));
  EXPECT_TRUE(listings_.leads_somewhere(paths_.intern("/file")));
}

TEST_F(FolderListingsTest, FolderBehindASymlinkCountsAsOne) {
  disk_.put("/real/a.h", "");
  disk_.put_symlink("/link", "real");
  EXPECT_TRUE(ask("/link", "a.h"));
  EXPECT_TRUE(listings_.exists(paths_.intern("/link")));
}

TEST_F(FolderListingsTest, LooksOnceAtAFolderInOneRequestHoweverManyNames) {
  disk_.put("/i/a.h", "");
  clock_.settle();
  ask("/i", "a.h");
  disk_.take_recorded();
  ask("/i", "a.h");
  for (int i = 0; i < 100; ++i) listings_.has_entry(paths_.intern("/i"), std::to_string(i));
  listings_.exists(paths_.intern("/i"));
  listings_.has_precompiled_header(paths_.intern("/i"));
  EXPECT_EQ(disk_.take_recorded(), Operations{"stat /i"});
}

TEST_F(FolderListingsTest, MissingFolderCostsOneStatARequest) {
  ask("/none", "a.h");
  disk_.take_recorded();
  ask("/none", "a.h");
  ask("/none", "b.h");
  EXPECT_EQ(disk_.take_recorded(), (Operations{"stat /none", "stat /none"}));
}

TEST_F(FolderListingsTest, NameThatAppearsIsSeenByTheNextRequest) {
  disk_.put("/i/a.h", "");
  clock_.settle();
  EXPECT_FALSE(ask("/i", "b.h"));
  clock_.tick();
  disk_.put("/i/b.h", "");
  EXPECT_FALSE(listings_.has_entry(paths_.intern("/i"), "b.h"));  // the same request
  EXPECT_TRUE(ask("/i", "b.h"));
  disk_.delete_tree("/i");
  EXPECT_FALSE(ask("/i", "b.h"));
  clock_.tick();
  disk_.put("/i/b.h", "");
  EXPECT_TRUE(ask("/i", "b.h"));
}

TEST_F(FolderListingsTest, ListingTakenWithinTheClocksGranularityIsNotTrusted) {
  disk_.put("/i/a.h", "");
  clock_.tick();
  EXPECT_FALSE(ask("/i", "b.h"));
  const FileStat before = disk_.stat("/i").value();
  disk_.put("/i/b.h", "");
  disk_.set_times("/i", before.mtime_ns, before.ctime_ns);
  EXPECT_TRUE(ask("/i", "b.h"));
}

TEST_F(FolderListingsTest, FolderReplacedByAnotherIsListedAnew) {
  disk_.put("/i/a.h", "");
  disk_.put("/j/b.h", "");
  clock_.settle();
  EXPECT_TRUE(ask("/i", "a.h"));
  const FileStat old = disk_.stat("/i").value();
  disk_.delete_tree("/i");
  ASSERT_TRUE(disk_.rename("/j", "/i").ok());
  disk_.set_times("/i", old.mtime_ns, old.ctime_ns);
  EXPECT_TRUE(ask("/i", "b.h"));
  EXPECT_FALSE(ask("/i", "a.h"));
}

TEST_F(FolderListingsTest, FolderThatCannotBeListedIsTakenToHaveEveryName) {
  disk_.put("/i/a.h", "");
  clock_.settle();
  disk_.fail_operation(1, ErrorKind::denied);  // the listing
  EXPECT_TRUE(ask("/i", "b.h"));
  EXPECT_TRUE(listings_.has_precompiled_header(paths_.intern("/i")));
  EXPECT_TRUE(listings_.exists(paths_.intern("/i")));
  disk_.fail_operation(0, ErrorKind::denied);  // the stat
  EXPECT_TRUE(ask("/i", "b.h"));
  EXPECT_FALSE(ask("/i", "b.h"));  // it can be again
}

TEST_F(FolderListingsTest, FolderThatGoesBetweenStatAndListingHasNothing) {
  disk_.put("/i/a.h", "");
  disk_.fail_operation(1, ErrorKind::not_found);
  EXPECT_FALSE(ask("/i", "a.h"));
  EXPECT_TRUE(ask("/i", "a.h"));
}

TEST_F(FolderListingsTest, TellsWhetherThereIsAPrecompiledHeader) {
  disk_.put("/i/a.h", "");
  disk_.put_folder("/j/a.h.gch");
  EXPECT_FALSE(listings_.has_precompiled_header(paths_.intern("/i")));
  EXPECT_TRUE(listings_.has_precompiled_header(paths_.intern("/j")));
  disk_.put("/i/a.h.gch", "");
  listings_.begin_request();
  EXPECT_TRUE(listings_.has_precompiled_header(paths_.intern("/i")));
}

}  // namespace
}  // namespace compiler_cache
