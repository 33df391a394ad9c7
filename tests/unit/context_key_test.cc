#include "helper/context_key.h"

#include <gtest/gtest.h>

#include <functional>

namespace compiler_cache {
namespace {

/// Everything that a key is made of, to vary one thing at a time.
struct Made {
  Identity identity;
  Command command;
  std::vector<std::string> argv{"g++", "-O2", "-c", "a.cc", "-o", "a.o"};
  std::vector<std::string> environment{"TZ=UTC"};
  std::string cwd = "/b";
  std::string logical_cwd;
  std::string source_root = "/s";
  std::string build_root = "/b";
  bool colored = false;
  std::string native;

  Made() {
    identity.digest = hash_bytes("g++ 12");
    command.language = Language::cxx;
    command.input = "/s/a.cc";
    command.output = "a.o";
    command.depfile = "a.d";
    command.depfile_mode = DepfileMode::md;
    command.depfile_targets = {"a.o"};
    command.key = {{KeyTag::flag, "", "-O2"}, {KeyTag::path, "-I", "/s/include"}};
  }
  Digest key() const {
    return context_key(
        {identity, command, argv, environment, cwd, logical_cwd, source_root, build_root, colored, native});
  }
};

bool changes_key(const std::function<void(Made&)>& change) {
  Made made;
  change(made);
  return made.key() != Made().key();
}

/// The same compile in other folders.
Made made_in(const std::string& source, const std::string& build) {
  Made made;
  made.source_root = source;
  made.build_root = made.cwd = build;
  made.command.input = source + "/a.cc";
  made.command.key[1].text = source + "/include";
  return made;
}

Digest path_free(const Made& m, std::string_view layout = {}) {
  return path_free_key({m.identity, m.command, m.argv, m.environment, m.cwd, m.logical_cwd, m.source_root,
                        m.build_root, m.colored, m.native},
                       layout);
}

TEST(ContextKeyTest, PathFreeKeysAreTheSameInEveryFolder) {
  const Made here = made_in("/s", "/b");
  const Made there = made_in("/x/y/source", "/z");
  EXPECT_NE(here.key(), there.key());
  EXPECT_EQ(path_free(here), path_free(there));
  EXPECT_NE(path_free(here), here.key());
  EXPECT_NE(path_free(here), path_free(here, "build/b"));
  Made below = made_in("/s", "/b");
  below.cwd += "/sub";
  EXPECT_NE(path_free(here), path_free(below));
  Made outside = made_in("/s", "/b");
  outside.command.key[1].text = "/x/include";
  EXPECT_NE(path_free(here), path_free(outside));
}

TEST(ContextKeyTest, EqualCompilesHaveEqualKeys) { EXPECT_EQ(Made().key(), Made().key()); }

TEST(ContextKeyTest, EveryItemCounts) {
  EXPECT_TRUE(changes_key([](Made& m) { m.identity.digest = hash_bytes("g++ 13"); }));
  EXPECT_TRUE(changes_key([](Made& m) { m.argv[0] = "c++"; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.command.language = Language::c; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.command.action = Action::assemble; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.command.input = "/s/b.cc"; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.command.depfile_mode = DepfileMode::mmd; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.command.depfile.clear(); }));
  EXPECT_TRUE(changes_key([](Made& m) { m.command.phony_targets = true; }));
  EXPECT_TRUE(changes_key([](Made& m) {
    m.command.extra_outputs.push_back({OutputRole::split_dwarf, "a.dwo"});
  }));
  EXPECT_TRUE(changes_key([](Made& m) { m.environment = {"TZ=CET"}; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.environment.clear(); }));
  EXPECT_TRUE(changes_key([](Made& m) { m.colored = true; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.native = "model 7\n"; }));
}

TEST(ContextKeyTest, WhereItAllLiesCounts) {
  EXPECT_TRUE(changes_key([](Made& m) { m.cwd = "/b/sub"; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.logical_cwd = "/link/b"; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.build_root = "/b2"; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.source_root = "/s2"; }));
}

TEST(ContextKeyTest, FlagsCountWithTheirOrderAndTheirBounds) {
  EXPECT_TRUE(changes_key([](Made& m) { std::swap(m.command.key[0], m.command.key[1]); }));
  EXPECT_TRUE(changes_key([](Made& m) { m.command.key.pop_back(); }));
  EXPECT_TRUE(changes_key([](Made& m) { m.command.key[0].text = "-O3"; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.command.key[1].prefix = "-isystem"; }));
  EXPECT_TRUE(changes_key([](Made& m) { m.command.key[1].tag = KeyTag::flag; }));
  Made joined;
  joined.command.key = {{KeyTag::flag, "", "-DA-DB"}};
  Made separate;
  separate.command.key = {{KeyTag::flag, "", "-DA"}, {KeyTag::flag, "", "-DB"}};
  EXPECT_NE(joined.key(), separate.key());
}

TEST(ContextKeyTest, NamesOfOutputsDoNotCount) {
  EXPECT_FALSE(changes_key([](Made& m) { m.command.output = "elsewhere/b.o"; }));
  EXPECT_FALSE(changes_key([](Made& m) { m.command.depfile = "b.d"; }));
  EXPECT_FALSE(changes_key([](Made& m) { m.command.depfile_targets = {"b.o"}; }));
  EXPECT_FALSE(changes_key([](Made& m) { m.argv[5] = "b.o"; }));
}

TEST(ContextKeyTest, RecordedCommandLineCountsAsItIs) {
  const auto recorded = [](const char* output) {
    Made made;
    made.command.records_command_line = true;
    made.argv[5] = output;
    return made.key();
  };
  EXPECT_NE(recorded("a.o"), recorded("b.o"));
}

TEST(ContextKeyTest, PathBelowARootIsToldFromOneThatOnlyStartsLikeIt) {
  Made inside;
  inside.command.key = {{KeyTag::path, "-I", "/s/x"}};
  Made beside;
  beside.command.key = {{KeyTag::path, "-I", "/s2/x"}};
  Made below_build;
  below_build.command.key = {{KeyTag::path, "-I", "/b/x"}};
  EXPECT_NE(inside.key(), beside.key());
  EXPECT_NE(inside.key(), below_build.key());
  Made no_roots;
  no_roots.source_root.clear();
  no_roots.build_root.clear();
  EXPECT_NE(no_roots.key(), Made().key());
}

TEST(ContextKeyTest, NativeMachineIsTheFirstProcessorWithoutWhatKeepsChanging) {
  const std::string text = native_machine_text(
      "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu MHz\t\t: 2000.1\nmodel name\t: A B\nflags\t\t: avx "
      "sse\n"
      "bogomips\t: 1\n\nprocessor\t: 1\nvendor_id\t: Other\n");
  EXPECT_EQ(text, "vendor_id\t: GenuineIntel\nmodel name\t: A B\nflags\t\t: avx sse\n");
}

TEST(ContextKeyTest, MachineThatSaysNothingHasAnEmptyText) {
  EXPECT_EQ(native_machine_text(""), "");
  EXPECT_EQ(native_machine_text("\n\n"), "");
  EXPECT_EQ(native_machine_text("no colon"), "");
  EXPECT_EQ(native_machine_text("flags : last line without end"), "flags : last line without end\n");
}

}  // namespace
}  // namespace compiler_cache
