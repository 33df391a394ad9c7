// What a tree's cache keeps from one helper to the next. Failing disks are in tree_cache_faults_test.cc.
#include "helper/tree_cache.h"

#include "helper/hasher.h"
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

class TreeCacheTest : public ExchangeFixture {
 protected:
  /// Ends the helper like a crash does: nothing more is written.
  void crash() {
    cache_.reset();
    start_helper();
  }
  std::vector<std::string> notes() const {
    StatusReport report;
    cache_->fill(report);
    return report.notes;
  }
  std::uint64_t entries(const std::string& component) const {
    StatusReport report;
    cache_->fill(report);
    for (const ComponentStatus& status : report.components) {
      if (status.name == component) return status.entries;
    }
    return 0;
  }
  bool wrote_part(const std::string& name) {
    for (const std::string& operation : disk_.take_recorded()) {
      if (operation.starts_with("rename ") && operation.ends_with("/" + name)) return true;
    }
    return false;
  }
  std::vector<std::string> blobs(const std::string& store = "/b/.compiler-cache") const {
    std::vector<std::string> found;
    for (const auto& [path, bytes] : disk_.files()) {
      if (path.starts_with(store + "/objects/")) found.push_back(path);
    }
    return found;
  }
  void add_variants(int count) {
    for (int i = 0; i < count; ++i) {
      Variant variant;
      variant.inputs = {{"/s/" + std::to_string(i), hash_bytes(std::to_string(i))}};
      cache_->add(hash_bytes("context " + std::to_string(i)), variant, {});
    }
  }
};

TEST_F(TreeCacheTest, PublishedStateIsTakenOver) {
  compile();
  cache_->publish();
  crash();
  EXPECT_EQ(counted().misses, 1U);
  EXPECT_EQ(entries("stat cache"), 2U);
  EXPECT_EQ(entries("compiler identities"), 1U);
  EXPECT_EQ(entries("search paths"), 1U);
  compiler_.processes.take_calls();
  EXPECT_EQ(compile(), "hit");
  EXPECT_TRUE(compiler_.processes.calls().empty());  // nothing had to be asked again
  EXPECT_EQ(notes(), std::vector<std::string>{});
}

TEST_F(TreeCacheTest, CrashLosesNoResult) {
  compile();
  crash();
  EXPECT_EQ(compile(), "hit");
  EXPECT_NE(built(".compiler-cache/events.jsonl").find("\"salvage\""), std::string::npos);
}

TEST_F(TreeCacheTest, CrashLosesNoCounterUpToTheCheckpoint) {
  compile();
  compile();
  cache_->checkpoint();
  disk_.take_recorded();
  cache_->checkpoint();  // nothing moved
  EXPECT_TRUE(disk_.take_recorded().empty());
  compile();
  crash();
  EXPECT_EQ(counted().misses, 1U);
  EXPECT_EQ(counted().hits, 1U);
}

TEST_F(TreeCacheTest, OlderCountersInTheJournalDoNotReplaceNewerOnes) {
  add_variants(300);
  cache_->publish();
  compile();
  cache_->checkpoint();
  compile();
  cache_->publish();  // with the journal, since little is new
  crash();
  EXPECT_EQ(counted().requests(), 2U);
}

TEST_F(TreeCacheTest, PublishingWithNothingNewDoesNothing) {
  compile();
  cache_->publish();
  disk_.take_recorded();
  cache_->publish();
  EXPECT_TRUE(disk_.take_recorded().empty());
  crash();
  disk_.take_recorded();
  cache_->publish();
  EXPECT_TRUE(disk_.take_recorded().empty());
}

TEST_F(TreeCacheTest, SmallChangeIsPublishedWithoutWritingTheGraphAnew) {
  add_variants(300);
  cache_->publish();
  disk_.take_recorded();
  compile();
  cache_->publish();
  EXPECT_FALSE(wrote_part("graph"));
  crash();
  EXPECT_EQ(entries("dependency graph"), 301U);
  EXPECT_EQ(compile(), "hit");
  add_variants(600);
  disk_.take_recorded();
  cache_->publish();  // a large one is
  EXPECT_TRUE(wrote_part("graph"));
}

TEST_F(TreeCacheTest, LongBuildIsPublishedWholeEveryFiveMinutes) {
  compile();
  disk_.take_recorded();
  cache_->publish_if_due();
  EXPECT_FALSE(wrote_part("graph"));
  clock_.tick(301 * SteppedClock::kTicksPerSecond);
  cache_->publish_if_due();
  EXPECT_TRUE(wrote_part("graph"));
  clock_.tick(301 * SteppedClock::kTicksPerSecond);
  cache_->publish_if_due();  // nothing is new
  EXPECT_FALSE(wrote_part("graph"));
  crash();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(TreeCacheTest, HitsAloneAreCountedAcrossHelpers) {
  compile();
  restart_helper();
  compile();
  restart_helper();
  EXPECT_EQ(counted().hits, 1U);
  EXPECT_EQ(counted().requests(), 2U);
}

TEST_F(TreeCacheTest, WhileQuietNoNameIsMadeInTheTree) {
  cache_->publish();
  const std::vector<std::string> before = disk_.names("/b/.compiler-cache");
  cache_->set_quiet(true);
  compile();
  cache_->checkpoint();
  EXPECT_EQ(disk_.names("/b/.compiler-cache"), before);
  EXPECT_EQ(compile(), "hit");  // from memory
  cache_->set_quiet(false);
  EXPECT_EQ(blobs().size(), 2U);
  crash();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(TreeCacheTest, OnceTheBuildIsOverNoNameIsMadeInTheTreeUntilThatIsHeardOf) {
  compile();
  cache_->publish();
  const std::vector<std::string> before = disk_.names("/b/.compiler-cache");
  build_is_over_ = true;
  put("/s/a.cc", "int other;\n");
  EXPECT_EQ(compile(), "miss");
  cache_->checkpoint();
  EXPECT_EQ(disk_.names("/b/.compiler-cache"), before);
  cache_->set_quiet(true);
  build_is_over_ = false;
  cache_->set_quiet(false);
  EXPECT_EQ(blobs().size(), 4U);
  crash();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(TreeCacheTest, ClearedTreeKnowsNothingAndCountsOn) {
  compile();
  cache_->publish();
  ASSERT_TRUE(cache_->clear(false).ok());
  EXPECT_EQ(entries("dependency graph"), 0U);
  EXPECT_TRUE(blobs().empty());
  EXPECT_EQ(counted().misses, 1U);
  crash();
  EXPECT_EQ(counted().misses, 1U);
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(counted().misses, 2U);
}

TEST_F(TreeCacheTest, ClearLeavesTheSharedStoreUnlessAsked) {
  shared_dir_ = "/home/cache";
  start_helper();
  compile();
  ASSERT_TRUE(cache_->clear(false).ok());
  EXPECT_TRUE(blobs().empty());
  EXPECT_EQ(blobs("/home/cache").size(), 2U);
  EXPECT_EQ(compile(), "hit");  // from there
  ASSERT_TRUE(cache_->clear(true).ok());
  EXPECT_TRUE(blobs("/home/cache").empty());
  EXPECT_EQ(compile(), "miss");
}

TEST_F(TreeCacheTest, SharedStoreIsAskedOncePerContext) {
  shared_dir_ = "/home/cache";
  start_helper();
  const Digest context = hash_bytes("context");
  EXPECT_FALSE(cache_->learn_from_shared(context));
  disk_.take_recorded();
  EXPECT_FALSE(cache_->learn_from_shared(context));
  EXPECT_TRUE(disk_.take_recorded().empty());
}

TEST_F(TreeCacheTest, UnusableSharedStoreIsANoteAndTheTreeGoesOn) {
  disk_.put("/home/cache", "a file");
  shared_dir_ = "/home/cache";
  start_helper();
  ASSERT_EQ(notes().size(), 1U);
  EXPECT_NE(notes()[0].find("/home/cache"), std::string::npos) << notes()[0];
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
}

TEST_F(TreeCacheTest, PrivatePathsAreNeverUsedTwiceAndSweptByTheNextHelper) {
  const std::string first = cache_->private_path();
  EXPECT_NE(cache_->private_path(), first);
  EXPECT_TRUE(first.starts_with("/b/.compiler-cache/tmp/77-")) << first;
  disk_.put(first, "left by a launcher that was killed");
  crash();
  EXPECT_FALSE(disk_.files().contains(first));
}

TEST_F(TreeCacheTest, SettledMeansThatNothingIsUnderWay) {
  int settled = 0;
  cache_->when_settled([&] { ++settled; });
  EXPECT_EQ(settled, 1);
  cache_->begin_pending();
  cache_->begin_pending();
  cache_->when_settled([&] { ++settled; });
  cache_->end_pending();
  EXPECT_EQ(settled, 1);
  cache_->end_pending();
  EXPECT_EQ(settled, 2);
}

TEST_F(TreeCacheTest, StoreIsCollectedNowAndThenOnly) {
  cache_->collect_if_due();
  disk_.take_recorded();
  cache_->collect_if_due();
  EXPECT_TRUE(disk_.take_recorded().empty());
  clock_.tick(150'000);  // ten minutes
  cache_->collect_if_due();
  EXPECT_FALSE(disk_.take_recorded().empty());
  EXPECT_EQ(cache_->pending(), 0U);
}

TEST_F(TreeCacheTest, LimitIsKeptDuringALongBuild) {
  max_size_ = 160'000;
  start_helper();
  for (int i = 0; i < 150; ++i) {
    put("/s/a.cc", "int unit_" + std::to_string(i) + "[" + std::string(2000, '1') + "];\n");
    compile();
    std::uint64_t bytes = 0;
    for (const std::string& path : blobs()) bytes += disk_.files()[path].size();
    ASSERT_LE(bytes, max_size_) << i;
  }
  EXPECT_GT(blobs().size(), 4U);
}

TEST_F(TreeCacheTest, AfterACollectionTheGraphPointsAtNothingThatIsGone) {
  for (const char* shared : {"", "/home/cache"}) {
    shared_dir_ = shared;
    max_size_ = 150;
    start_helper();
    for (int i = 0; i < 12; ++i) {
      put("/s/a.cc", "int unit_" + std::to_string(i) + ";\n");
      compile();
      clock_.tick(15 * 250);
    }
    const std::size_t before = cache_->graph.variant_count();
    clock_.tick(150'000);  // ten minutes
    cache_->collect_if_due();
    EXPECT_LT(cache_->graph.variant_count(), before);
    EXPECT_GT(cache_->graph.variant_count(), 0U);
    std::uint64_t bytes = 0;
    for (const std::string& path : blobs()) bytes += disk_.files()[path].size();
    EXPECT_LE(bytes, max_size_);
    cache_->graph.for_each([&](const Digest&, const std::list<Graph::Entry>& entries_of_context) {
      for (const Graph::Entry& entry : entries_of_context) {
        for (const ArtifactOutput& output : entry.artifact.outputs)
          EXPECT_TRUE(cache_->store->has(output.blob));
      }
    });
    EXPECT_NE(built(".compiler-cache/events.jsonl").find("\"entries\""), std::string::npos);
    EXPECT_EQ(compile(), "hit");  // the last one is the youngest
    EXPECT_TRUE(cache_->clear(true).ok());
  }
}

TEST_F(TreeCacheTest, CollectionsDoNotOverlap) {
  executor_.hold();
  cache_->collect_if_due();
  cache_->collect_if_due();
  EXPECT_EQ(executor_.queued(), 1U);
  executor_.run_all();
}

TEST_F(TreeCacheTest, StateIsKeptAlthoughEverythingWasDeletedUnderTheHelper) {
  shared_dir_ = "/home/cache";
  start_helper();
  compile();
  cache_->publish();
  for (const char* gone : {"/b/.compiler-cache/sessions", "/b/.compiler-cache/objects", "/home/cache/objects",
                           "/home/cache/variants"}) {
    disk_.delete_tree(gone);
  }
  put("/s/x.h", "int y;\n");
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(blobs().size(), 2U);
  EXPECT_EQ(blobs("/home/cache").size(), 2U);
  cache_->publish();
  crash();
  EXPECT_EQ(counted().misses, 2U);
  EXPECT_EQ(entries("stat cache"), 2U);
  EXPECT_EQ(compile(), "hit");
}

TEST_F(TreeCacheTest, StatusTellsWhatThereIs) {
  compile();
  bool measured = false;
  cache_->measure([&] { measured = true; });
  EXPECT_TRUE(measured);
  StatusReport report;
  cache_->fill(report);
  EXPECT_EQ(report.components.size(), 6U);
  for (const ComponentStatus& component : report.components) EXPECT_EQ(component.state, "ready");
  ASSERT_EQ(report.stores.size(), 2U);
  EXPECT_EQ(report.stores[0].name, "memory");
  EXPECT_EQ(report.stores[0].limit, MemoryTierLimits{}.bytes);
  EXPECT_EQ(report.stores[1].name, "tree");
  EXPECT_EQ(report.stores[1].limit, Config{}.max_size);
  EXPECT_EQ(report.stores[1].least_recent, static_cast<std::uint64_t>(clock_.file_now_ns() / 1'000'000'000));
  EXPECT_EQ(report.stores[1].path, "/b/.compiler-cache/objects");
  EXPECT_EQ(report.stores[1].objects, 2U);
}

// ---- Loading in the background

class TreeCacheLoadingTest : public TreeCacheTest {
 protected:
  /// A helper that has just started, on what an earlier one left.
  void start_cold() {
    cache_->end();
    executor_.hold();
    cache_.reset();
    cache_ =
        std::make_unique<TreeCache>(TreeCache::Seams{disk_, *folder_, clock_, executor_, compiler_.processes},
                                    Config{}, "/b/.compiler-cache", 77);
  }
  std::string state(const std::string& component) const {
    StatusReport report;
    cache_->fill(report);
    for (const ComponentStatus& status : report.components) {
      if (status.name == component) return status.state;
    }
    return "none";
  }
};

TEST_F(TreeCacheLoadingTest, NothingIsReadBeforeItIsNeeded) {
  start_cold();
  EXPECT_EQ(state("dependency graph"), "idle");
  disk_.take_recorded();  // the status tells of recent events
  cache_->end();
  EXPECT_TRUE(disk_.take_recorded().empty());
}

TEST_F(TreeCacheLoadingTest, StatisticsNeedTheCountersOnly) {
  compile();
  start_cold();
  bool ready = false;
  cache_->when_loaded(Need::light, [&] { ready = true; });
  executor_.run_all();
  EXPECT_TRUE(ready);
  EXPECT_EQ(counted().misses, 1U);
  EXPECT_EQ(state("counters"), "ready");
  EXPECT_EQ(state("dependency graph"), "idle");
}

TEST_F(TreeCacheLoadingTest, WhatWasNotLoadedIsStillThereForTheNextHelper) {
  compile();
  start_cold();
  cache_->when_loaded(Need::light, [] {});
  executor_.run_all();
  cache_->counters.add(RequestResult::bypassed(BypassReason::stopping), 0);
  cache_->end();
  cache_.reset();
  start_helper();
  executor_.run_all();
  EXPECT_EQ(counted().bypassed, 1U);
  EXPECT_EQ(entries("dependency graph"), 1U);
}

TEST_F(TreeCacheLoadingTest, AnEndWhileLoadingLeavesEverythingAsItWas) {
  compile();
  start_cold();
  cache_->when_loaded(Need::full, [] {});
  executor_.run_one();  // the counters; the rest is being read
  cache_->end();
  executor_.forget();
  cache_.reset();
  start_helper();
  executor_.run_all();
  EXPECT_EQ(entries("dependency graph"), 1U);
  EXPECT_EQ(counted().misses, 1U);
}

TEST_F(TreeCacheLoadingTest, AComponentThatCannotBeReadFailsAlone) {
  compile();
  cache_->end();
  for (const auto& [path, bytes] : disk_.files()) {
    if (path.ends_with("/searches")) disk_.overwrite(path, "damaged");
  }
  start_cold();
  cache_->when_loaded(Need::full, [] {});
  executor_.run_all();
  EXPECT_EQ(state("search paths"), "failed");
  EXPECT_EQ(state("dependency graph"), "ready");
  EXPECT_EQ(entries("dependency graph"), 1U);
}

}  // namespace
}  // namespace compiler_cache
