#include "helper/graph.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "helper/header_lookup.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class GraphTest : public testing::Test {
 protected:
  GraphTest() {
    disk_.put("/w/a.cc", "source");
    disk_.put("/w/a.h", "header");
    clock_.settle();
  }

  /// What a compile of what is on the disk now would be stored as; `result` tells results apart.
  Variant variant(const std::string& result, std::vector<AbsentName> absent = {}) {
    Variant made;
    for (const char* path : {"/w/a.cc", "/w/a.h"}) {
      const Result<std::string> bytes = disk_.read(path, 1'000);
      if (bytes.ok()) made.inputs.push_back({path, hash_bytes(*bytes)});
    }
    made.absent = std::move(absent);
    made.artifact.outputs.push_back({OutputRole::object, hash_bytes(result), result.size()});
    return made;
  }
  void edit(const std::string& path, const std::string& bytes) {
    disk_.put(path, bytes);
    clock_.settle();
  }
  Graph::Match find(const Digest& context) {
    index_.begin_request();
    listings_.begin_request();
    return graph_.find(context);
  }
  /// The result that the context has now; "cold" or "stale" when it has none.
  std::string result(const Digest& context) {
    const Graph::Match match = find(context);
    if (match.state == Graph::State::cold) return "cold";
    if (match.state == Graph::State::stale) return "stale";
    for (const char* text : {"one", "two", "three"}) {
      if (match.entry->artifact.outputs[0].blob == hash_bytes(text)) return text;
    }
    return "unknown";
  }

  const Digest context_ = hash_bytes("context");
  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  PathTable paths_;
  ContentTable contents_;
  ContentIndex index_{disk_, clock_, paths_, contents_};
  FolderListings listings_{disk_, clock_, paths_};
  Graph graph_{paths_, contents_, index_, listings_};
};

TEST_F(GraphTest, ContextNeverSeenIsCold) {
  const Graph::Match match = find(context_);
  EXPECT_EQ(match.state, Graph::State::cold);
  EXPECT_EQ(match.entry, nullptr);
  EXPECT_FALSE(graph_.has(context_));
}

TEST_F(GraphTest, VariantHoldsWhileEveryInputHasItsContent) {
  graph_.add(context_, variant("one"));
  EXPECT_TRUE(graph_.has(context_));
  EXPECT_EQ(result(context_), "one");
  EXPECT_EQ(result(hash_bytes("other context")), "cold");
  edit("/w/a.h", "changed");
  EXPECT_EQ(result(context_), "stale");
  edit("/w/a.h", "header");
  EXPECT_EQ(result(context_), "one");
  disk_.delete_tree("/w/a.h");
  EXPECT_EQ(result(context_), "stale");
}

TEST_F(GraphTest, SwitchingABranchBackAndForthIsAllHits) {
  graph_.add(context_, variant("one"));
  edit("/w/a.h", "other branch");
  EXPECT_EQ(result(context_), "stale");
  graph_.add(context_, variant("two"));
  for (int i = 0; i < 3; ++i) {
    edit("/w/a.h", "header");
    EXPECT_EQ(result(context_), "one");
    edit("/w/a.h", "other branch");
    EXPECT_EQ(result(context_), "two");
  }
}

TEST_F(GraphTest, AbsentNameThatAppearsMakesAVariantStale) {
  graph_.add(context_, variant("one", {{"/w/first", "a.h"}, {"/w", "b.h"}}));
  EXPECT_EQ(result(context_), "one");
  edit("/w/b.h", "");
  Graph::Match match = find(context_);
  EXPECT_EQ(match.state, Graph::State::stale);
  EXPECT_TRUE(match.name_appeared);
  EXPECT_EQ(match.cause, "/w/b.h");
  disk_.delete_tree("/w/b.h");
  disk_.set_times("/w", clock_.file_now_ns(), clock_.file_now_ns());
  EXPECT_EQ(result(context_), "one");
  edit("/w/first/a.h", "");
  match = find(context_);
  EXPECT_TRUE(match.name_appeared);
  EXPECT_EQ(match.cause, "/w/first/a.h");
}

TEST_F(GraphTest, FolderThatMustBeOneAndPrecompiledHeadersAreCheckedToo) {
  disk_.put_folder("/w/vector");
  disk_.put_folder("/w/include");
  graph_.add(context_, variant("one", {{"/w/vector", kMustBeFolder}, {"/w/include", kNoPrecompiledHeader}}));
  EXPECT_EQ(result(context_), "one");
  edit("/w/include/x.h.gch", "");
  EXPECT_EQ(result(context_), "stale");
  disk_.delete_tree("/w/include");
  EXPECT_EQ(result(context_), "one");  // a folder that is gone holds nothing
  disk_.delete_tree("/w/vector");
  EXPECT_EQ(result(context_), "stale");
  edit("/w/vector", "now a file");
  EXPECT_EQ(result(context_), "stale");
}

TEST_F(GraphTest, CauseIsThatOfTheNewestVariant) {
  graph_.add(context_, variant("one", {{"/w", "b.h"}}));
  edit("/w/a.h", "second");
  graph_.add(context_, variant("two"));
  edit("/w/a.h", "header");  // the newest fails on this,
  edit("/w/b.h", "");        // the other one only on that
  const Graph::Match match = find(context_);
  EXPECT_EQ(match.state, Graph::State::stale);
  EXPECT_FALSE(match.name_appeared);
  EXPECT_EQ(match.cause, "/w/a.h");
}

TEST_F(GraphTest, VariantWithTheSameInputsReplacesTheOldOne) {
  graph_.add(context_, variant("one"));
  graph_.add(context_, variant("two"));
  EXPECT_EQ(graph_.variant_count(), 1U);
  EXPECT_EQ(result(context_), "two");
  graph_.add(context_, variant("three", {{"/w", "b.h"}}));
  EXPECT_EQ(graph_.variant_count(), 2U);
}

TEST_F(GraphTest, LeastRecentlyUsedVariantGoesFirst) {
  for (std::size_t i = 0; i < kMaxVariants; ++i) {
    edit("/w/a.h", "header " + std::to_string(i));
    graph_.add(context_, variant("one"));
  }
  edit("/w/a.h", "header 0");
  EXPECT_EQ(result(context_), "one");  // used: header 1 is the oldest now
  edit("/w/a.h", "one more");
  graph_.add(context_, variant("two"));
  EXPECT_EQ(graph_.variant_count(), kMaxVariants);
  edit("/w/a.h", "header 0");
  EXPECT_EQ(result(context_), "one");
  edit("/w/a.h", "header 1");
  EXPECT_EQ(result(context_), "stale");
}

TEST_F(GraphTest, DroppingTakesTheVariantThatWasFoundLast) {
  graph_.add(context_, variant("one"));
  edit("/w/a.h", "second");
  graph_.add(context_, variant("two"));
  edit("/w/a.h", "header");
  EXPECT_EQ(result(context_), "one");
  graph_.drop_first(context_);
  EXPECT_EQ(result(context_), "stale");
  edit("/w/a.h", "second");
  EXPECT_EQ(result(context_), "two");
  graph_.drop_first(context_);
  EXPECT_EQ(result(context_), "cold");
  EXPECT_EQ(graph_.context_count(), 0U);
  graph_.drop_first(context_);  // nothing left
}

TEST_F(GraphTest, ExpandedEntryIsTheVariantThatWasAdded) {
  const Variant added = variant("one", {{"/w", "b.h"}, {"/w/x", kMustBeFolder}});
  graph_.add(context_, added);
  int seen = 0;
  graph_.for_each([&](const Digest& context, const std::list<Graph::Entry>& entries) {
    EXPECT_EQ(context, context_);
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(graph_.expand(entries.front()), added);
    ++seen;
  });
  EXPECT_EQ(seen, 1);
}

TEST_F(GraphTest, AdoptedVariantsKeepTheirOrderAndStopAtTheBound) {
  for (std::size_t i = 0; i < kMaxVariants + 3; ++i) {
    Graph::Entry entry;
    entry.inputs.push_back({paths_.intern("/w/a.cc"), contents_.intern(hash_bytes("source"))});
    entry.artifact.outputs.push_back({OutputRole::object, hash_bytes(i == 0 ? "one" : "two"), 3});
    graph_.adopt(context_, entry);
  }
  EXPECT_EQ(graph_.variant_count(), kMaxVariants);
  EXPECT_EQ(result(context_), "one");
}

TEST_F(GraphTest, ManyVariantsCostOneStatPerPath) {
  graph_.add(context_, variant("one", {{"/w", "b.h"}, {"/w", "c.h"}}));
  edit("/w/a.h", "second");
  graph_.add(context_, variant("two", {{"/w", "b.h"}, {"/w", "c.h"}}));
  edit("/w/a.h", "header");
  result(context_);
  disk_.take_recorded();
  EXPECT_EQ(result(context_), "one");
  std::vector<std::string> recorded = disk_.take_recorded();
  std::sort(recorded.begin(), recorded.end());
  EXPECT_EQ(recorded, (std::vector<std::string>{"lstat /w/a.cc", "lstat /w/a.h", "stat /w"}));
}

TEST_F(GraphTest, EntriesThatPointAtAnyBlobThatIsGoneAreDropped) {
  Variant printed = variant("one");
  printed.artifact.standard_error = hash_bytes("warning");
  Variant said = variant("two");
  said.artifact.standard_output = hash_bytes("note");
  Variant two_outputs = variant("three");
  two_outputs.artifact.outputs.push_back({OutputRole::depfile, hash_bytes("depfile"), 7});
  const Digest other = hash_bytes("other context");
  const auto fill = [&] {
    graph_.clear();
    graph_.add(context_, printed);
    edit("/w/a.h", "changed");
    graph_.add(context_, variant("two"));
    edit("/w/a.h", "header");
    graph_.add(other, said);
    graph_.add(hash_bytes("third context"), two_outputs);
  };
  fill();
  EXPECT_EQ(graph_.drop_blobs({}), 0U);
  EXPECT_EQ(graph_.drop_blobs({hash_bytes("unknown")}), 0U);
  EXPECT_EQ(graph_.variant_count(), 4U);
  for (const char* gone : {"one", "warning", "note", "three", "depfile"}) {
    fill();
    EXPECT_EQ(graph_.drop_blobs({hash_bytes(gone)}), 1U) << gone;
    EXPECT_EQ(graph_.variant_count(), 3U) << gone;
  }
  fill();
  EXPECT_EQ(graph_.drop_blobs({hash_bytes("two"), hash_bytes("one")}), 3U);
  EXPECT_FALSE(graph_.has(context_));
  EXPECT_EQ(graph_.context_count(), 1U);
}

}  // namespace
}  // namespace compiler_cache
