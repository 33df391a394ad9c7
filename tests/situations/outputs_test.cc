// Outputs beyond the object, and inputs beyond the sources.
#include <filesystem>
#include <functional>

#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class Outputs : public Situation {
 protected:
  void SetUp() override {
    Situation::SetUp();
    if (IsSkipped()) return;
    write("a.c", "int f(int x) { int y[9]; for (int i = 0; i < 9; ++i) y[i] = x; return y[x]; }\n");
  }
  /// Two runs of the same command differ where GCC makes up a number.
  Compare bytes() const { return is_gcc() ? Compare::all_but_bytes : Compare::everything; }
};
INSTANTIATE_COMPILERS(Outputs);

TEST_P(Outputs, split_debug_information_is_restored) {
  make_folder("out");
  expect_cached({"-g", "-gsplit-dwarf", "-c", "a.c", "-o", "out/a.o"}, {}, bytes());
  expect("miss", {"-g", "-gsplit-dwarf", "-c", "a.c", "-o", "b.o"}, {}, bytes());
  EXPECT_FALSE(read("b.dwo").empty());
}

TEST_P(Outputs, coverage_notes_are_restored_and_go_with_the_object) {
  write("m.c", "int main(void) { return 0; }\n");
  expect_cached({"--coverage", "-c", "m.c", "-o", "m.o"}, {}, bytes());
  expect_cached({"-ftest-coverage", "-c", "m.c", "-o", "t.o"}, {}, bytes());
  EXPECT_EQ(alone({"--coverage", "m.o", "-o", "m"}).ending.exit_code(), 0);
  How program;
  program.compiler = path("m");
  EXPECT_EQ(alone({}, program).ending.exit_code(), 0);
  EXPECT_FALSE(read("m.gcda").empty());
  if (!is_gcc()) return;
  How gcov;
  gcov.compiler = "gcov";
  EXPECT_NE(alone({"m.c"}, gcov).ending.output.find("Lines executed:100"), std::string::npos);
}

TEST_P(Outputs, stack_usage_and_call_graph_are_restored) {
  expect_cached({"-fstack-usage", "-c", "a.c", "-o", "a.o"});
  if (is_gcc()) expect_cached({"-fcallgraph-info", "-c", "a.c", "-o", "a.o"});
}

TEST_P(Outputs, serialized_diagnostics_are_restored) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no --serialize-diagnostics";
  write("w.c", "int* p = 5L;\n");
  expect_cached({"--serialize-diagnostics", "w.dia", "-c", "w.c", "-o", "w.o"});
}

TEST_P(Outputs, optimization_records_are_restored) {
  expect_cached({"-O2", "-fsave-optimization-record", "-c", "a.c", "-o", "a.o"}, {}, bytes());
}

TEST_P(Outputs, options_that_write_what_is_not_captured_are_refused) {
  expect_refused("writes-extra-file", {"-save-temps", "-c", "a.c", "-o", "a.o"});
  expect_refused("assembler-option", {"-Wa,-a=a.lst", "-c", "a.c", "-o", "a.o"}, {}, Compare::all_but_bytes);
  if (is_gcc())
    expect_refused("writes-extra-file", {"-fdump-tree-original", "-c", "a.c", "-o", "a.o"}, {},
                   Compare::all_but_bytes);
  else
    expect_refused("writes-extra-file", {"-ftime-trace", "-c", "a.c", "-o", "a.o"}, {},
                   Compare::all_but_bytes);
}

TEST_P(Outputs, profile_data_is_an_input) {
  const std::string data = is_gcc() ? "p.gcda" : "p.profdata";
  const std::string option = is_gcc() ? "-fprofile-use=p.gcda" : "-fprofile-sample-use=p.prof";
  const Words words = {"-O2", option, "-c", "a.c", "-o", "a.o"};
  if (!is_gcc()) {
    write("p.prof", "f:100:10\n 0: 10\n");
    expect_cached(words);
    write("p.prof", "f:900:90\n 0: 90\n");
    expect("miss", words);
    return;
  }
  const Effect missing = cached(words);
  EXPECT_EQ(missing.ending.exit_code(), 0);
  write(data, "no profile at all");
  const Effect expected = alone(words);
  const Effect found = cached(words);
  EXPECT_NE(found.outcome, "hit");
  EXPECT_EQ(expected.ending.error, found.ending.error);
}

TEST_P(Outputs, profile_generation_has_the_object_name_in_the_key) {
  expect_cached({"-fprofile-generate", "-c", "a.c", "-o", "a.o"}, {}, bytes());
  expect("miss", {"-fprofile-generate", "-c", "a.c", "-o", "b.o"}, {}, bytes());
}

TEST_P(Outputs, link_time_optimization_is_cached) {
  expect_cached({"-flto", "-c", "a.c", "-o", "a.o"}, {}, bytes());
  if (is_gcc()) return;
  expect_cached({"-flto=thin", "-c", "a.c", "-o", "a.o"});
  write("i.thinlto.bc", "");
  alone({"-flto=thin", "-c", "a.c", "-o", "a.bc"});
  expect_refused("thin-lto-index", {"-fthinlto-index=i.thinlto.bc", "-x", "ir", "-c", "a.bc", "-o", "t.o"});
}

TEST_P(Outputs, modules_are_refused) {
  write("m.cc", "int m;\n");
  expect_refused("modules",
                 {is_gcc() ? "-fmodules-ts" : "-fmodules", "-std=c++20", "-c", "m.cc", "-o", "m.o"});
  if (!is_gcc())
    expect_refused("modules", {"-fprebuilt-module-path=.", "-std=c++20", "-c", "m.cc", "-o", "m.o"});
}

TEST_P(Outputs, recorded_command_lines_are_those_of_each_command) {
  expect_cached({"-frecord-gcc-switches", "-c", "a.c", "-o", "a.o"});
  const Effect other = cached({"-frecord-gcc-switches", "-c", "a.c", "-o", "b.o"});
  remove("b.o");
  EXPECT_EQ(difference(alone({"-frecord-gcc-switches", "-c", "a.c", "-o", "b.o"}).files, other.files, true),
            "");
  expect_cached({"-g", "-grecord-gcc-switches", "-c", "a.c", "-o", "a.o"});
}

TEST_P(Outputs, debug_information_names_the_folder_unless_mapped) {
  write("sub/s.c", "int s;\n");
  How how;
  how.cwd = "sub";
  expect_cached({"-g", "-c", "s.c", "-o", "s.o"}, how);
  expect_cached({"-g", "-fdebug-prefix-map=" + path("sub") + "=/x", "-c", "s.c", "-o", "s.o"}, how);
  expect_cached({"-g", "-ffile-prefix-map=" + path("sub") + "=.", "-c", "s.c", "-o", "s.o"}, how);
  if (!is_gcc()) expect_cached({"-g", "-fdebug-compilation-dir=/y", "-c", "s.c", "-o", "s.o"}, how);
}

TEST_P(Outputs, the_random_seed_is_in_the_key) {
  if (!is_gcc()) GTEST_SKIP() << "Clang ignores the seed";
  expect_cached({"-frandom-seed=1", "--coverage", "-c", "a.c", "-o", "a.o"}, {}, Compare::all_but_bytes);
  expect("miss", {"-frandom-seed=2", "--coverage", "-c", "a.c", "-o", "a.o"}, {}, Compare::all_but_bytes);
}

TEST_P(Outputs, mode_bits_follow_the_umask) {
  for (const mode_t mask : {mode_t{022}, mode_t{027}, mode_t{077}, mode_t{0}}) {
    How how;
    how.umask = mask;
    const Words words = {"-MD", "-fstack-usage", "-c", "a.c", "-o", "a.o"};
    if (mask == 022)
      expect_cached(words, how);
    else
      expect("hit", words, how);
    remove("a.o");
    remove("a.d");
    remove("a.su");
  }
}

TEST_P(Outputs, an_object_name_that_is_taken_is_treated_as_the_compiler_does) {
  const Words words = {"-c", "a.c", "-o", "a.o"};
  write("target", "old");
  const auto each_way = [&](const char* what, const std::function<void()>& prepare) {
    SCOPED_TRACE(what);
    for (const char* outcome : {"first", "hit"}) {
      remove("a.o");
      remove("twin.o");
      write("target", "old");
      prepare();
      const Snapshot before = take_snapshot(folder());
      alone(words);
      const Snapshot expected = take_snapshot(folder());
      put_back(folder(), before);
      const Effect found = cached(words);
      if (std::string(outcome) == "hit") {
        // What is not ours to replace is left to the compiler.
        EXPECT_TRUE(found.outcome == "hit" || found.outcome == "error") << found.outcome;
      }
      EXPECT_EQ(difference(expected, take_snapshot(folder()), true), "");
    }
  };
  each_way("a symlink", [&] { link("target", "a.o"); });
  each_way("a symlink to nothing", [&] { link("nothing", "a.o"); });
  remove("nothing");
  each_way("read-only", [&] {
    write("a.o", "old");
    std::filesystem::permissions(path("a.o"), std::filesystem::perms(0444));
  });
  each_way("a hard link", [&] {
    write("twin.o", "old");
    std::filesystem::create_hard_link(path("twin.o"), path("a.o"));
  });
}

}  // namespace
}  // namespace compiler_cache::situations
