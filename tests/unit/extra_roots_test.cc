#include "helper/extra_roots.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "helper/session_folder.h"
#include "helper/store.h"
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

/// This tree is /b; others are made by moving its .compiler-cache away.
class ExtraRootsTest : public ExchangeFixture {
 protected:
  /// The tree's cache goes to `root`, and a new one begins.
  void move_cache_to(const std::string& root) {
    cache_->end();
    cache_.reset();
    disk_.put_folder(root);
    ASSERT_TRUE(disk_.rename("/b/.compiler-cache", root + "/.compiler-cache").ok());
    disk_.put_folder("/b/.compiler-cache");
    folder_ = disk_.at("/b/.compiler-cache");
    extra_roots_.push_back(root);
  }
  ExtraRootSelection select(const std::vector<std::string>& configured) {
    return select_extra_roots(disk_, "/b", configured, 0);
  }
  std::vector<std::string> accepted(const std::vector<std::string>& configured) {
    return select(configured).accepted;
  }
  std::size_t contexts() const { return cache_->graph.context_count(); }
  /// Everything below `root`: names, bytes and times.
  std::string picture(const std::string& root) {
    std::string all;
    for (const std::string& name : disk_.names(root)) {
      const FileStat stat = disk_.lstat(root + "/" + name).value();
      all += name + " " + std::to_string(stat.mtime_ns) + " " + std::to_string(stat.mode) + "\n";
    }
    for (const auto& [path, bytes] : disk_.files()) {
      if (path.starts_with(root + "/")) all += path + " " + hash_bytes(bytes).hex() + "\n";
    }
    return all;
  }
};

TEST_F(ExtraRootsTest, OnlyOtherTreesOfOursAreAccepted) {
  disk_.put_folder("/x/.compiler-cache");
  disk_.put_folder("/b/sub/.compiler-cache");
  disk_.put_folder("/.compiler-cache");
  disk_.put_folder("/plain");
  disk_.put("/file", "x");
  disk_.put_symlink("/link", "/x");
  disk_.put_symlink("/self", "/b");
  disk_.put_folder("/twin");
  disk_.put_symlink("/twin/.compiler-cache", "/b/.compiler-cache");
  disk_.put_folder("/foreign/.compiler-cache");
  disk_.set_owner("/foreign/.compiler-cache", 1000, 0755);
  disk_.put_folder("/open/.compiler-cache");
  disk_.set_owner("/open/.compiler-cache", 0, 0775);
  EXPECT_EQ(accepted({"/x"}), std::vector<std::string>{"/x"});
  const std::vector<std::string> unusable{"/b",    "/b/sub", "/",     "/plain",   "/file",
                                          "/self", "/twin",  "/none", "/foreign", "/open"};
  for (const std::string& root : unusable) {
    const ExtraRootSelection selection = select({root});
    EXPECT_TRUE(selection.accepted.empty()) << root;
    ASSERT_EQ(selection.notes.size(), 1U) << root;
    EXPECT_NE(selection.notes[0].find(root), std::string::npos) << selection.notes[0];
  }
  EXPECT_EQ(accepted({"/x", "/link", "/x", "/x/../x"}), std::vector<std::string>{"/x"});
  EXPECT_EQ(accepted({"/link", "/x"}), std::vector<std::string>{"/link"});
}

TEST_F(ExtraRootsTest, EightAreAcceptedAndThoseThatAreNotDoNotCount) {
  std::vector<std::string> configured;
  std::vector<std::string> good;
  for (int i = 0; i < 10; ++i) {
    configured.push_back("/missing" + std::to_string(i));
    good.push_back("/x" + std::to_string(i));
    configured.push_back(good.back());
    disk_.put_folder(good.back() + "/.compiler-cache");
  }
  good.resize(kMaxExtraRoots);
  EXPECT_EQ(accepted(configured), good);
  EXPECT_EQ(select(configured).notes.size(), 12U);
}

TEST_F(ExtraRootsTest, WhatAnotherTreeKnowsHitsHereAndNothingChangesThere) {
  compile();
  put("/s/x.h", "int y;\n");
  compile();
  move_cache_to("/old");
  put("/s/x.h", "int x;\n");
  clock_.tick(250 * 7200);  // old enough to be touched, were it ours
  const std::string before = picture("/old");
  start_helper();
  EXPECT_EQ(contexts(), 0U);
  disk_.delete_tree("/b/a.o");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), "object of int x;\nint a;\n");
  EXPECT_EQ(picture("/old"), before);
  EXPECT_EQ(cache_->graph.variant_count(), 1U);  // the one that held
  extra_roots_.clear();
  disk_.delete_tree("/old");
  restart_helper();
  EXPECT_EQ(compile(), "hit");  // it is ours by now
  put("/s/x.h", "int y;\n");
  EXPECT_EQ(compile(), "miss");
}

TEST_F(ExtraRootsTest, CrashLosesNothingThatWasTakenOver) {
  compile();
  move_cache_to("/old");
  start_helper();
  EXPECT_EQ(compile(), "hit");
  extra_roots_.clear();
  cache_.reset();
  disk_.delete_tree("/old");
  start_helper();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExtraRootsTest, RecordsOfTheJournalAreReadToo) {
  compile();
  cache_->publish();
  put("/s/x.h", "int y;\n");
  compile();
  cache_->publish();
  move_cache_to("/old");
  start_helper();
  EXPECT_EQ(compile(), "hit");
  put("/s/x.h", "int x;\n");
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExtraRootsTest, WhatDoesNotHoldIsNotKept) {
  compile();
  move_cache_to("/old");
  put("/s/x.h", "int z;\n");
  start_helper();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(cache_->graph.variant_count(), 1U);
}

TEST_F(ExtraRootsTest, DamagedBlobThereIsAMissAndStays) {
  compile();
  move_cache_to("/old");
  for (const auto& [path, bytes] : disk_.files()) {
    if (path.starts_with("/old/.compiler-cache/objects/"))
      disk_.overwrite(path, std::string(bytes.size(), '?'));
  }
  clock_.settle();
  const std::string before = picture("/old");
  start_helper();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(built("a.o"), "object of int x;\nint a;\n");
  EXPECT_EQ(picture("/old"), before);
}

TEST_F(ExtraRootsTest, BlobsThatAreGoneThereAreNotPromised) {
  compile();
  move_cache_to("/old");
  disk_.delete_tree("/old/.compiler-cache/objects");
  start_helper();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExtraRootsTest, DamagedOrIncompleteSessionGivesWayToTheOneBefore) {
  compile();
  cache_->publish();
  clock_.tick(250);
  put("/s/x.h", "int y;\n");
  compile();
  cache_->publish();
  move_cache_to("/old");
  std::string newest;
  SessionName name;
  for (const std::string& entry : disk_.names("/old/.compiler-cache/sessions")) {
    if (SessionName::parse(entry, name) && name.kind == SessionNameKind::finished) newest = entry;
  }
  const std::string folder = "/old/.compiler-cache/sessions/" + newest;
  put("/s/x.h", "int x;\n");
  const std::string bytes = disk_.read(folder + "/graph", 1'000'000).value();
  for (const bool missing : {true, false}) {
    disk_.delete_tree(folder + "/graph");  // a link to that of the one before, which stays
    if (!missing) disk_.put(folder + "/graph", bytes.substr(0, bytes.size() / 2));
    clock_.settle();
    start_helper();
    EXPECT_EQ(compile(), "hit") << notes();
    cache_.reset();
    disk_.delete_tree("/b/.compiler-cache");
    disk_.put_folder("/b/.compiler-cache");
    folder_ = disk_.at("/b/.compiler-cache");
  }
}

TEST_F(ExtraRootsTest, SessionThatIsHeldForRemovalOrOfNoUseIsPassedOver) {
  compile();
  move_cache_to("/old");
  std::vector<std::unique_ptr<FileLock>> held;
  for (const std::string& entry : disk_.names("/old/.compiler-cache/sessions")) {
    if (entry.ends_with(".lock"))
      held.push_back(std::move(*disk_.lock("/old/.compiler-cache/sessions/" + entry, LockMode::exclusive)));
  }
  ASSERT_FALSE(held.empty());
  start_helper();
  EXPECT_EQ(compile(), "miss");
  EXPECT_NE(notes().find("/old"), std::string::npos);
}

TEST_F(ExtraRootsTest, WithoutLocksAndWithoutALockFileItIsReadAndNoneIsMade) {
  for (const bool has_locks : {true, false}) {
    compile();
    move_cache_to("/old" + std::to_string(has_locks));
    const std::string sessions = extra_roots_.back() + "/.compiler-cache/sessions";
    for (const std::string& entry : disk_.names(sessions)) {
      if (entry.ends_with(".lock")) disk_.delete_tree(sessions + "/" + entry);
    }
    disk_.set_has_locks(has_locks);
    const std::string before = picture(extra_roots_.back());
    extra_roots_ = {extra_roots_.back()};
    start_helper();
    EXPECT_EQ(compile(), "hit");
    EXPECT_EQ(picture(extra_roots_.back()), before);
  }
}

TEST_F(ExtraRootsTest, AnyFailureWhileReadingCostsHitsOnly) {
  compile();
  move_cache_to("/old");
  for (std::uint64_t n = 0; n < 60; ++n) {
    ExtraRoots roots(disk_, clock_, "/b", {"/old"}, 0);
    disk_.fail_operation(n);
    roots.read();
    disk_.fail_nothing();
    EXPECT_LE(roots.root_count(), 1U);
    EXPECT_TRUE(roots.root_count() == 1 || !roots.notes().empty()) << n;
  }
}

}  // namespace
}  // namespace compiler_cache
