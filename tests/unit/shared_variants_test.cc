#include "helper/shared_variants.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "helper/sealed_bytes.h"
#include "helper/shared_folder.h"
#include "helper/variant_codec.h"
#include "tests/unit/damage.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/still_clock.h"

namespace compiler_cache {
namespace {

constexpr std::int64_t kDay = 86'400;

class SharedVariantsTest : public testing::Test {
 protected:
  SharedVariantsTest() { EXPECT_TRUE(prepare_shared_folder(disk_, "/shared", 0).ok()); }

  static Variant variant(int number) {
    Variant made;
    made.inputs = {{"/src/a" + std::to_string(number) + ".cc", hash_bytes("a")}};
    made.artifact.outputs = {{OutputRole::object, hash_bytes(std::to_string(number)), 7}};
    return made;
  }
  void add(int number) {
    const Status added = shared_.add(context_, variant(number));
    EXPECT_TRUE(added.ok()) << added.error().message;
    clock_.advance(1);
  }
  std::vector<Variant> list() {
    auto listed = shared_.list(context_);
    EXPECT_TRUE(listed.ok());
    return listed.ok() ? std::move(*listed) : std::vector<Variant>();
  }
  std::string folder() const {
    return "/shared/variants/" + context_.hex().substr(0, 2) + "/" + context_.hex().substr(2);
  }

  StillClock clock_{100 * kDay};
  FakeFileSystem disk_{clock_};
  SharedVariants shared_{disk_, clock_, "/shared", 0};
  const Digest context_ = hash_bytes("context");
};

TEST_F(SharedVariantsTest, AnUnknownContextHasNone) { EXPECT_TRUE(list().empty()); }

TEST_F(SharedVariantsTest, WhatWasAddedIsListedNewestFirst) {
  add(1);
  add(2);
  EXPECT_EQ(list(), (std::vector<Variant>{variant(2), variant(1)}));
  SharedVariants other(disk_, clock_, "/shared", 0);
  EXPECT_EQ(other.list(context_).value().size(), 2U);
  EXPECT_TRUE(other.list(hash_bytes("other")).value().empty());
}

// Another helper's collection removes what is empty, also what was made just now to hold this variant.
TEST_F(SharedVariantsTest, ACollectionBetweenTheFolderAndItsFirstVariantLosesNothing) {
  SharedVariants other(disk_, clock_, "/shared", 0);
  for (int operation = 1; operation < 12; ++operation) {
    disk_.delete_tree("/shared/variants/" + context_.hex().substr(0, 2));
    disk_.run_before_operation(operation, [&] { EXPECT_TRUE(other.collect(kDay).ok()); });
    add(operation);
    EXPECT_EQ(list(), std::vector<Variant>{variant(operation)}) << operation;
  }
}

TEST_F(SharedVariantsTest, AddedAgainItIsNewAgain) {
  add(1);
  add(2);
  add(1);
  EXPECT_EQ(list(), (std::vector<Variant>{variant(1), variant(2)}));
  EXPECT_EQ(disk_.files().size(), 2U);
}

TEST_F(SharedVariantsTest, OnlyTheNewestAreListedAndTheOldestRemoved) {
  for (int i = 0; i < 70; ++i) add(i);
  const auto listed = list();
  ASSERT_EQ(listed.size(), kMaxSharedVariants);
  EXPECT_EQ(listed.front(), variant(69));
  EXPECT_EQ(listed.back(), variant(38));
  EXPECT_EQ(disk_.files().size(), 2 * kMaxSharedVariants);
}

TEST_F(SharedVariantsTest, DamagedFilesAreRemovedAndTheOthersListed) {
  add(1);
  const auto files = disk_.files();
  const std::string path = files.begin()->first;
  add(2);
  for_each_damage(files.begin()->second, [&](const std::string& damaged) {
    disk_.put(path, damaged);
    EXPECT_EQ(list(), std::vector<Variant>{variant(2)});
    EXPECT_FALSE(disk_.files().contains(path));
  });
}

TEST_F(SharedVariantsTest, AFileOfAnotherContextIsRemoved) {
  add(1);
  const std::string stray = encode_variant_file({hash_bytes("other"), variant(2)}).value();
  disk_.put(folder() + "/" + hash_bytes(stray).hex(), stray);
  EXPECT_EQ(list(), std::vector<Variant>{variant(1)});
  EXPECT_EQ(disk_.files().size(), 1U);
}

TEST_F(SharedVariantsTest, AFileOfANewerVersionIsLeftAloneAndSkipped) {
  add(1);
  const std::string newer = folder() + "/" + hash_bytes("newer").hex();
  disk_.put(newer, seal({"CCvr", 99, 1000}, {}, "future").value());
  EXPECT_EQ(list(), std::vector<Variant>{variant(1)});
  EXPECT_TRUE(disk_.files().contains(newer));
}

TEST_F(SharedVariantsTest, AFileOfAnOlderVersionIsSetAsideAndGoesByAge) {
  add(1);
  const std::string older = folder() + "/" + hash_bytes("older").hex();
  disk_.put(older, seal({"CCvr", 0, 1000}, {}, "past").value());
  EXPECT_EQ(list(), std::vector<Variant>{variant(1)});
  EXPECT_TRUE(disk_.files().contains(older));
  clock_.advance(91 * kDay);
  EXPECT_EQ(list().size(), 1U);  // which is touched by that, and the other is not
  EXPECT_EQ(shared_.collect(90 * kDay).value().removed, 1U);
  EXPECT_FALSE(disk_.files().contains(older));
}

TEST_F(SharedVariantsTest, AFolderThatIsGoneStaysGone) {
  add(1);
  disk_.delete_tree("/shared");
  EXPECT_EQ(shared_.add(context_, variant(2)).error().kind, ErrorKind::not_found);
  EXPECT_FALSE(shared_.list(context_).ok());
  EXPECT_TRUE(disk_.names().empty());
}

TEST_F(SharedVariantsTest, VariantsThatAreDeletedUnderItAreMadeAgainInAFolderOfOurs) {
  for (const std::string& gone : {std::string("/shared/variants"), folder()}) {
    add(1);
    disk_.delete_tree(gone);
    EXPECT_TRUE(list().empty()) << gone;
    add(2);
    EXPECT_EQ(list(), std::vector<Variant>{variant(2)}) << gone;
  }
  disk_.delete_tree("/shared/variants");
  disk_.set_owner("/shared", 0, 0777);
  EXPECT_EQ(shared_.add(context_, variant(3)).error().kind, ErrorKind::denied);
  EXPECT_FALSE(disk_.stat("/shared/variants").ok());
}

TEST_F(SharedVariantsTest, CollectionKeepsTheLimitAndTheMostRecentlyUsed) {
  for (int i = 0; i < 40; ++i) add(i);
  std::uint64_t bytes = 0;
  for (const auto& [path, content] : disk_.files()) bytes += content.size();
  EXPECT_EQ(shared_.written(), bytes);
  EXPECT_EQ(shared_.collect(90 * kDay, bytes).value().removed, 0U);
  EXPECT_EQ(shared_.written(), 0U);
  const SharedVariantsReport report = shared_.collect(90 * kDay, bytes / 2).value();
  EXPECT_LE(report.bytes_left, bytes / 2 - bytes / 20);
  EXPECT_GE(report.bytes_left, bytes / 3);
  std::uint64_t left = 0;
  for (const auto& [path, content] : disk_.files()) left += content.size();
  EXPECT_EQ(left, report.bytes_left);
  EXPECT_EQ(list().front(), variant(39));
  EXPECT_EQ(list().size(), 40 - report.removed);
}

TEST_F(SharedVariantsTest, CollectionForSpaceLeavesTheYoung) {
  add(1);
  clock_.advance(8);
  EXPECT_EQ(shared_.collect(90 * kDay, 0).value().removed, 0U);
  clock_.advance(1);
  EXPECT_EQ(shared_.collect(90 * kDay, 0).value().removed, 1U);
}

TEST_F(SharedVariantsTest, WhatIsListedIsUsed) {
  add(1);
  add(2);
  clock_.advance(60 * kDay);
  EXPECT_EQ(list().size(), 2U);
  clock_.advance(60 * kDay);
  EXPECT_EQ(shared_.collect(90 * kDay).value().removed, 0U);
  clock_.advance(60 * kDay);
  EXPECT_EQ(shared_.collect(90 * kDay).value().removed, 2U);
}

TEST_F(SharedVariantsTest, AFolderThatBecameAnothersIsNotReadNorWritten) {
  add(1);
  disk_.set_owner("/shared", 1000, 0700);
  EXPECT_EQ(shared_.list(context_).error().kind, ErrorKind::denied);
  EXPECT_EQ(shared_.add(context_, variant(2)).error().kind, ErrorKind::denied);
}

TEST_F(SharedVariantsTest, CollectionRemovesOldOnesStaleTemporariesAndEmptyFolders) {
  add(1);
  disk_.put(folder() + "/.tmp-tag-1", "x");
  clock_.advance(31 * kDay);
  EXPECT_EQ(shared_.collect(40 * kDay).value().removed, 0U);
  EXPECT_FALSE(disk_.files().contains(folder() + "/.tmp-tag-1"));
  EXPECT_EQ(shared_.collect(30 * kDay).value().removed, 1U);
  EXPECT_FALSE(disk_.stat(folder()).ok());
  EXPECT_TRUE(disk_.stat("/shared/variants").ok());
}

TEST_F(SharedVariantsTest, ClearRemovesAll) {
  add(1);
  add(2);
  ASSERT_TRUE(shared_.clear().ok());
  EXPECT_TRUE(disk_.files().empty());
}

TEST_F(SharedVariantsTest, AnyFailureWhileAddingLeavesNoTemporaryAndTheNextAddWorks) {
  for (std::uint64_t n = 0; n < 10; ++n) {
    disk_.fail_operation(n, ErrorKind::no_space);
    const bool added = shared_.add(context_, variant(1)).ok();
    disk_.fail_nothing();
    EXPECT_EQ(disk_.files().size(), added ? 1U : 0U);
    EXPECT_TRUE(shared_.add(context_, variant(1)).ok());
    EXPECT_EQ(list().size(), 1U);
    disk_.delete_tree(folder());
  }
}

TEST_F(SharedVariantsTest, AnyFailureWhileListingLosesNothing) {
  add(1);
  for (std::uint64_t n = 0; n < 6; ++n) {
    disk_.fail_operation(n);
    static_cast<void>(shared_.list(context_));
    disk_.fail_nothing();
    EXPECT_EQ(list().size(), 1U);
  }
}

}  // namespace
}  // namespace compiler_cache
