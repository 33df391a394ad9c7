#include "helper/tree_state_codec.h"

#include <gtest/gtest.h>

#include <map>

#include "helper/graph_codec.h"
#include "helper/hasher.h"
#include "tests/unit/damage.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/fake_processes.h"
#include "tests/unit/inline_executor.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

/// All that the four parts hold, empty or with something in it.
struct State {
  SteppedClock clock;
  FakeFileSystem disk{clock};
  InlineExecutor executor;
  FakeProcesses processes;
  PathTable paths;
  ContentTable contents;
  ContentIndex index{disk, clock, paths, contents};
  FolderListings listings{disk, clock, paths};
  Graph graph{paths, contents, index, listings};
  IdentityCache identities{disk, clock, executor, processes};
  SearchPathCache searches{executor, processes, listings, paths};
};

Variant variant(const std::string& name, bool with_absent) {
  Variant made;
  made.inputs = {{"/w/" + name, hash_bytes(name)}, {"/w/common.h", hash_bytes("common")}};
  if (with_absent) made.absent = {{"/w", "*.gch"}, {"/w/first", "common.h"}};
  if (with_absent) made.times = {1'700'000'000'123'456'789, -5};
  made.artifact.outputs = {{OutputRole::object, hash_bytes("o"), 7},
                           {OutputRole::depfile, hash_bytes("d"), 0}};
  made.artifact.standard_error = hash_bytes("warning");
  made.artifact.depfile_targets = {"a.o", "b.o"};
  made.artifact.compile_us = 1'234'567;
  return made;
}

FileStat stat(std::uint64_t inode) {
  FileStat made;
  made.device = 64'769;
  made.inode = inode;
  made.size = 42;
  made.mtime_ns = -5;  // before 1970
  made.ctime_ns = 1'700'000'000'123'456'789;
  made.links = 2;
  return made;
}

std::map<Digest, std::vector<Variant>> variants_of(const Graph& graph) {
  std::map<Digest, std::vector<Variant>> all;
  graph.for_each([&](const Digest& context, const std::list<Graph::Entry>& entries) {
    for (const Graph::Entry& entry : entries) all[context].push_back(graph.expand(entry));
  });
  return all;
}

void fill_graph(State& state) {
  state.graph.add(hash_bytes("one"), variant("a.cc", false));
  state.graph.add(hash_bytes("one"), variant("a.cc", true));
  state.graph.add(hash_bytes("two"), variant("b.cc", true));
}
void fill_files(State& state) {
  for (const char* path : {"/w/a.cc", "/w/common.h"}) {
    const ContentIndex::Entry entry{stat(7), 1'700'000'001'000'000'000,
                                    state.contents.intern(hash_bytes(path))};
    state.index.adopt(state.paths.intern(path), entry);
  }
}
void fill_identities(State& state) {
  for (const char* name : {"gcc version 12", "clang version 14"}) {
    auto identity = std::make_shared<Identity>();
    identity->digest = hash_bytes(name);
    identity->family = *name == 'c' ? CompilerFamily::clang : CompilerFamily::gcc;
    identity->supported = true;
    identity->is_script = *name == 'c';
    identity->msvc_target = *name == 'c';
    identity->name = name;
    identity->files = {{"/usr/bin/g++", stat(9), 5, hash_bytes("g++")}};
    identity->watched = {{"/usr/lib/gcc", stat(10), 6, {}}};
    identity->absent = {{"/usr/local/bin", "g++"}};
    state.identities.adopt(hash_bytes(std::string("key of ") + name), identity);
  }
}
void fill_searches(State& state) {
  SearchPath path;
  path.quote = {"q"};
  path.angle = {"/usr/include", "a"};
  path.missing = {"later"};
  state.searches.adopt(hash_bytes("question"), {"/w", path});
  state.searches.adopt(hash_bytes("other question"), {"/w", {}});
}

/// One of the four parts, as its codec sees it.
struct Part {
  void (*fill)(State&);
  std::string (*encode)(State&);
  Status (*decode)(std::string_view, State&);
  std::size_t (*size)(State&);
};
const Part kParts[] = {
    {fill_graph, [](State& s) { return encode_graph(s.graph, s.paths, s.contents); },
     [](std::string_view bytes, State& s) { return decode_graph(bytes, s.graph, s.paths, s.contents); },
     [](State& s) {
       variants_of(s.graph);  // reads what was to be read when it is asked for
       return s.graph.variant_count();
     }},
    {fill_files, [](State& s) { return encode_files(s.index, s.paths, s.contents); },
     [](std::string_view bytes, State& s) { return decode_files(bytes, s.index, s.paths, s.contents); },
     [](State& s) { return s.index.entries().size(); }},
    {fill_identities, [](State& s) { return encode_identities(s.identities); },
     [](std::string_view bytes, State& s) { return decode_identities(bytes, s.identities); },
     [](State& s) { return s.identities.entries().size(); }},
    {fill_searches, [](State& s) { return encode_searches(s.searches); },
     [](std::string_view bytes, State& s) { return decode_searches(bytes, s.searches); },
     [](State& s) { return s.searches.entries().size(); }},
};

TEST(TreeStateCodecTest, GraphComesBackWithTheOrderOfItsVariants) {
  State before;
  fill_graph(before);
  State after;
  after.paths.intern("/numbers differ from process to process");
  after.contents.intern(hash_bytes("likewise"));
  ASSERT_TRUE(decode_graph(encode_graph(before.graph, before.paths, before.contents), after.graph,
                           after.paths, after.contents)
                  .ok());
  EXPECT_EQ(variants_of(after.graph), variants_of(before.graph));
  EXPECT_EQ(variants_of(after.graph).size(), 2U);
}

TEST(TreeStateCodecTest, StatCacheComesBack) {
  State before;
  fill_files(before);
  State after;
  after.paths.intern("/other numbers");
  ASSERT_TRUE(decode_files(encode_files(before.index, before.paths, before.contents), after.index,
                           after.paths, after.contents)
                  .ok());
  ASSERT_EQ(after.index.entries().size(), 2U);
  const ContentIndex::Entry& entry = after.index.entries().at(after.paths.intern("/w/a.cc"));
  EXPECT_TRUE(entry.stat.same_version(stat(7)));
  EXPECT_EQ(entry.stat.links, 2U);
  EXPECT_EQ(entry.hashed_at_ns, 1'700'000'001'000'000'000);
  EXPECT_EQ(after.contents[entry.content], hash_bytes("/w/a.cc"));
}

TEST(TreeStateCodecTest, IdentitiesComeBack) {
  State before;
  fill_identities(before);
  State after;
  ASSERT_TRUE(decode_identities(encode_identities(before.identities), after.identities).ok());
  ASSERT_EQ(after.identities.entries().size(), 2U);
  const Identity& identity = *after.identities.entries().at(hash_bytes("key of clang version 14")).identity;
  EXPECT_EQ(identity.digest, hash_bytes("clang version 14"));
  EXPECT_EQ(identity.family, CompilerFamily::clang);
  EXPECT_TRUE(identity.supported);
  EXPECT_TRUE(identity.is_script);
  EXPECT_TRUE(identity.msvc_target);
  EXPECT_FALSE(identity.is_cache);
  EXPECT_EQ(identity.name, "clang version 14");
  ASSERT_EQ(identity.files.size(), 1U);
  EXPECT_EQ(identity.files[0].path, "/usr/bin/g++");
  EXPECT_TRUE(identity.files[0].stat.same_version(stat(9)));
  EXPECT_EQ(identity.files[0].hashed_at_ns, 5);
  EXPECT_EQ(identity.files[0].content, hash_bytes("g++"));
  ASSERT_EQ(identity.watched.size(), 1U);
  EXPECT_EQ(identity.watched[0].path, "/usr/lib/gcc");
  EXPECT_EQ(identity.absent, (std::vector<AbsentName>{{"/usr/local/bin", "g++"}}));
}

TEST(TreeStateCodecTest, SearchPathsComeBack) {
  State before;
  fill_searches(before);
  State after;
  ASSERT_TRUE(decode_searches(encode_searches(before.searches), after.searches).ok());
  ASSERT_EQ(after.searches.entries().size(), 2U);
  const SearchPathCache::Entry& entry = after.searches.entries().at(hash_bytes("question"));
  EXPECT_EQ(entry.cwd, "/w");
  EXPECT_EQ(entry.path, before.searches.entries().at(hash_bytes("question")).path);
}

TEST(TreeStateCodecTest, NothingComesBackAsNothing) {
  for (const Part& part : kParts) {
    State before;
    State after;
    EXPECT_TRUE(part.decode(part.encode(before), after).ok());
    EXPECT_EQ(part.size(after), 0U);
  }
}

TEST(TreeStateCodecTest, AnotherVersionIsUnsupportedNotCorrupt) {
  for (const Part& part : kParts) {
    State before;
    part.fill(before);
    std::string bytes = part.encode(before);
    ASSERT_LE(bytes[1], 3);  // behind the array's header
    for (const char other : {'\0', '\4'}) {
      bytes[1] = other;
      State after;
      EXPECT_EQ(part.decode(bytes, after).error().kind, ErrorKind::unsupported);
      EXPECT_EQ(part.size(after), 0U);
    }
  }
}

TEST(TreeStateCodecTest, NothingOfADamagedPartIsUsed) {
  for (const Part& part : kParts) {
    State before;
    part.fill(before);
    const std::size_t whole = part.size(before);
    int refused = 0;
    for_each_damage(part.encode(before), [&](const std::string& damaged) {
      State after;
      const Status status = part.decode(damaged, after);
      refused += status.ok() ? 0 : 1;
      if (!status.ok()) {
        EXPECT_EQ(part.size(after), 0U);
      }
      // Changed bytes that are well-formed are the checksum's business; they are never more than there were.
      if (status.ok()) {
        EXPECT_LE(part.size(after), whole);
      }
    });
    EXPECT_GT(refused, 100);
  }
}

TEST(TreeStateCodecTest, EveryTruncationIsAnError) {
  for (const Part& part : kParts) {
    State before;
    part.fill(before);
    const std::string bytes = part.encode(before);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      State after;
      EXPECT_FALSE(part.decode(std::string_view(bytes).substr(0, size), after).ok()) << size;
    }
    State after;
    EXPECT_FALSE(part.decode(bytes + '\0', after).ok());
  }
}

TEST(TreeStateCodecTest, PartOfAnotherKindIsAnError) {
  State before;
  fill_graph(before);
  fill_files(before);
  fill_identities(before);
  fill_searches(before);
  for (const Part& from : kParts) {
    for (const Part& to : kParts) {
      State after;
      if (&from != &to) {
        EXPECT_FALSE(to.decode(from.encode(before), after).ok());
      }
    }
  }
}

}  // namespace
}  // namespace compiler_cache
