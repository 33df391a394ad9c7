// A tree's cache on a disk that fails, crashes and is damaged: a build never notices more than a miss.
#include "helper/hasher.h"
#include "helper/tree_cache.h"
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

constexpr char kRight[] = "object of int x;\nint a;\n";

class TreeCacheFaultsTest : public ExchangeFixture {
 protected:
  /// A cache on a copy of the disk as it is now: what the next helper finds after a crash.
  struct Next {
    std::unique_ptr<FakeFileSystem> disk;
    std::unique_ptr<FakeFileSystem> folder;
    InlineExecutor executor;
    FakeProcesses processes;
    std::unique_ptr<TreeCache> cache;
  };
  std::unique_ptr<Next> next_helper() const {
    auto next = std::make_unique<Next>();
    next->disk = disk_.copy();
    next->folder = next->disk->at("/b/.compiler-cache");
    make_cache(*next);
    next->cache->when_loaded(Need::full, [] {});
    return next;
  }
  void make_cache(Next& next) const {
    next.cache = std::make_unique<TreeCache>(
        TreeCache::Seams{*next.disk, *next.folder, clock_, next.executor, next.processes}, cache_->config,
        "/b/.compiler-cache", 78);
  }
  std::uint64_t variants_after_crash() const { return next_helper()->cache->graph.variant_count(); }

  void expect_right_build() {
    for (const char* name : {"/b/a.o", "/b/a.d"}) disk_.delete_tree(name);
    const std::string outcome = compile();
    EXPECT_TRUE(outcome == "hit" || outcome == "miss") << outcome;
    EXPECT_EQ(built("a.o"), kRight);
    EXPECT_EQ(built("a.d"), "a.o: /s/a.cc /s/x.h\n");
  }
};

TEST_F(TreeCacheFaultsTest, LoadingSurvivesEveryFailingOperation) {
  compile();
  cache_->publish();
  put("/s/x.h", "int y;\n");
  compile();  // in the journal only
  put("/s/x.h", "int x;\n");
  cache_.reset();
  const std::unique_ptr<FakeFileSystem> pristine = disk_.copy();
  for (std::uint64_t n = 0;; ++n) {
    const std::unique_ptr<FakeFileSystem> disk = pristine->copy();
    const std::unique_ptr<FakeFileSystem> folder = disk->at("/b/.compiler-cache");
    InlineExecutor executor;
    Config config;
    TreeCache cache(TreeCache::Seams{*disk, *folder, clock_, executor, compiler_.processes}, config,
                    "/b/.compiler-cache", 78);
    const std::uint64_t before = disk->operations();
    disk->fail_operation(n);
    cache.when_loaded(Need::full, [] {});
    disk->fail_nothing();
    EXPECT_LE(cache.graph.variant_count(), 2U);
    cache.publish();
    cache.end();
    if (disk->operations() - before <= n) break;  // it has failed nothing any more
    ASSERT_LT(n, 1'000U);
  }
  start_helper();
  expect_right_build();
}

TEST_F(TreeCacheFaultsTest, ResultIsNotLostWhateverOperationOfPublishingFails) {
  for (std::uint64_t n = 0; n < 60; ++n) {
    put("/s/a.cc", "int n" + std::to_string(n) + ";\n");
    compile();
    const std::uint64_t known = cache_->graph.variant_count();
    disk_.fail_operation(n, ErrorKind::no_space);
    cache_->publish();
    disk_.fail_nothing();
    EXPECT_EQ(variants_after_crash(), known) << n;
    cache_->publish();
    EXPECT_EQ(variants_after_crash(), known) << n;
  }
}

TEST_F(TreeCacheFaultsTest, ResultIsNotLostWhereverPublishingCrashes) {
  compile();
  cache_->publish();
  for (std::uint64_t n = 0; n < 60; ++n) {
    put("/s/a.cc", "int n" + std::to_string(n) + ";\n");
    compile();
    const std::uint64_t known = cache_->graph.variant_count();
    disk_.fail_operation(n, ErrorKind::io, true);
    cache_->publish();
    EXPECT_EQ(variants_after_crash(), known) << n;
    disk_.fail_nothing();
    cache_->publish();
  }
}

TEST_F(TreeCacheFaultsTest, DiskThatWasFullForAMomentCostsNoMoreThanThatMoment) {
  compile();
  disk_.fail_operation(0, ErrorKind::no_space, true);
  cache_->checkpoint();
  disk_.fail_nothing();
  EXPECT_NE(notes(), "");
  put("/s/x.h", "int y;\n");
  compile();
  cache_->publish();
  EXPECT_EQ(variants_after_crash(), 2U);
  EXPECT_EQ(next_helper()->cache->counters.total().misses, 2U);
}

TEST_F(TreeCacheFaultsTest, ResultWhoseBytesCannotBeWrittenIsServedFromMemoryAndNotRemembered) {
  const Launcher launcher = ask(usual());
  CompileReport report = run_as_told(*launcher.client);
  executor_.hold();
  launcher.exchange->on_compiled(std::move(report));
  executor_.run_one();  // captured
  executor_.run_one();  // the search path is known
  disk_.fail_operation(0, ErrorKind::no_space, true);
  executor_.run_all();
  disk_.fail_nothing();
  EXPECT_NE(notes(), "");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(variants_after_crash(), 0U);
  StatusReport status;
  cache_->measure([&] { cache_->fill(status); });
  executor_.run_all();
  ASSERT_EQ(status.stores.size(), 2U);
  EXPECT_EQ(status.stores[0].failures, 0U);
  EXPECT_GT(status.stores[1].failures, 0U);
  EXPECT_NE(status.stores[1].last_error, "");
}

TEST_F(TreeCacheFaultsTest, ClearingReportsWhatItCouldNotClearAndNothingComesBackWrong) {
  for (std::uint64_t n = 0; n < 80; ++n) {
    put("/s/x.h", "int x;\n");
    compile();
    cache_->publish();
    disk_.fail_operation(n);
    [[maybe_unused]] const Status cleared = cache_->clear(false);
    disk_.fail_nothing();
    EXPECT_EQ(cache_->graph.variant_count(), 0U) << n;
    expect_right_build();
    restart_helper();
    expect_right_build();
  }
}

TEST_F(TreeCacheFaultsTest, TreeThatIsDeletedUnderTheHelperStaysDeleted) {
  compile();
  disk_.delete_tree("/b/.compiler-cache");
  expect_right_build();
  put("/s/x.h", "int y;\n");
  compile();
  cache_->checkpoint();
  cache_->publish();
  cache_->end();
  EXPECT_FALSE(disk_.files().contains("/b/.compiler-cache"));
  for (const std::string& name : disk_.names("/b")) EXPECT_FALSE(name.starts_with(".compiler-cache")) << name;
}

TEST_F(TreeCacheFaultsTest, FolderThatCannotBeWrittenLeavesACacheInMemory) {
  cache_.reset();
  disk_.delete_tree("/b/.compiler-cache/sessions");
  disk_.put("/b/.compiler-cache/sessions", "a file in the way");
  start_helper();
  EXPECT_NE(notes().find("nothing will be remembered"), std::string::npos) << notes();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
  cache_->checkpoint();
  cache_->publish();
  EXPECT_TRUE(cache_->clear(false).ok());
  cache_->end();
}

TEST_F(TreeCacheFaultsTest, DamagedSessionFilesAreNotedAndStartEmpty) {
  compile();
  restart_helper();
  cache_->publish();
  cache_.reset();
  const std::unique_ptr<FakeFileSystem> pristine = disk_.copy();
  int damaged = 0;
  for (const auto& [path, bytes] : pristine->files()) {
    if (!path.starts_with("/b/.compiler-cache/sessions/") || bytes.empty()) continue;
    ++damaged;
    for (const std::size_t at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
      const std::unique_ptr<FakeFileSystem> disk = pristine->copy();
      const std::unique_ptr<FakeFileSystem> folder = disk->at("/b/.compiler-cache");
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ 0x55);
      disk->overwrite(path, changed);
      InlineExecutor executor;
      TreeCache cache(TreeCache::Seams{*disk, *folder, clock_, executor, compiler_.processes}, {},
                      "/b/.compiler-cache", 78);
      cache.when_loaded(Need::full, [] {});
      StatusReport report;
      cache.fill(report);
      EXPECT_FALSE(report.notes.empty()) << path << " " << at;
    }
  }
  EXPECT_GE(damaged, 5);  // every part
}

}  // namespace
}  // namespace compiler_cache
