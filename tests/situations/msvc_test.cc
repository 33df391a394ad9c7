// The MSVC dialect, by clang-cl. What headers do to a result is in the tests of the include notes, and in
// tests/holes.
#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class Msvc : public Situation {
 protected:
  void SetUp() override {
    Situation::SetUp();
    if (IsSkipped()) return;
    write("a.c", "#include \"x.h\"\nint a = X + V;\n");
    write("inc/x.h", "#define X 1\n");
    make_folder("out");
  }
  /// Without the time of its making, so that objects can be compared.
  static Words with(const Words& more) {
    Words words = {"/Brepro", "/c", "/Iinc", "/DV=1"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  static How in(const std::string& name, const std::string& value) {
    How how;
    how.environment[name] = value;
    return how;
  }
};
INSTANTIATE_MSVC_COMPILER(Msvc);

TEST_P(Msvc, objects_go_where_fo_says) {
  expect_cached(with({"a.c"}));
  // The name is no part of the result.
  for (const Words& more : {Words{"a.c", "/Foout/"}, Words{"a.c", "/Foout/y"}, Words{"a.c", "-o", "y.o"},
                            Words{"/Foout\\y.obj", "a.c"}, Words{"a.c", "/Foout/z.obj", "/link", "/x"}}) {
    SCOPED_TRACE(more.back());
    remove("a.obj");
    expect(more.back() == "/x" ? "miss" : "hit", with(more));
  }
  expect_cached(with({"/TP", "/Foout/", "--", path("a.c")}));
  expect("hit", with({"/Tca.c"}));
}

TEST_P(Msvc, depfiles_are_restored) {
  expect_cached(with({"a.c", "-clang:-MD", "-clang:-MF", "-clang:out/a.d"}));
  remove("out/a.d");
  expect("hit", with({"a.c", "-clang:-MD", "-clang:-MF", "-clang:out/b.d"}));
  expect("hit", with({"a.c", "/clang:-MD", "/clang:-MFout/c.d", "/clang:-MTsome thing"}));
  expect_cached(with({"a.c", "/clang:-MMD", "/Foout/"}));
  write("inc/x.h", "#define X 2\n");
  expect("miss", with({"a.c", "-clang:-MD", "-clang:-MF", "-clang:out/b.d"}));
}

TEST_P(Msvc, embedded_debug_information_is_cached) {
  const Words words = with({"a.c", "/Z7", "/Foout/"});
  expect_cached(words);
  expect_cached(with({"a.c", "/Z7", "/Foout/b.obj"}));
  expect_cached(with({"a.c", "-gline-tables-only", "/Foout/"}));
  write("inc/x.h", "#define X 2\n");
  expect_cached(words);
}

TEST_P(Msvc, debug_information_in_a_file_of_its_own_is_refused) {
  expect_refused("program-database", with({"a.c", "/Zi", "/Fdout/", "/FS"}));
  expect_refused("program-database", with({"a.c", "-ZI"}));
}

TEST_P(Msvc, precompiled_headers_are_refused) {
  write("b.c", "#include \"x.h\"\nint b = X;\n");
  expect_refused("precompiled-header", with({"a.c", "/Ycx.h", "/Fpout/x.pch"}), {}, Compare::all_but_bytes);
  ASSERT_EQ(alone(with({"a.c", "/Ycx.h", "/Fpout/x.pch"})).ending.status, 0);
  expect_refused("precompiled-header", with({"b.c", "/Yux.h", "/Fpout/x.pch"}));
}

TEST_P(Msvc, what_compiles_nothing_is_refused) {
  expect_refused("preprocess-only", with({"/E", "a.c"}));
  expect_refused("preprocess-only", with({"/EP", "a.c"}));
  expect_refused("preprocess-only", with({"/P", "a.c", "/Fiout/"}));
  expect_refused("syntax-only", with({"/Zs", "a.c"}));
  write("b.c", "int b;\n");
  expect_refused("several-inputs", with({"/MP", "a.c", "b.c"}));
  expect_refused("writes-extra-file", with({"/FA", "a.c"}));
  expect_refused("unknown-option", with({"-unheard-of", "a.c"}));
}

TEST_P(Msvc, options_of_the_environment_count) {
  const Words words{"/Brepro", "/c", "/Iinc", "a.c"};
  expect_cached(words, in("CL", "/DV#3"));
  expect_cached(words, in("CL", "/DV#4"));
  expect_cached(words, in("_CL_", "/DV=3 /Foout/"));
  expect_cached(with({"a.c"}), in("_CL_", "/Z7"));
  expect_refused("preprocess-only", words, in("CL", "/DV=1 /E"));
  expect_refused("response-file", words, in("CL", "/DV=1 /D\"X Y"), Compare::everything);
  expect("hit", words, in("CL", "/DV#3"));
}

TEST_P(Msvc, folders_of_the_environment_count) {
  write("inc/x.h", "#include <sys.h>\n#define X S\n");
  write("later/sys.h", "#define S 1\n");
  make_folder("earlier");
  const How how = in("INCLUDE", path("earlier") + ";" + path("later"));
  expect_cached(with({"a.c"}), how);
  write("earlier/sys.h", "#define S 2\n");
  expect_cached(with({"a.c"}), how);
  expect_cached(with({"a.c"}), in("INCLUDE", path("later")));
  expect_cached(with({"a.c"}), in("EXTERNAL_INCLUDE", path("later")));
  remove("earlier/sys.h");
  expect("hit", with({"a.c"}), how);
}

TEST_P(Msvc, response_files_are_read) {
  const auto utf16 = [](const std::string& text) {
    std::string bytes = "\xff\xfe";
    for (const char letter : text) (bytes += letter) += '\0';
    return bytes;
  };
  write("inc two/x.h", "#define X 7\n");
  write("x.rsp", utf16("/DV=1 \"/Iinc two\" /Foout\\b.obj\r\na.c"));
  expect_cached({"/Brepro", "/c", "@x.rsp"});
  write("x.rsp", utf16("/DV=2 \"/Iinc two\" /Foout\\b.obj\r\na.c"));
  expect_cached({"/Brepro", "/c", "@x.rsp"});
  // With debug information the command line is inside, and so is what the file says.
  write("x.rsp", "\xef\xbb\xbf/Z7 /DV=1 /Iinc /clang:-MFout/a.d a.c");
  expect_cached({"/Brepro", "/c", "/clang:-MD", "@x.rsp"});
  write("x.rsp", "/Z7 /DV=1 /Iinc /clang:-MFout/b.d a.c");
  expect_cached({"/Brepro", "/c", "/clang:-MD", "@x.rsp"});
}

TEST_P(Msvc, headers_beside_every_includer_count) {
  write("a.c", "#include \"sub/y.h\"\nint a = X;\n");
  write("sub/y.h", "#include \"deep\\z.h\"\n");
  write("sub/deep/z.h", "#include \"x.h\"\n");
  for (const char* hiding : {"x.h", "sub/x.h", "sub/deep/x.h"}) {
    SCOPED_TRACE(hiding);
    expect(hiding == std::string("x.h") ? "miss" : "hit", with({"a.c"}));
    expect("hit", with({"a.c"}));
    write(hiding, "#define X 2\n");
    expect_cached(with({"a.c"}));
    remove(hiding);
  }
}

TEST_P(Msvc, a_forced_include_is_looked_for_beside_the_source) {
  write("src/a.c", "int a = F;\n");
  write("inc/f.h", "#define F 1\n");
  const Words words = with({"src/a.c", "/FIf.h"});
  expect_cached(words);
  write("src/f.h", "#define F 2\n");
  expect_cached(words);
  write("f.h", "#define F 3\n");
  expect_cached(words);
}

TEST_P(Msvc, the_newest_of_several_versions_counts) {
  const std::string tools = "sys/VC/Tools/MSVC/";
  write(tools + "14.29.1/include/tool.h", "#define T 1\n");
  write("a.c", "#include <tool.h>\nint a = T;\n");
  const Words words = with({"a.c", "/winsysroot", "sys"});
  expect_cached(words);
  write(tools + "14.30.1/include/tool.h", "#define T 2\n");
  expect_cached(words);
}

TEST_P(Msvc, another_name_of_the_driver_is_followed) {
  How how;
  how.compiler = CLANG_PROGRAM;
  const auto mode = [&](const Words& more) {
    Words words = with(more);
    words.insert(words.begin(), "--driver-mode=cl");
    return words;
  };
  expect_cached(mode({"a.c", "/Foout/"}), how);
  how.compiler = path("hand-on");
  write_script("hand-on", "exec " + std::string(GetParam().program) + " \"$@\"\n");
  expect_cached(with({"a.c", "/Foout/"}), how);
  write("inc/x.h", "#define X 2\n");
  expect_cached(with({"a.c", "/Foout/"}), how);
}

TEST_P(Msvc, a_terminal_gets_colours_and_a_pipe_does_not) {
  write("a.c", "#warning here\nint a;\n");
  How terminal;
  terminal.terminal = true;
  terminal.environment["TERM"] = "xterm";
  expect_cached(with({"a.c"}), terminal);
  expect_cached(with({"a.c"}));
  EXPECT_NE(expect("hit", with({"a.c"}), terminal).ending.error.find('\33'), std::string::npos);
}

TEST_P(Msvc, a_failed_compile_is_passed_on) {
  write("a.c", "int a = ;\n");
  for (int i = 0; i < 2; ++i) expect("miss", with({"a.c"}));
}

}  // namespace
}  // namespace compiler_cache::situations
