#include "helper/store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "helper/hasher.h"
#include "helper/shared_variants.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/still_clock.h"

namespace compiler_cache {
namespace {

/// Bytes that zstd cannot make shorter, other ones for each seed.
std::string noise(std::size_t size, int seed) {
  std::string bytes;
  for (int i = 0; bytes.size() < size; ++i) {
    bytes += hash_bytes(std::to_string(seed) + "." + std::to_string(i)).view();
  }
  bytes.resize(size);
  return bytes;
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    disk_.put_folder("/tree/objects");
    disk_.put_folder("/shared/objects");
    store_ = make_store();
  }

  std::unique_ptr<Store> make_store(StoreOptions options = {}, bool has_tree = true, bool has_shared = true) {
    std::unique_ptr<FolderTier> tree;
    std::unique_ptr<FolderTier> shared;
    if (has_tree) {
      tree = std::make_unique<FolderTier>(disk_, clock_, FolderTierOptions{HitSource::tree, "/tree"});
    }
    if (has_shared) {
      shared = std::make_unique<FolderTier>(disk_, clock_, FolderTierOptions{HitSource::shared, "/shared"});
    }
    return std::make_unique<Store>(disk_, options, std::move(tree), std::move(shared));
  }
  Digest put(const std::string& bytes) {
    const Digest digest = hash_bytes(bytes);
    EXPECT_TRUE(store_->put(digest, bytes).ok());
    return digest;
  }
  /// "memory hello", or "miss".
  static std::string fetch(Store& store, const Digest& digest) {
    const auto blob = store.fetch(digest, kAnySize);
    if (!blob.ok()) return "miss";
    return std::string(to_string(blob.value().source)) + " " + bytes_of(*blob.value().file);
  }
  static std::string path(const std::string& root, const Digest& digest) {
    return root + "/objects/" + digest.hex().substr(0, 2) + "/" + digest.hex().substr(2);
  }
  std::uint64_t inode(const std::string& file) { return disk_.stat(file).value().inode; }

  StillClock clock_{100'000};
  FakeFileSystem disk_{clock_};
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, ABlobIsOneFileInBothFolders) {
  const Digest digest = put("hello");
  EXPECT_EQ(inode(path("/tree", digest)), inode(path("/shared", digest)));
  EXPECT_EQ(fetch(*store_, digest), "tree hello");
  EXPECT_EQ(fetch(*store_, digest), "memory hello");
}

TEST_F(StoreTest, WithoutHardLinksItIsCopied) {
  disk_.set_has_links(false);
  const Digest digest = put("hello");
  EXPECT_NE(inode(path("/tree", digest)), inode(path("/shared", digest)));
  disk_.delete_tree(path("/tree", digest));
  EXPECT_EQ(fetch(*store_, digest), "shared hello");
  disk_.delete_tree(path("/shared", digest));
  EXPECT_EQ(fetch(*make_store(), digest), "tree hello");
}

TEST_F(StoreTest, WhatAnotherTreeStoredIsLinkedNotWritten) {
  const Digest digest = put("hello");
  disk_.delete_tree("/tree/objects");
  disk_.put_folder("/tree/objects");
  disk_.take_recorded();
  put("hello");
  for (const std::string& operation : disk_.take_recorded()) EXPECT_FALSE(operation.starts_with("write_new"));
  EXPECT_EQ(inode(path("/tree", digest)), inode(path("/shared", digest)));
}

TEST_F(StoreTest, AHitInTheSharedFolderIsInTheTreeAfterwards) {
  const Digest digest = put("hello");
  disk_.delete_tree(path("/tree", digest));
  EXPECT_EQ(fetch(*store_, digest), "shared hello");
  EXPECT_EQ(fetch(*store_, digest), "memory hello");
  EXPECT_EQ(fetch(*make_store(), digest), "tree hello");
}

TEST_F(StoreTest, RememberedBlobsNeedNoDisk) {
  const Digest digest = hash_bytes("hello");
  ASSERT_TRUE(store_->remember(digest, disk_.open_bytes("hello").value()).ok());
  disk_.take_recorded();
  EXPECT_EQ(fetch(*store_, digest), "memory hello");
  EXPECT_EQ(disk_.take_recorded(), std::vector<std::string>{"stat_open "});
}

TEST_F(StoreTest, DamageInTheTreeIsMadeGoodFromTheSharedFolder) {
  disk_.set_has_links(false);
  const Digest digest = put("hello");
  disk_.overwrite(path("/tree", digest), "jello");
  EXPECT_EQ(fetch(*store_, digest), "shared hello");
  EXPECT_EQ(disk_.files()[path("/tree", digest)], "hello");
  ASSERT_EQ(store_->health().size(), 1U);
  EXPECT_EQ(store_->health()[0].source, HitSource::tree);
  EXPECT_EQ(store_->health()[0].failures, 1U);
}

TEST_F(StoreTest, DamageInBothIsAMissAndStoredAnew) {
  const Digest digest = put("hello");
  disk_.overwrite(path("/tree", digest), "jello");  // a hard link: in both
  EXPECT_EQ(fetch(*store_, digest), "miss");
  put("hello");
  EXPECT_EQ(fetch(*store_, digest), "tree hello");
}

TEST_F(StoreTest, ABlobEditedWhileInMemoryIsAMiss) {
  const Digest digest = put("hello");
  clock_.advance(1);
  EXPECT_EQ(fetch(*store_, digest), "tree hello");
  clock_.advance(1);
  disk_.overwrite(path("/tree", digest), "jello");
  EXPECT_EQ(fetch(*store_, digest), "miss");
}

TEST_F(StoreTest, SharedFolderThatIsGoneIsNoErrorAndNotRecreated) {
  const Digest first = put("first");
  disk_.delete_tree("/shared");
  const Digest second = put("second");
  EXPECT_EQ(fetch(*store_, first), "tree first");
  EXPECT_EQ(fetch(*store_, second), "tree second");
  EXPECT_FALSE(disk_.stat("/shared").ok());
}

TEST_F(StoreTest, TreeThatIsGoneLeavesTheSharedFolder) {
  disk_.delete_tree("/tree");
  const Digest digest = put("hello");
  EXPECT_EQ(fetch(*store_, digest), "shared hello");
  EXPECT_FALSE(disk_.stat("/tree").ok());
}

TEST_F(StoreTest, EveryTierIsOptional) {
  const Digest digest = hash_bytes("hello");
  EXPECT_TRUE(make_store({}, true, false)->put(digest, "hello").ok());
  EXPECT_EQ(fetch(*make_store({}, true, false), digest), "tree hello");
  EXPECT_TRUE(make_store({}, false, true)->put(digest, "hello").ok());
  EXPECT_EQ(fetch(*make_store({}, false, true), digest), "shared hello");
  const auto neither = make_store({}, false, false);
  EXPECT_EQ(neither->put(digest, "hello").error().kind, ErrorKind::unsupported);
  EXPECT_EQ(fetch(*neither, digest), "miss");
  EXPECT_EQ(neither->tier(HitSource::tree), nullptr);
}

TEST_F(StoreTest, WhilePausedNoNameIsCreatedAndTheBlobIsServed) {
  const Digest shared_only = put("shared only");
  disk_.delete_tree(path("/tree", shared_only));
  const auto before = disk_.names();
  store_->set_writes_paused(true);
  const Digest digest = hash_bytes("hello");
  EXPECT_EQ(store_->put(digest, "hello").value(), PutOutcome::deferred);
  EXPECT_EQ(store_->put(digest, "hello").value(), PutOutcome::deferred);
  EXPECT_EQ(store_->deferred(), 1U);
  EXPECT_TRUE(store_->has(digest));
  EXPECT_EQ(fetch(*store_, digest), "memory hello");
  EXPECT_EQ(fetch(*store_, shared_only), "shared shared only");
  ASSERT_TRUE(store_->write_deferred().ok());
  EXPECT_EQ(disk_.names(), before);

  store_->set_writes_paused(false);
  EXPECT_EQ(disk_.names(), before);
  ASSERT_TRUE(store_->write_deferred().ok());
  EXPECT_EQ(store_->deferred(), 0U);
  EXPECT_EQ(fetch(*make_store(), digest), "tree hello");
}

TEST_F(StoreTest, WhileItIsToHoldBackNoNameIsCreated) {
  const Digest shared_only = put("shared only");
  disk_.delete_tree(path("/tree", shared_only));
  bool hold_back = true;
  StoreOptions options;
  options.hold_back = [&] { return hold_back; };
  const auto store = make_store(options);
  const auto before = disk_.names();
  const Digest digest = hash_bytes("hello");
  EXPECT_EQ(store->put(digest, "hello").value(), PutOutcome::deferred);
  EXPECT_EQ(fetch(*store, shared_only), "shared shared only");
  ASSERT_TRUE(store->write_deferred().ok());
  EXPECT_EQ(store->deferred(), 1U);
  EXPECT_EQ(disk_.names(), before);

  hold_back = false;
  ASSERT_TRUE(store->write_deferred().ok());
  EXPECT_EQ(store->deferred(), 0U);
  EXPECT_EQ(fetch(*make_store(), digest), "tree hello");
}

TEST_F(StoreTest, WhatWaitsIsBounded) {
  const auto store = make_store({{}, 10});
  store->set_writes_paused(true);
  EXPECT_TRUE(store->put(hash_bytes("12345678"), "12345678").ok());
  EXPECT_EQ(store->put(hash_bytes("123"), "123").error().kind, ErrorKind::too_large);
  store->set_writes_paused(false);
  ASSERT_TRUE(store->write_deferred().ok());
  store->set_writes_paused(true);
  EXPECT_TRUE(store->put(hash_bytes("123"), "123").ok());
}

TEST_F(StoreTest, CollectionNamesWhatNoFolderHasAnyMore) {
  disk_.set_has_links(false);
  const Digest both = put("both");
  const Digest tree_only = put("tree");
  disk_.delete_tree(path("/shared", tree_only));
  EXPECT_EQ(fetch(*store_, tree_only), "tree tree");
  clock_.advance(20);
  const StoreCollectReport report = store_->collect(0, 1000);
  EXPECT_EQ(report.tree.removed.size(), 2U);
  EXPECT_EQ(report.gone, std::vector<Digest>{tree_only});
  EXPECT_EQ(fetch(*store_, tree_only), "miss");
  EXPECT_EQ(fetch(*store_, both), "shared both");
}

TEST_F(StoreTest, WhatWasCollectedIsNotServedFromMemoryEither) {
  const Digest digest = put("hello");
  ASSERT_TRUE(store_->remember(digest, disk_.open_bytes("hello").value()).ok());
  clock_.advance(20);
  EXPECT_EQ(store_->collect(0, 0).gone, std::vector<Digest>{digest});
  EXPECT_EQ(fetch(*store_, digest), "miss");
}

TEST_F(StoreTest, FoldersThatAreDeletedUnderItAreMadeAgain) {
  for (const char* gone : {"/tree/objects", "/shared/objects"}) {
    put("first");
    disk_.delete_tree(gone);
    const Digest digest = put("second");
    EXPECT_TRUE(disk_.files().contains(path("/tree", digest))) << gone;
    EXPECT_TRUE(disk_.files().contains(path("/shared", digest))) << gone;
    ASSERT_TRUE(store_->clear(true).ok());
  }
}

TEST_F(StoreTest, BlobsServedFromMemoryAreNotEvictedBeforeThoseThatNobodyUsed) {
  disk_.set_has_links(false);
  const Digest hot = put("hot!");
  EXPECT_EQ(fetch(*store_, hot), "tree hot!");
  clock_.advance(20);
  const Digest cold = put("cold");
  for (int hours = 0; hours < 3; ++hours) {
    clock_.advance(1800);
    EXPECT_TRUE(fetch(*store_, hot).ends_with(" hot!"));
    const StoreCollectReport report = store_->collect(7, hours == 2 ? 4 : 100);
    EXPECT_EQ(report.shared.removed, hours == 2 ? std::vector<Digest>{cold} : std::vector<Digest>{});
    EXPECT_EQ(report.tree.removed, hours == 0 ? std::vector<Digest>{cold} : std::vector<Digest>{});
  }
  EXPECT_EQ(fetch(*make_store(), hot), "tree hot!");
}

TEST_F(StoreTest, WhatIsStoredAgainIsUsed) {
  const Digest common = put("same");
  clock_.advance(20);
  const Digest other = put("othr");
  clock_.advance(20);
  put("same");
  clock_.advance(20);
  EXPECT_EQ(store_->collect(7, 7).gone, std::vector<Digest>{other});
  EXPECT_EQ(fetch(*store_, common), "tree same");
}

TEST_F(StoreTest, TouchedBlobIsServedAndAnEditedOneStillFound) {
  const Digest digest = put("hello");
  clock_.advance(1);
  EXPECT_EQ(fetch(*store_, digest), "tree hello");
  clock_.advance(4000);
  EXPECT_EQ(fetch(*store_, digest), "memory hello");
  static_cast<void>(store_->collect(1000, 1000));  // touches
  clock_.advance(1);
  EXPECT_EQ(fetch(*store_, digest), "tree hello");  // verified again
  EXPECT_EQ(fetch(*store_, digest), "memory hello");
  clock_.advance(1);
  disk_.overwrite(path("/tree", digest), "jello");
  EXPECT_EQ(fetch(*store_, digest), "miss");
}

TEST_F(StoreTest, WhileAnotherProcessCollectsTheSharedFolderOursStaysDue) {
  ASSERT_TRUE(store_->collect(1000, 1000).shared.removed.empty());
  for (int i = 0; i < 20; ++i) put(noise(10'000, i));
  EXPECT_TRUE(store_->collection_due(1000));
  auto held = disk_.lock("/shared/collect.lock", LockMode::exclusive);
  ASSERT_TRUE(held.ok());
  clock_.advance(20);
  const StoreCollectReport report = store_->collect(1000, 1000);
  EXPECT_TRUE(report.shared_busy);
  EXPECT_TRUE(report.shared.removed.empty());
  EXPECT_FALSE(report.tree.removed.empty());
  EXPECT_TRUE(store_->collection_due(1000));
  *held = nullptr;
  EXPECT_FALSE(store_->collect(1000, 1000).shared_busy);
  EXPECT_FALSE(store_->collection_due(1000));
  EXPECT_FALSE(store_->collection_due(0));
}

TEST_F(StoreTest, SharedLimitCountsVariantsToo) {
  SharedVariants variants(disk_, clock_, "/shared", 0);
  StoreOptions options;
  options.variants = &variants;
  store_ = make_store(options);
  static_cast<void>(store_->collect(100'000, 100'000));
  EXPECT_FALSE(store_->collection_due(100'000));
  for (int i = 0; i < 1000; ++i) {
    Variant variant;
    variant.inputs = {{"/s/" + std::to_string(i), hash_bytes(std::to_string(i))}};
    ASSERT_TRUE(variants.add(hash_bytes("c" + std::to_string(i)), variant).ok());
  }
  EXPECT_TRUE(store_->collection_due(100'000));
  for (int i = 0; i < 19; ++i) put(noise(5'000, i));
  clock_.advance(20);
  const StoreCollectReport report = store_->collect(1'000'000, 100'000);
  EXPECT_GT(report.variants.removed, 0U);
  EXPECT_GT(report.variants.bytes_left, 9'000U);
  EXPECT_LE(report.variants.bytes_left, 100'000U / 8);
  std::uint64_t bytes = 0;
  for (const auto& [name, content] : disk_.files()) {
    if (name.starts_with("/shared/")) bytes += content.size();
  }
  EXPECT_LE(bytes, 95'000U);
  EXPECT_GT(bytes, 80'000U);
}

TEST_F(StoreTest, BytesOnTheirWayAreCountedAndThoseDeferredToo) {
  const auto store = make_store({{100, 10}, 1000});
  const Digest digest = hash_bytes(std::string(60, 'a'));
  ASSERT_TRUE(store->remember(digest, disk_.open_bytes(std::string(60, 'a')).value()).ok());
  EXPECT_EQ(store->in_flight(), 0U);
  {
    const MemoryReservation reservation = store->reserve(30);
    EXPECT_EQ(store->in_flight(), 30U);
    EXPECT_TRUE(store->has(digest));
    store->set_writes_paused(true);
    ASSERT_TRUE(store->put(hash_bytes("12345678901"), "12345678901").ok());
    EXPECT_EQ(store->in_flight(), 41U);
    EXPECT_FALSE(store->has(digest));  // 60 and 41 are more than 100
  }
  EXPECT_EQ(store->in_flight(), 11U);
  store->set_writes_paused(false);
  ASSERT_TRUE(store->write_deferred().ok());
  EXPECT_EQ(store->in_flight(), 0U);
  store->set_writes_paused(true);
  ASSERT_TRUE(store->put(hash_bytes("abc"), "abc").ok());
  ASSERT_TRUE(store->put(hash_bytes("abcd"), "abcd").ok());
  store->remove(hash_bytes("abc"));
  EXPECT_EQ(store->in_flight(), 4U);
  ASSERT_TRUE(store->clear(false).ok());
  EXPECT_EQ(store->in_flight(), 0U);
}

TEST_F(StoreTest, AFurtherSourceIsReadLastVerifiedAndCopiedIntoTheTree) {
  const Digest digest = put("hello");
  const Digest damaged = put("damaged");
  disk_.overwrite(path("/tree", damaged), "dAmaged");
  const auto add_source = [&](Store& store) {
    FolderTierOptions options{HitSource::shared, "/tree"};
    options.read_only = true;
    store.add_source(std::make_unique<FolderTier>(disk_, clock_, options));
  };
  disk_.put_folder("/other");
  auto other = std::make_unique<FolderTier>(disk_, clock_, FolderTierOptions{HitSource::tree, "/other"});
  Store store(disk_, {}, std::move(other), nullptr);
  EXPECT_EQ(fetch(store, digest), "miss");
  add_source(store);
  EXPECT_TRUE(store.has(digest));
  EXPECT_EQ(fetch(store, digest), "shared hello");
  EXPECT_EQ(fetch(store, damaged), "miss");
  EXPECT_TRUE(disk_.files().contains(path("/tree", damaged)));
  disk_.delete_tree("/tree");
  store.remove(hash_bytes("none"));
  EXPECT_EQ(fetch(store, digest), "memory hello");
  EXPECT_TRUE(disk_.files().contains(path("/other", digest)));
}

TEST_F(StoreTest, ClearEmptiesTheTreeAndOnRequestTheSharedFolder) {
  const Digest digest = put("hello");
  ASSERT_TRUE(store_->clear(false).ok());
  EXPECT_EQ(fetch(*store_, digest), "shared hello");
  ASSERT_TRUE(store_->clear(true).ok());
  EXPECT_EQ(fetch(*store_, digest), "miss");
  EXPECT_TRUE(disk_.files().empty());
}

TEST_F(StoreTest, RemoveDropsABlobEverywhere) {
  const Digest digest = put("hello");
  EXPECT_EQ(fetch(*store_, digest), "tree hello");
  store_->remove(digest);
  EXPECT_EQ(fetch(*store_, digest), "miss");
  EXPECT_FALSE(store_->has(digest));
}

TEST_F(StoreTest, AnyFailureOfAPutLeavesNoTemporaryAndNoWrongBlob) {
  const std::string bytes(5000, 'a');
  const Digest digest = hash_bytes(bytes);
  for (const bool forever : {false, true}) {
    for (std::uint64_t n = 0; n < 25; ++n) {
      disk_.fail_operation(n, ErrorKind::no_space, forever);
      const bool stored = store_->put(digest, bytes).ok();
      disk_.fail_nothing();
      for (const auto& [name, content] : disk_.files()) {
        const bool temporary = name.find(".tmp-") != std::string::npos;
        // Only when even removing fails may a temporary be left, for collection.
        EXPECT_TRUE(!temporary || forever) << name;
      }
      EXPECT_EQ(fetch(*make_store(), digest) != "miss", stored);
      ASSERT_TRUE(store_->clear(true).ok());
    }
  }
}

TEST_F(StoreTest, AnyFailureOfAFetchIsAMissOrTheRightBytes) {
  const Digest digest = put("hello");
  for (std::uint64_t n = 0; n < 25; ++n) {
    disk_.fail_operation(n);
    const std::string fetched = fetch(*make_store(), digest);
    disk_.fail_nothing();
    EXPECT_TRUE(fetched == "miss" || fetched.ends_with(" hello")) << fetched;
    EXPECT_NE(fetch(*make_store(), digest), "miss");
  }
}

TEST_F(StoreTest, ThreadsPutFetchPauseAndCollectAtOnce) {
  constexpr int kBlobs = 60;
  auto blob = [](int i) {
    return std::string(static_cast<std::size_t>(i * 97 % 6000), 'x') + std::to_string(i);
  };
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 2; ++worker) {
    threads.emplace_back([&] {
      for (int i = 0; i < kBlobs; ++i) EXPECT_TRUE(store_->put(hash_bytes(blob(i)), blob(i)).ok());
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < kBlobs; ++i) {
      const auto found = store_->fetch(hash_bytes(blob(i)), kAnySize);
      EXPECT_TRUE(!found.ok() || bytes_of(*found.value().file) == blob(i));
    }
  });
  threads.emplace_back([&] {
    for (int i = 0; i < 20; ++i) {
      store_->set_writes_paused(i % 2 == 0);
      EXPECT_TRUE(store_->write_deferred().ok());
      static_cast<void>(store_->collect(100'000, 100'000));
    }
  });
  for (std::thread& thread : threads) thread.join();
  store_->set_writes_paused(false);
  ASSERT_TRUE(store_->write_deferred().ok());
  for (int i = 0; i < kBlobs; ++i) EXPECT_EQ(fetch(*make_store(), hash_bytes(blob(i))), "tree " + blob(i));
}

}  // namespace
}  // namespace compiler_cache
