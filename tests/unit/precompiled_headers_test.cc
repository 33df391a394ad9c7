#include "helper/precompiled_headers.h"

#include <gtest/gtest.h>

#include "helper/graph.h"
#include "helper/hasher.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class PrecompiledHeadersTest : public testing::Test {
 protected:
  PrecompiledHeadersTest() { put("/w/p.h", "header"); }

  void put(const std::string& path, const std::string& bytes) {
    disk_.put(path, bytes);
    clock_.settle();
  }
  void begin() {
    index_.begin_request();
    listings_.begin_request();
  }
  /// As if p.h, as it is now, had been made into `bytes`.
  void make(const std::string& context, const std::string& bytes, bool timed = false) {
    Variant variant;
    variant.inputs = {{"/w/p.h", hash_bytes(*disk_.read("/w/p.h", 100))}};
    if (timed) variant.times = {disk_.stat("/w/p.h")->mtime_ns};
    variant.artifact.outputs = {{OutputRole::precompiled_header, hash_bytes(bytes), bytes.size()}};
    graph_.add(hash_bytes(context), variant);
  }
  ContentId content(const std::string& bytes) { return contents_.intern(hash_bytes(bytes)); }
  ContentId origin(const std::string& bytes) {
    const PrecompiledHeaders::Making* making = graph_.precompiled().find(content(bytes));
    return making == nullptr ? kNoId : making->origin;
  }
  /// A compile that used the header of this origin, when it lies at /w/p.h.gch.
  void use(ContentId origin) {
    Variant variant;
    variant.inputs = {{"/w/p.h.gch", contents_[origin]}};
    variant.artifact.outputs = {{OutputRole::object, hash_bytes("object"), 6}};
    graph_.add(hash_bytes("user"), variant);
  }
  bool user_hits() {
    begin();
    return graph_.find(hash_bytes("user")).state == Graph::State::warm;
  }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  PathTable paths_;
  ContentTable contents_;
  ContentIndex index_{disk_, clock_, paths_, contents_};
  FolderListings listings_{disk_, clock_, paths_};
  Graph graph_{paths_, contents_, index_, listings_};
};

TEST_F(PrecompiledHeadersTest, BytesOfTheSameMakingHaveTheSameOrigin) {
  make("c", "one");
  make("c", "two");
  EXPECT_NE(origin("one"), kNoId);
  EXPECT_EQ(origin("one"), origin("two"));
  EXPECT_EQ(origin("three"), kNoId);
}

TEST_F(PrecompiledHeadersTest, AnotherContextOrContentIsAnotherOrigin) {
  make("c", "one");
  make("d", "two");
  EXPECT_NE(origin("one"), origin("two"));
  put("/w/p.h", "changed");
  make("c", "three");
  EXPECT_NE(origin("one"), origin("three"));
}

TEST_F(PrecompiledHeadersTest, WhoUsesOneHitsWithOtherBytesOfTheSameOriginOnly) {
  make("c", "one");
  use(origin("one"));
  EXPECT_FALSE(user_hits());
  put("/w/p.h.gch", "one");
  EXPECT_TRUE(user_hits());
  make("c", "two");
  put("/w/p.h.gch", "two");
  EXPECT_TRUE(user_hits());
  make("d", "three");
  put("/w/p.h.gch", "three");
  EXPECT_FALSE(user_hits());
  put("/w/p.h.gch", "unknown");
  EXPECT_FALSE(user_hits());
}

TEST_F(PrecompiledHeadersTest, OneIsKnownAfterItsEntryHasGone) {
  make("c", "one");
  use(origin("one"));
  put("/w/p.h.gch", "one");
  begin();
  ASSERT_EQ(graph_.find(hash_bytes("c")).state, Graph::State::warm);
  graph_.drop_first(hash_bytes("c"));
  EXPECT_TRUE(user_hits());
  graph_.clear();
  EXPECT_EQ(origin("one"), kNoId);
}

TEST_F(PrecompiledHeadersTest, EntriesThatAreLoadedTellTheirOriginToo) {
  make("c", "one");
  const ContentId expected = origin("one");
  Graph::Entry entry;
  begin();
  entry = *graph_.find(hash_bytes("c")).entry;
  graph_.clear();
  graph_.adopt(hash_bytes("c"), entry);
  EXPECT_EQ(origin("one"), expected);
}

TEST_F(PrecompiledHeadersTest, TimesAreNoPartOfTheOriginButTheCompilerRefusesOthers) {
  make("c", "one", true);
  use(origin("one"));
  put("/w/p.h.gch", "one");
  EXPECT_TRUE(user_hits());
  disk_.set_times("/w/p.h", 42, clock_.file_now_ns());
  clock_.settle();
  EXPECT_FALSE(user_hits());  // the compiler would end with an error
  begin();
  EXPECT_EQ(graph_.find(hash_bytes("c")).state, Graph::State::stale);
  make("c", "two", true);
  EXPECT_EQ(origin("one"), origin("two"));
  put("/w/p.h.gch", "two");
  EXPECT_TRUE(user_hits());
}

TEST_F(PrecompiledHeadersTest, TheSameBytesCanComeFromSeveralContexts) {
  make("c", "one");
  const ContentId first = origin("one");
  make("d", "one");
  put("/w/p.h.gch", "one");
  for (const ContentId each : {first, origin("one")}) {
    use(each);
    EXPECT_TRUE(user_hits());
  }
  EXPECT_NE(first, origin("one"));
}

}  // namespace
}  // namespace compiler_cache
