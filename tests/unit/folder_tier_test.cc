#include "helper/folder_tier.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "helper/file_age.h"
#include "helper/hasher.h"
#include "tests/unit/damage.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/still_clock.h"

namespace compiler_cache {
namespace {

constexpr std::int64_t kHour = 3600;

/// Bytes that zstd cannot make shorter.
std::string noise(std::size_t size) {
  std::string bytes;
  std::uint64_t state = 88172645463325252U;
  while (bytes.size() < size) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    bytes.push_back(static_cast<char>(state & 0xff));
  }
  return bytes;
}

class FolderTierTest : public testing::Test {
 protected:
  FolderTierTest() {
    disk_.put_folder("/tree");
    EXPECT_TRUE(tier_.prepare().ok());
  }

  Digest put(const std::string& bytes) {
    const Digest digest = hash_bytes(bytes);
    EXPECT_TRUE(tier_.put(digest, bytes).ok());
    return digest;
  }
  static std::string bare(const Digest& digest) {
    return "/tree/objects/" + digest.hex().substr(0, 2) + "/" + digest.hex().substr(2);
  }
  /// Reads of a blob's content since the last look.
  std::size_t reads() {
    const auto recorded = disk_.take_recorded();
    return static_cast<std::size_t>(std::count(recorded.begin(), recorded.end(), "read_open "));
  }

  StillClock clock_{100'000};
  FakeFileSystem disk_{clock_};
  FolderTier tier_{disk_, clock_, {HitSource::tree, "/tree"}};
};

TEST_F(FolderTierTest, WhatWasPutIsFetched) {
  for (const std::string& bytes : {std::string(), std::string("hello"), std::string(4095, 'a'),
                                   std::string(10'000, 'a'), noise(10'000)}) {
    const Digest digest = put(bytes);
    const auto file = tier_.fetch(digest, bytes.size());
    ASSERT_TRUE(file.ok()) << file.error().message;
    EXPECT_EQ(bytes_of(*file.value()), bytes);
    EXPECT_TRUE(tier_.fetch(digest, kAnySize).ok());
    EXPECT_TRUE(tier_.has(digest));
  }
}

TEST_F(FolderTierTest, OnlyWhatSavesAnEighthOfABlockOrMoreIsCompressed) {
  auto is_compressed = [&](const std::string& bytes) {
    const std::string path = bare(put(bytes));
    const auto files = disk_.files();
    EXPECT_NE(files.contains(path), files.contains(path + ".zst"));
    return files.contains(path + ".zst");
  };
  EXPECT_FALSE(is_compressed(std::string(4095, 'a')));
  EXPECT_TRUE(is_compressed(std::string(4096, 'a')));
  EXPECT_FALSE(is_compressed(noise(50'000)));
  EXPECT_FALSE(is_compressed(noise(70'000) + std::string(9'000, 'a')));
  EXPECT_TRUE(is_compressed(noise(70'000) + std::string(11'000, 'a')));
}

TEST_F(FolderTierTest, BlobsAreReadOnlyAndNoTemporaryIsLeft) {
  const Digest digest = put("hello");
  EXPECT_EQ(disk_.stat(bare(digest)).value().mode, 0444U);
  EXPECT_EQ(disk_.files().size(), 1U);
}

TEST_F(FolderTierTest, SecondPutWritesNothing) {
  const Digest digest = put("hello");
  disk_.take_recorded();
  ASSERT_TRUE(tier_.put(digest, "hello").ok());
  EXPECT_EQ(disk_.take_recorded(), std::vector<std::string>{"lstat " + bare(digest)});
}

TEST_F(FolderTierTest, EveryDamageIsFoundRemovedAndAMissAfterwards) {
  for (const std::string& bytes : {std::string("some bare bytes"), std::string(5000, 'a')}) {
    const Digest digest = put(bytes);
    const std::string path = disk_.files().begin()->first;
    for_each_damage(disk_.files()[path], [&](const std::string& damaged) {
      clock_.advance(1);
      disk_.put(path, damaged);
      const auto file = tier_.fetch(digest, kAnySize);
      if (file.ok()) {
        EXPECT_EQ(bytes_of(*file.value()), bytes);  // a bit of zstd's header that says nothing
        return;
      }
      EXPECT_EQ(file.error().kind, ErrorKind::corrupt);
      EXPECT_FALSE(disk_.files().contains(path));
      EXPECT_EQ(tier_.fetch(digest, kAnySize).error().kind, ErrorKind::not_found);
    });
    disk_.delete_tree(path);
  }
}

TEST_F(FolderTierTest, AFrameThatClaimsAnotherSizeIsDamage) {
  const Digest digest = put(std::string(5000, 'a'));
  EXPECT_EQ(tier_.fetch(digest, 4999).error().kind, ErrorKind::corrupt);
  EXPECT_FALSE(tier_.has(digest));
}

TEST_F(FolderTierTest, AnUnchangedBlobIsHashedOnce) {
  const Digest digest = put("hello");
  clock_.advance(1);
  reads();
  ASSERT_TRUE(tier_.fetch(digest, 5).ok());
  EXPECT_EQ(reads(), 1U);
  ASSERT_TRUE(tier_.fetch(digest, 5).ok());
  EXPECT_EQ(reads(), 0U);
}

TEST_F(FolderTierTest, AVerifiedBlobThatChangedIsHashedAgain) {
  const Digest digest = put("hello");
  clock_.advance(1);
  ASSERT_TRUE(tier_.fetch(digest, 5).ok());
  clock_.advance(1);
  disk_.overwrite(bare(digest), "jello");
  EXPECT_EQ(tier_.fetch(digest, 5).error().kind, ErrorKind::corrupt);
}

TEST_F(FolderTierTest, AFileThatIsAsYoungAsATickIsNotTrustedByItsTimes) {
  const Digest digest = put("hello");
  ASSERT_TRUE(tier_.fetch(digest, 5).ok());
  disk_.overwrite(bare(digest), "jello");  // within the same tick: size and times are the same
  EXPECT_EQ(tier_.fetch(digest, 5).error().kind, ErrorKind::corrupt);
}

TEST_F(FolderTierTest, ABlobOlderThanAnHourIsTouchedWhenUsed) {
  const Digest digest = put("hello");
  clock_.advance(kHour - 1);
  ASSERT_TRUE(tier_.fetch(digest, 5).ok());
  EXPECT_EQ(disk_.stat(bare(digest)).value().mtime_ns, (100'000) * kSecondNs);
  clock_.advance(1);
  ASSERT_TRUE(tier_.fetch(digest, 5).ok());
  EXPECT_EQ(disk_.stat(bare(digest)).value().mtime_ns, (100'000 + kHour) * kSecondNs);
  EXPECT_TRUE(tier_.fetch(digest, 5).ok());  // verified again: its ctime changed
}

TEST_F(FolderTierTest, AFolderThatIsGoneStaysGone) {
  const Digest digest = put("hello");
  disk_.delete_tree("/tree");
  EXPECT_EQ(tier_.fetch(digest, 5).error().kind, ErrorKind::not_found);
  EXPECT_EQ(tier_.put(digest, "hello").error().kind, ErrorKind::not_found);
  EXPECT_FALSE(tier_.collect(0).ok());
  EXPECT_TRUE(disk_.names().empty());
}

TEST_F(FolderTierTest, LinkSharesTheFile) {
  disk_.put_folder("/shared");
  FolderTier shared(disk_, clock_, {HitSource::shared, "/shared"});
  ASSERT_TRUE(shared.prepare().ok());
  for (const std::string& bytes : {std::string("hello"), std::string(5000, 'a')}) {
    const Digest digest = put(bytes);
    ASSERT_TRUE(shared.link_from(tier_, digest).ok());
    ASSERT_TRUE(shared.link_from(tier_, digest).ok());
    EXPECT_EQ(bytes_of(*shared.fetch(digest, bytes.size()).value()), bytes);
  }
  EXPECT_EQ(shared.link_from(tier_, hash_bytes("none")).error().kind, ErrorKind::not_found);
  const Digest digest = put("another");
  disk_.set_has_links(false);
  EXPECT_EQ(shared.link_from(tier_, digest).error().kind, ErrorKind::unsupported);
}

TEST_F(FolderTierTest, ObjectsThatAreDeletedUnderItAreMadeAgain) {
  for (const std::string& gone : {std::string("/tree/objects"), bare(hash_bytes("hello")).substr(0, 16)}) {
    put("hello");
    disk_.delete_tree(gone);
    EXPECT_EQ(tier_.fetch(hash_bytes("hello"), 5).error().kind, ErrorKind::not_found);
    const Digest digest = put("hello");
    EXPECT_TRUE(tier_.fetch(digest, 5).ok()) << gone;
  }
  disk_.put_folder("/other/objects");
  FolderTier other(disk_, clock_, {HitSource::shared, "/other"});
  disk_.delete_tree("/other/objects");
  ASSERT_TRUE(other.link_from(tier_, hash_bytes("hello")).ok());
  EXPECT_TRUE(other.has(hash_bytes("hello")));
}

TEST_F(FolderTierTest, WhatOthersCouldWriteToIsNotMadeAgain) {
  FolderTierOptions options{HitSource::shared, "/shared"};
  options.owner = 0;
  FolderTier shared(disk_, clock_, options);
  for (const auto& [uid, mode] : {std::pair(0U, 0777U), std::pair(1000U, 0700U)}) {
    disk_.put_folder("/shared");
    disk_.set_owner("/shared", uid, mode);
    EXPECT_EQ(shared.put(hash_bytes("hello"), "hello").error().kind, ErrorKind::denied);
    EXPECT_EQ(shared.lock_for_collection().error().kind, ErrorKind::denied);
    EXPECT_TRUE(disk_.names("/shared").empty());
  }
  disk_.set_owner("/shared", 0, 0700);
  EXPECT_TRUE(shared.put(hash_bytes("hello"), "hello").ok());
}

TEST_F(FolderTierTest, ReadOnlyItChangesNothing) {
  const Digest good = put("hello");
  const Digest bad = put("damaged");
  disk_.overwrite(bare(bad), "dAmaged");
  disk_.put("/tree/objects/ab/.tmp-tag-1", "stale");
  clock_.advance(2 * kHour);
  FolderTierOptions options{HitSource::shared, "/tree"};
  options.read_only = true;
  FolderTier reader(disk_, clock_, options);
  const auto names = disk_.names();
  const std::int64_t touched = disk_.stat(bare(good)).value().mtime_ns;
  EXPECT_EQ(bytes_of(*reader.fetch(good, 5).value()), "hello");
  EXPECT_EQ(reader.fetch(bad, 7).error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(reader.has(good));
  reader.note_used(good);
  EXPECT_EQ(reader.put(hash_bytes("new"), "new").error().kind, ErrorKind::denied);
  EXPECT_EQ(reader.remove(good).error().kind, ErrorKind::denied);
  EXPECT_EQ(reader.clear().error().kind, ErrorKind::denied);
  EXPECT_EQ(reader.prepare().error().kind, ErrorKind::denied);
  EXPECT_EQ(reader.collect(0).error().kind, ErrorKind::denied);
  EXPECT_EQ(reader.link_from(tier_, good).error().kind, ErrorKind::denied);
  EXPECT_FALSE(reader.collection_due(1));
  EXPECT_EQ(reader.usage().value().blobs, 2U);
  EXPECT_EQ(disk_.names(), names);
  EXPECT_EQ(disk_.stat(bare(good)).value().mtime_ns, touched);
}

TEST_F(FolderTierTest, LookingAtTheUsageRemovesNothing) {
  disk_.put("/tree/objects/ab/.tmp-a-1", "stale");
  clock_.advance(2 * kHour);
  ASSERT_TRUE(tier_.usage().ok());
  EXPECT_TRUE(disk_.files().contains("/tree/objects/ab/.tmp-a-1"));
}

TEST_F(FolderTierTest, UsageByAgeGoesByTheLastUse) {
  put("the oldest");
  clock_.advance(31 * 24 * kHour);
  put("a day");
  clock_.advance(24 * kHour);
  put("two hours");
  clock_.advance(2 * kHour);
  put("now");
  const auto ages = tier_.usage_by_age();
  ASSERT_TRUE(ages.ok());
  std::vector<std::string> rows;
  for (const AgeGroup& age : *ages) {
    rows.push_back(std::to_string(age.within_s / kHour) + ": " + std::to_string(age.blobs) + " " +
                   std::to_string(age.bytes));
  }
  EXPECT_EQ(rows, (std::vector<std::string>{"2: 1 3", "24: 1 9", "168: 1 5", "720: 0 0", "0: 1 10"}));
}

TEST_F(FolderTierTest, CollectionIsDueAtFirstByBytesWrittenAndByTime) {
  constexpr std::uint64_t kLimit = 400'000'000;
  EXPECT_EQ(collection_step(kLimit), 1'000'000U);
  EXPECT_GT(collection_step(1), 1000U);
  EXPECT_FALSE(tier_.collection_due(0));
  EXPECT_TRUE(tier_.collection_due(kLimit));
  ASSERT_TRUE(tier_.collect(kLimit).ok());
  EXPECT_FALSE(tier_.collection_due(kLimit));
  put(noise(600'000));
  EXPECT_FALSE(tier_.collection_due(kLimit));
  put(noise(500'000));
  EXPECT_TRUE(tier_.collection_due(kLimit));
  ASSERT_TRUE(tier_.collect(kLimit).ok());
  EXPECT_FALSE(tier_.collection_due(kLimit));
  clock_.advance(600);
  EXPECT_TRUE(tier_.collection_due(kLimit));
}

TEST_F(FolderTierTest, CollectionStartsShortOfTheLimitAndLeavesRoom) {
  for (int i = 0; i < 100; ++i) {
    put(std::to_string(1000 + i));
    clock_.advance(1);
  }
  clock_.advance(20);
  EXPECT_EQ(tier_.collect(422).value().bytes_removed, 0U);  // 400 is less than 95 % of it
  const CollectReport report = tier_.collect(420).value();
  EXPECT_EQ(report.bytes_left, 376U);  // 90 % are 378
  EXPECT_EQ(tier_.usage().value().bytes, 376U);
  EXPECT_EQ(tier_.collect(420).value().bytes_removed, 0U);
}

TEST_F(FolderTierTest, WhatAnotherTierServedCountsAsUsed) {
  const Digest hot = put("hot!");
  clock_.advance(20);
  const Digest cold = put("cold");
  clock_.advance(kHour / 2);
  tier_.note_used(hot);
  clock_.advance(20);
  EXPECT_EQ(tier_.collect(7).value().removed, std::vector<Digest>{cold});
  clock_.advance(20);
  const Digest other = put("othr");
  clock_.advance(20);
  EXPECT_EQ(tier_.collect(7).value().removed, std::vector<Digest>{hot});  // since then not used
  EXPECT_TRUE(tier_.has(other));
}

TEST_F(FolderTierTest, AUsedBlobIsTouchedOnceAnHourAndVerifiedAgain) {
  const Digest digest = put("hello");
  clock_.advance(1);
  ASSERT_TRUE(tier_.fetch(digest, 5).ok());
  for (int minutes = 0; minutes < 180; ++minutes) {
    clock_.advance(60);
    tier_.note_used(digest);
    ASSERT_TRUE(tier_.collect(1000).ok());
  }
  const auto recorded = disk_.take_recorded();
  EXPECT_EQ(std::count(recorded.begin(), recorded.end(), "set_mtime_now " + bare(digest)), 3);
  EXPECT_EQ(disk_.stat(bare(digest)).value().mtime_ns, clock_.file_now_ns());
  disk_.take_recorded();
  clock_.advance(1);
  ASSERT_TRUE(tier_.fetch(digest, 5).ok());
  EXPECT_EQ(reads(), 1U);
}

TEST_F(FolderTierTest, WhatIsUsedDuringACollectionStays) {
  const Digest first = put("1111");
  clock_.advance(kHour);
  const std::uint64_t scan = 2;  // list objects, list the folder, lstat, …
  for (const bool by_us : {true, false}) {
    disk_.run_before_operation(scan + 1, [&] {
      clock_.advance(20);
      if (by_us) {
        tier_.note_used(first);
      } else {
        EXPECT_TRUE(disk_.set_mtime_now(bare(first)).ok());
      }
    });
    EXPECT_TRUE(tier_.collect(0).value().removed.empty()) << by_us;
    EXPECT_TRUE(tier_.has(first));
  }
}

TEST_F(FolderTierTest, WhatIsBeingRestoredStaysReadableThroughACollection) {
  for (const std::string& bytes : {std::string("hello"), std::string(5000, 'a')}) {
    const Digest digest = put(bytes);
    const auto file = tier_.fetch(digest, bytes.size());
    clock_.advance(20);
    ASSERT_EQ(tier_.collect(0).value().removed.size(), 1U);
    EXPECT_EQ(bytes_of(*file.value()), bytes);
  }
}

TEST_F(FolderTierTest, FetchAndPutGoOnAtEveryStepOfACollection) {
  for (std::uint64_t n = 0; n < 12; ++n) {
    const Digest old = put("olds");
    clock_.advance(20);
    bool came = false;
    disk_.run_before_operation(n, [&] {
      came = true;
      static_cast<void>(tier_.fetch(old, 4));
      EXPECT_TRUE(tier_.put(hash_bytes("new"), "new").ok());
      EXPECT_TRUE(tier_.fetch(hash_bytes("new"), 3).ok());
    });
    ASSERT_TRUE(tier_.collect(3).ok());
    if (!came) break;
    ASSERT_LT(n, 11U);
    EXPECT_TRUE(tier_.fetch(hash_bytes("new"), 3).ok()) << n;
    EXPECT_FALSE(tier_.has(old));
    ASSERT_TRUE(tier_.clear().ok());
  }
}

TEST_F(FolderTierTest, OneProcessCollectsAFolderAtATime) {
  FolderTier other(disk_, clock_, {HitSource::tree, "/tree"});
  auto held = tier_.lock_for_collection();
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(other.lock_for_collection().error().kind, ErrorKind::exists);
  *held = nullptr;
  EXPECT_TRUE(other.lock_for_collection().ok());
  disk_.set_has_locks(false);
  EXPECT_EQ(*tier_.lock_for_collection(), nullptr);
}

TEST_F(FolderTierTest, CollectionRemovesTheLeastRecentlyUsedUntilUnderTheLimit) {
  std::vector<Digest> digests;
  for (const char* bytes : {"1111", "2222", "3333", "4444"}) {
    digests.push_back(put(bytes));
    clock_.advance(20);
  }
  const CollectReport report = tier_.collect(9).value();
  EXPECT_EQ(report.removed, (std::vector<Digest>{digests[0], digests[1]}));
  EXPECT_EQ(report.bytes_removed, 8U);
  EXPECT_EQ(report.bytes_left, 8U);
  EXPECT_EQ(report.blobs_left, 2U);
  EXPECT_TRUE(tier_.has(digests[2]));
  EXPECT_EQ(tier_.usage().value().bytes, 8U);
  EXPECT_EQ(tier_.usage().value().blobs, 2U);
}

TEST_F(FolderTierTest, TheYoungGoOnlyWhereTheLimitIsNearAllTheSame) {
  for (int i = 0; i < 25; ++i) put(std::to_string(1000 + i));
  EXPECT_EQ(tier_.collect(100).value().bytes_left, 92U);
  clock_.advance(10);
  const Digest newest = put("9999");
  EXPECT_EQ(tier_.collect(100).value().bytes_left, 88U);  // the others are old by now: to nine tenths
  EXPECT_TRUE(tier_.has(newest));
}

TEST_F(FolderTierTest, CollectionLeavesWhatItDoesNotKnow) {
  const Digest digest = put("1111");
  const std::string folder = "/tree/objects/" + digest.hex().substr(0, 2);
  disk_.put("/tree/objects/README", "x");
  disk_.put(folder + "/notes", "x");
  disk_.put(folder + "/.tmp-tag-1", "young");
  EXPECT_EQ(tier_.collect(0).value().removed, std::vector<Digest>{digest});
  EXPECT_EQ(disk_.files().size(), 3U);
}

TEST_F(FolderTierTest, CollectionRemovesStaleTemporariesOnly) {
  const std::string folder = "/tree/objects/ab";
  disk_.put(folder + "/.tmp-a-1", "stale");
  clock_.advance(kHour);
  disk_.put(folder + "/.tmp-b-1", "young");
  EXPECT_EQ(tier_.collect(1000).value().temporaries_removed, 1U);
  EXPECT_TRUE(disk_.files().contains(folder + "/.tmp-b-1"));
}

TEST_F(FolderTierTest, BlobsFromTheFutureAreCollectedToo) {
  const Digest digest = put("1111");
  clock_.advance(-kHour);
  EXPECT_EQ(tier_.collect(0).value().removed, std::vector<Digest>{digest});
}

TEST_F(FolderTierTest, ClearRemovesEverything) {
  put("1111");
  put(std::string(5000, 'a'));
  ASSERT_TRUE(tier_.clear().ok());
  EXPECT_TRUE(disk_.files().empty());
}

TEST_F(FolderTierTest, AnyFailureWhileWritingLeavesNoTemporaryAndTheNextPutWorks) {
  for (const std::string& bytes : {std::string("hello"), std::string(5000, 'a')}) {
    const Digest digest = hash_bytes(bytes);
    for (std::uint64_t n = 0; n < 12; ++n) {
      disk_.fail_operation(n, ErrorKind::no_space);
      const Status status = tier_.put(digest, bytes);
      disk_.fail_nothing();
      EXPECT_EQ(tier_.has(digest), status.ok());
      EXPECT_EQ(disk_.files().size(), status.ok() ? 1U : 0U);
      disk_.delete_tree("/tree/objects/" + digest.hex().substr(0, 2));
    }
    ASSERT_TRUE(tier_.put(digest, bytes).ok());
    ASSERT_TRUE(tier_.clear().ok());
  }
}

TEST_F(FolderTierTest, AnyFailureWhileReadingIsAMissOrTheRightBytes) {
  for (const std::string& bytes : {std::string("hello"), std::string(5000, 'a')}) {
    const Digest digest = put(bytes);
    clock_.advance(2 * kHour);
    for (std::uint64_t n = 0; n < 12; ++n) {
      disk_.fail_operation(n);
      const auto file = tier_.fetch(digest, bytes.size());
      disk_.fail_nothing();
      EXPECT_TRUE(!file.ok() || bytes_of(*file.value()) == bytes);
      ASSERT_TRUE(tier_.fetch(digest, bytes.size()).ok());  // and nothing was removed because of it
    }
  }
}

}  // namespace
}  // namespace compiler_cache
