// Modules are refused with that reason, so an interface that changes is seen by who imports it: each compile
// is the compiler's own.
#include <filesystem>

#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class Modules : public Situation {
 protected:
  void SetUp() override {
    Situation::SetUp();
    if (IsSkipped()) return;
    write("use.cc", "import m;\nint size() { return sizeof(S); }\n");
    write_interface("int a;");
  }
  void write_interface(const std::string& members) const {
    write("m.cppm", "export module m;\nexport struct S { " + members + " };\n");
  }
  static Words plus(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Words make() const {
    if (is_gcc()) return plus(common(), {"-x", "c++", "-c", "m.cppm", "-o", "m.o"});
    return plus(common(), {"--precompile", "m.cppm", "-o", "m.pcm"});
  }
  Words common() const { return is_gcc() ? Words{"-std=c++20", "-fmodules-ts"} : Words{"-std=c++20"}; }
  /// The interface changes, and changes back, and whoever imports it by `options` sees that.
  void expect_seen(const std::string& reason, const Words& options) const {
    SCOPED_TRACE(options.empty() ? "plain" : options.back());
    const Words use = plus(plus(common(), options), {"-c", "use.cc", "-o", "use.o"});
    std::string objects[3];
    const char* const members[] = {"int a;", "int a[3];", "int a;"};
    for (int i = 0; i < 3; ++i) {
      write_interface(members[i]);
      const Effect made = cached(make());
      EXPECT_EQ(made.outcome, "modules");
      ASSERT_EQ(made.ending.exit_code(), 0) << made.ending.error;
      expect_refused(reason, use);
      objects[i] = read("use.o");
      EXPECT_FALSE(objects[i].empty());
    }
    EXPECT_TRUE(objects[0] != objects[1]) << "the test shows nothing";
    EXPECT_TRUE(objects[0] == objects[2]);
  }
};
INSTANTIATE_COMPILERS(Modules);

TEST_P(Modules, an_interface_that_changes_is_seen_by_who_imports_it) {
  if (is_gcc()) {
    expect_seen("modules", {});
    return;
  }
  expect_seen("modules", {"-fmodule-file=m.pcm"});
  expect_seen("modules", {"-fmodule-file=m=m.pcm"});
  expect_seen("modules", {"-fprebuilt-module-path=."});
  expect_seen("frontend-option", {"-Xclang", "-fmodule-file=m.pcm"});
}

TEST_P(Modules, what_names_the_interfaces_may_be_in_another_file) {
  if (is_gcc()) {
    write("map", "m " + path("gcm.cache/m.gcm") + "\n");
    expect_seen("modules", {"-fmodule-mapper=map"});
    write("use.modmap", "-fmodule-mapper=map\n");
  } else {
    write("use.modmap", "-fmodule-file=m.pcm\n");
  }
  expect_seen("modules", {"@use.modmap"});
}

TEST_P(Modules, making_an_interface_is_refused) {
  expect_refused("modules", make(), {}, Compare::all_but_bytes);
  if (!is_gcc())
    return expect_refused("modules", {"-std=c++20", "-c", "m.cppm", "-o", "m.o"}, {}, Compare::all_but_bytes);
  expect_refused("modules", plus(common(), {"-fmodule-only", "-x", "c++", "-c", "m.cppm", "-o", "m.o"}), {},
                 Compare::all_but_bytes);
  write("h.h", "inline int h = 1;\n");
  expect_refused("modules", plus(common(), {"-x", "c++-header", "h.h"}), {}, Compare::all_but_bytes);
}

TEST_P(Modules, a_header_behind_a_module_map_changes) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no module maps";
  write("maps/module.modulemap", "module M { header \"m.h\" export * }\n");
  write("use.c", "#include \"m.h\"\nint size(void) { return sizeof(struct S); }\n");
  std::string last;
  for (const char* member : {"int a;", "int a[3];", "int a;"}) {
    write("maps/m.h", std::string("struct S { ") + member + " };\n");
    // What is in the cache of modules has its own hashes in it: only what is compiled must be the same.
    for (const Words& options :
         {Words{"-fmodules", "-fmodules-cache-path=cache"},
          Words{"-fmodules", "-fimplicit-module-maps", "-fmodules-cache-path=cache"},
          Words{"-fmodules", "-fmodule-map-file=maps/module.modulemap", "-fmodules-cache-path=cache"}}) {
      expect_refused("modules", plus(options, {"-Imaps", "-c", "use.c", "-o", "use.o"}), {},
                     Compare::all_but_bytes);
    }
    EXPECT_TRUE(read("use.o") != last) << "the test shows nothing";
    last = read("use.o");
  }
}

}  // namespace
}  // namespace compiler_cache::situations
