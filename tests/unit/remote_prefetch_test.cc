#include "helper/remote_prefetch.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "tests/unit/fake_remote.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class RemotePrefetchTest : public testing::Test {
 protected:
  RemotePrefetchTest() { tier_.emplace(clock_, seal_, servers()); }
  std::vector<RemoteServer> servers() {
    std::vector<RemoteServer> all;
    all.push_back({"redis://fake", std::make_unique<FakeRemoteClient>(server_)});
    return all;
  }
  static Digest context(int number) { return hash_bytes("context " + std::to_string(number)); }
  static std::string object(int number, std::size_t size = 100) {
    return std::to_string(number) + std::string(size, 'o');
  }
  void store(int number, std::size_t size = 100) {
    const std::string bytes = object(number, size);
    RemoteEntry entry;
    const PackedBlob packed = pack_remote_blob(hash_bytes(bytes), bytes);
    entry.variant.artifact.outputs = {{OutputRole::object, packed.row.blob, bytes.size()}};
    entry.blobs = {packed.row};
    server_.blobs[packed.row.address] = packed.bytes;
    server_.places[seal_.place_of_context(context(number))] = {*seal_.encode(context(number), entry)};
  }
  std::vector<Digest> contexts(int count) {
    std::vector<Digest> all;
    for (int i = 0; i < count; ++i) all.push_back(context(i));
    return all;
  }
  /// What comes of asking for a context and its blob; -1: nothing yet.
  int ask(RemotePrefetch& prefetch, int number) {
    int found = -1;
    prefetch.note_asked(context(number));
    prefetch.get_context(context(number), [&](const Result<RemotePrefetch::Entries>& entries) {
      found = 0;
      if (!entries.ok() || entries->empty()) return;
      prefetch.get_blob(entries->front().blobs[0],
                        [&](const Result<std::string>& bytes) { found = bytes.ok() ? 1 : 0; });
    });
    return found;
  }

  SteppedClock clock_;
  const RemoteSeal seal_{"", "ours"};
  FakeRemoteServer server_;
  std::optional<RemoteTier> tier_;
  std::function<bool(const Digest&)> has_ = [](const Digest&) { return false; };
};

TEST_F(RemotePrefetchTest, WhatWasFetchedAheadCostsNoQuestion) {
  for (int i = 0; i < 5; ++i) store(i);
  RemotePrefetch prefetch(*tier_, has_);
  prefetch.begin(contexts(5));
  EXPECT_EQ(server_.entry_reads, 5);
  EXPECT_EQ(server_.blob_reads, 5);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(prefetch, i), 1);
  EXPECT_EQ(server_.entry_reads, 5);
  EXPECT_EQ(server_.blob_reads, 5);
  EXPECT_EQ(prefetch.bytes_held(), 0U);
}

TEST_F(RemotePrefetchTest, ItGoesInTheOrderOfTheLastBuild) {
  RemotePrefetch prefetch(*tier_, has_);
  prefetch.begin({context(3), context(1), context(2)});
  const std::vector<Digest> wanted{seal_.place_of_context(context(3)), seal_.place_of_context(context(1)),
                                   seal_.place_of_context(context(2))};
  EXPECT_EQ(server_.order, wanted);
}

TEST_F(RemotePrefetchTest, AQuestionWaitsForWhatIsOnItsWay) {
  store(0);
  server_.silent = true;
  RemotePrefetch prefetch(*tier_, has_);
  prefetch.begin(contexts(1));
  int found = -1;
  prefetch.get_context(context(0), [&](const Result<RemotePrefetch::Entries>& entries) {
    found = entries.ok() ? static_cast<int>(entries->size()) : -2;
  });
  EXPECT_EQ(found, -1);
  EXPECT_EQ(server_.entry_reads, 1);
  server_.speak();
  EXPECT_EQ(found, 1);
}

TEST_F(RemotePrefetchTest, WhatNobodyAsksForTakesNoMoreThanItsBudget) {
  constexpr std::size_t kSize = 300;  // stored as it is
  for (int i = 0; i < 10; ++i) store(i, kSize);
  RemotePrefetch prefetch(*tier_, has_, {3 * kSize, 1, 100});
  prefetch.begin(contexts(10));
  EXPECT_LE(server_.blob_reads, 4);
  EXPECT_GE(server_.blob_reads, 2);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask(prefetch, i), 1) << i;
  EXPECT_EQ(server_.blob_reads, 10) << "each once, and it goes on as they are taken";
}

TEST_F(RemotePrefetchTest, WhatWasAskedForIsNotFetchedAgain) {
  store(0);
  RemotePrefetch prefetch(*tier_, has_);
  EXPECT_EQ(ask(prefetch, 0), 1);
  prefetch.begin(contexts(1));
  EXPECT_EQ(server_.entry_reads, 1);
}

TEST_F(RemotePrefetchTest, BlobsThatAreHereAreNotFetched) {
  store(0);
  has_ = [](const Digest&) { return true; };
  RemotePrefetch prefetch(*tier_, has_);
  prefetch.begin(contexts(1));
  EXPECT_EQ(server_.blob_reads, 0);
}

TEST_F(RemotePrefetchTest, TheEndOfABuildDropsWhatWasNotAskedFor) {
  for (int i = 0; i < 3; ++i) store(i);
  RemotePrefetch prefetch(*tier_, has_);
  prefetch.begin(contexts(3));
  EXPECT_GT(prefetch.bytes_held(), 0U);
  prefetch.end();
  EXPECT_EQ(prefetch.bytes_held(), 0U);
  EXPECT_TRUE(prefetch.asked().empty());
}

TEST_F(RemotePrefetchTest, ItEndsWhereTheServerDoes) {
  server_.reads = Error{ErrorKind::io, "gone"};
  RemotePrefetch prefetch(*tier_, has_);
  prefetch.begin(contexts(100));
  EXPECT_EQ(server_.entry_reads, 2) << "until the breaker opens";
}

}  // namespace
}  // namespace compiler_cache
