#include "helper/memory_tier.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/still_clock.h"

namespace compiler_cache {
namespace {

class MemoryTierTest : public testing::Test {
 protected:
  static Digest put(MemoryTier& tier, const std::string& bytes) {
    const Digest digest = hash_bytes(bytes);
    EXPECT_TRUE(tier.put(digest, bytes).ok());
    return digest;
  }

  StillClock clock_{1000};
  FakeFileSystem disk_{clock_};
};

TEST_F(MemoryTierTest, WhatWasPutIsFetched) {
  MemoryTier tier(disk_, {});
  const Digest digest = put(tier, "hello");
  const auto file = tier.fetch(digest, 5);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(bytes_of(*file.value()), "hello");
  EXPECT_TRUE(tier.fetch(digest, kAnySize).ok());
  EXPECT_EQ(tier.fetch(hash_bytes("other"), kAnySize).error().kind, ErrorKind::not_found);
}

TEST_F(MemoryTierTest, LeastRecentlyUsedGoFirstWhenBytesRunOut) {
  MemoryTier tier(disk_, {10, 100});
  const Digest first = put(tier, "1111");
  const Digest second = put(tier, "2222");
  ASSERT_TRUE(tier.fetch(first, 4).ok());
  put(tier, "3333");
  EXPECT_TRUE(tier.has(first));
  EXPECT_FALSE(tier.has(second));
  EXPECT_EQ(tier.usage().value().bytes, 8U);
}

TEST_F(MemoryTierTest, DescriptorsRunOutToo) {
  MemoryTier tier(disk_, {1000, 2});
  const Digest first = put(tier, "1");
  put(tier, "2");
  put(tier, "3");
  EXPECT_FALSE(tier.has(first));
  EXPECT_EQ(tier.usage().value().blobs, 2U);
}

TEST_F(MemoryTierTest, BlobOverTheLimitPushesNothingOut) {
  MemoryTier tier(disk_, {4, 2});
  const Digest small = put(tier, "1");
  EXPECT_EQ(tier.put(hash_bytes("12345"), "12345").error().kind, ErrorKind::too_large);
  EXPECT_TRUE(tier.has(small));
}

TEST_F(MemoryTierTest, FileEditedBehindTheDescriptorIsAMiss) {
  MemoryTier tier(disk_, {});
  disk_.put("/blob", "right");
  ASSERT_TRUE(tier.remember(hash_bytes("right"), disk_.open("/blob").value()).ok());
  ASSERT_TRUE(tier.fetch(hash_bytes("right"), 5).ok());
  clock_.advance(1);
  disk_.overwrite("/blob", "wrong");
  EXPECT_FALSE(tier.fetch(hash_bytes("right"), 5).ok());
  EXPECT_FALSE(tier.has(hash_bytes("right")));
}

TEST_F(MemoryTierTest, AnotherSizeThanAskedForIsAMiss) {
  MemoryTier tier(disk_, {});
  const Digest digest = put(tier, "hello");
  EXPECT_FALSE(tier.fetch(digest, 6).ok());
}

TEST_F(MemoryTierTest, FetchReadsNoDisk) {
  MemoryTier tier(disk_, {});
  const Digest digest = put(tier, "hello");
  disk_.take_recorded();
  ASSERT_TRUE(tier.fetch(digest, 5).ok());
  EXPECT_EQ(disk_.take_recorded(), std::vector<std::string>{"stat_open "});
}

TEST_F(MemoryTierTest, RemovedAndClearedAreGone) {
  MemoryTier tier(disk_, {});
  const Digest first = put(tier, "1");
  const Digest second = put(tier, "2");
  ASSERT_TRUE(tier.remove(first).ok());
  EXPECT_FALSE(tier.has(first));
  EXPECT_TRUE(tier.has(second));
  ASSERT_TRUE(tier.clear().ok());
  EXPECT_FALSE(tier.has(second));
  EXPECT_EQ(tier.usage().value().bytes, 0U);
}

TEST_F(MemoryTierTest, BytesOnTheirWayPushOutWhatIsServed) {
  MemoryTier tier(disk_, {10, 100});
  const Digest first = put(tier, "1111");
  const Digest second = put(tier, "2222");
  {
    const MemoryReservation reservation(tier, 5);
    EXPECT_EQ(reservation.bytes(), 5U);
    EXPECT_EQ(tier.reserved(), 5U);
    EXPECT_FALSE(tier.has(first));
    EXPECT_TRUE(tier.has(second));
    EXPECT_EQ(tier.put(hash_bytes("333333"), "333333").error().kind, ErrorKind::too_large);
    EXPECT_TRUE(tier.has(second));
  }
  EXPECT_EQ(tier.reserved(), 0U);
  put(tier, "333333");
  EXPECT_EQ(tier.usage().value().bytes, 10U);
}

TEST_F(MemoryTierTest, MoreOnTheirWayThanTheLimitLeavesNothingAndNoLess) {
  MemoryTier tier(disk_, {10, 100});
  const Digest digest = put(tier, "1111");
  MemoryReservation first(tier, 8);
  MemoryReservation second(tier, 8);
  EXPECT_FALSE(tier.has(digest));
  EXPECT_EQ(tier.put(digest, "1111").error().kind, ErrorKind::too_large);
  const MemoryReservation moved = std::move(first);
  EXPECT_EQ(tier.reserved(), 16U);
  second = MemoryReservation();
  EXPECT_EQ(tier.reserved(), 8U);
  put(tier, "22");
  EXPECT_EQ(tier.usage().value().bytes, 2U);
}

}  // namespace
}  // namespace compiler_cache
