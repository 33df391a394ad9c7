#include "helper/graph_codec.h"

#include <gtest/gtest.h>

#include <map>

#include "helper/hasher.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

struct Knowledge {
  SteppedClock clock;
  FakeFileSystem disk{clock};
  PathTable paths;
  ContentTable contents;
  ContentIndex index{disk, clock, paths, contents};
  FolderListings listings{disk, clock, paths};
  Graph graph{paths, contents, index, listings};

  std::string encode() const { return encode_graph(graph, paths, contents); }
  Status decode(std::string_view bytes) { return decode_graph(bytes, graph, paths, contents); }
};

Digest context(std::size_t number) { return hash_bytes("context " + std::to_string(number)); }

constexpr std::size_t kHeaders = 200;

Variant variant(std::size_t number, const std::string& result = "object") {
  Variant made;
  made.inputs.push_back({"/w/" + std::to_string(number) + ".c", hash_bytes(std::to_string(number))});
  for (std::size_t i = 0; i < kHeaders; ++i)
    made.inputs.push_back({"/w/" + std::to_string(i) + ".h", hash_bytes("header")});
  made.artifact.outputs.push_back({OutputRole::object, hash_bytes(result), result.size()});
  return made;
}

void fill(Graph& graph, std::size_t contexts) {
  for (std::size_t i = 0; i < contexts; ++i) graph.add(context(i), variant(i));
}

/// A graph of that many contexts as it is after loading.
struct Loaded : Knowledge {
  explicit Loaded(std::size_t contexts) {
    Knowledge before;
    fill(before.graph, contexts);
    EXPECT_TRUE(decode(before.encode()).ok());
    EXPECT_EQ(graph.context_count(), contexts);
  }
};

TEST(GraphCodecTest, TheFirstQuestionReadsOneSectionHoweverManyThereAre) {
  std::map<std::size_t, std::size_t> read;
  for (const std::size_t contexts : {400U, 800U}) {
    Loaded loaded(contexts);
    EXPECT_EQ(loaded.graph.unread_count(), contexts);
    EXPECT_EQ(loaded.graph.find(context(7)).state, Graph::State::stale);
    read[contexts] = contexts - loaded.graph.unread_count();
    EXPECT_EQ(loaded.graph.context_count(), contexts);
    EXPECT_EQ(loaded.graph.variant_count(), contexts);
  }
  // 8 bytes for each input make a section full.
  EXPECT_LE(read[400], kGraphSectionBytes / (8 * kHeaders) + 1);
  EXPECT_LE(read[800], kGraphSectionBytes / (8 * kHeaders) + 1);
  EXPECT_GE(read[400], 1U);
}

TEST(GraphCodecTest, ItGrowsAsItsContextsDo) {
  Knowledge some;
  Knowledge twice;
  fill(some.graph, 400);
  fill(twice.graph, 800);
  EXPECT_LT(twice.encode().size(), some.encode().size() * 22 / 10);
}

TEST(GraphCodecTest, WhatIsNotReadYetIsKnownToEveryQuestion) {
  constexpr std::size_t kContexts = 200;
  EXPECT_TRUE(Loaded(kContexts).graph.has(context(199)));
  EXPECT_FALSE(Loaded(kContexts).graph.has(context(kContexts)));
  Loaded newest(kContexts);
  ASSERT_NE(newest.graph.newest(context(5)), nullptr);
  EXPECT_EQ(newest.graph.expand(*newest.graph.newest(context(5))), variant(5));
  EXPECT_EQ(Loaded(kContexts).graph.variants_of(context(9)), std::vector<Variant>{variant(9)});
  std::size_t seen = 0;
  Loaded(kContexts).graph.for_each(
      [&](const Digest&, const std::list<Graph::Entry>& entries) { seen += entries.size(); });
  EXPECT_EQ(seen, kContexts);
}

TEST(GraphCodecTest, WhatIsNotReadYetIsThereWhenItIsChanged) {
  constexpr std::size_t kContexts = 200;
  Loaded added(kContexts);
  Variant other = variant(3, "other");
  other.inputs.pop_back();
  added.graph.add(context(3), other);
  EXPECT_EQ(added.graph.variants_of(context(3)), (std::vector<Variant>{other, variant(3)}));
  Loaded first(kContexts);
  first.graph.drop_first(context(3));
  EXPECT_FALSE(first.graph.has(context(3)));
  Loaded dropped(kContexts);
  dropped.graph.drop(context(3), variant(3));
  EXPECT_FALSE(dropped.graph.has(context(3)));
  Loaded gone(kContexts);
  EXPECT_EQ(gone.graph.drop_blobs({hash_bytes("object")}), kContexts);
  EXPECT_EQ(gone.graph.context_count(), 0U);
  Loaded cleared(kContexts);
  cleared.graph.clear();
  EXPECT_EQ(cleared.graph.context_count(), 0U);
  EXPECT_FALSE(cleared.graph.has(context(3)));
}

TEST(GraphCodecTest, WhatWasLoadedIsSavedWhetherItWasReadOrNot) {
  Loaded loaded(200);
  loaded.graph.find(context(7));
  Knowledge again;
  ASSERT_TRUE(again.decode(loaded.encode()).ok());
  for (std::size_t i = 0; i < 200; ++i)
    EXPECT_EQ(again.graph.variants_of(context(i)), std::vector<Variant>{variant(i)}) << i;
}

TEST(GraphCodecTest, PrecompiledHeadersAreKnownFromTheBeginning) {
  Knowledge before;
  fill(before.graph, 10);
  Variant header = variant(100);
  header.artifact.outputs = {{OutputRole::precompiled_header, hash_bytes("the header's bytes"), 18}};
  before.graph.add(context(100), header);
  Knowledge after;
  ASSERT_TRUE(after.decode(before.encode()).ok());
  EXPECT_EQ(after.graph.unread_count(), 10U);
  EXPECT_EQ(after.graph.context_count(), 11U);
  EXPECT_NE(after.graph.precompiled().find(after.contents.intern(hash_bytes("the header's bytes"))), nullptr);
}

TEST(GraphCodecTest, ADamagedSectionTakesNothingElseWithIt) {
  Knowledge before;
  fill(before.graph, 400);
  const std::string bytes = before.encode();
  std::string damaged = bytes;
  damaged[bytes.size() - 10] ^= 1;  // in the last section's frame
  Knowledge after;
  ASSERT_TRUE(after.decode(damaged).ok());
  std::size_t good = 0;
  for (std::size_t i = 0; i < 400; ++i) {
    const std::vector<Variant> variants = after.graph.variants_of(context(i));
    if (variants.empty()) continue;
    EXPECT_EQ(variants, std::vector<Variant>{variant(i)});
    ++good;
  }
  EXPECT_LT(good, 400U);
  EXPECT_GT(good, 200U);
  EXPECT_EQ(after.graph.context_count(), good);
  EXPECT_EQ(after.graph.unread_count(), 0U);
}

}  // namespace
}  // namespace compiler_cache
