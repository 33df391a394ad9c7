// What the command says: languages, actions, options, response files.
#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class CommandLine : public Situation {
 protected:
  void SetUp() override {
    Situation::SetUp();
    if (!IsSkipped()) write("a.c", "#ifndef N\n#define N 0\n#endif\nint n = N;\n");
  }
};
INSTANTIATE_COMPILERS(CommandLine);

TEST_P(CommandLine, response_files_are_expanded_as_the_compiler_does) {
  write("in ner.rsp", "-D'N=1 +1' \"-DM=\\\"a b\\\"\"\n");
  write("outer.rsp", "@'in ner.rsp'\n-c a.c -o a\\ b.o");
  expect_cached({"@outer.rsp"});
  write("in ner.rsp", "-DN=3\n");
  expect_cached({"@outer.rsp"});
}

TEST_P(CommandLine, response_files_that_are_missing_or_name_themselves_are_refused) {
  expect_refused("response-file", {"@missing.rsp", "-c", "a.c"});
  write("self.rsp", "@self.rsp -DN=1");
  write("empty.rsp", "");
  expect_cached({"@empty.rsp", "-c", "a.c", "-o", "a.o"});
  const Effect found = cached({"@self.rsp", "-c", "a.c", "-o", "a.o"});
  EXPECT_EQ(found.outcome, "response-file");
}

TEST_P(CommandLine, the_last_language_before_the_source_counts) {
  write("b.txt", "int b;\n");
  expect_cached({"-x", "c", "-c", "b.txt", "-o", "b.o"});
  expect_cached({"-xc++", "-x", "c", "-c", "b.txt", "-o", "b.o"});
  expect_cached({"-x", "c++", "-c", "b.txt", "-o", "b.o"});
  expect_cached({"-x", "c++", "-x", "none", "-c", "a.c", "-o", "a.o"});
  expect_refused("unknown-language", {"-x", "klingon", "-c", "a.c", "-o", "a.o"});
}

TEST_P(CommandLine, object_and_assembler_text_are_cached) {
  expect_cached({"-c", "a.c"});
  expect_cached({"-S", "a.c"});
  expect("hit", {"-S", "a.c", "-o", "other.s"});
  expect_cached({"-O2", "-S", "-fverbose-asm", "a.c"});
}

TEST_P(CommandLine, what_is_no_single_compile_is_refused_each_for_its_reason) {
  write("b.c", "int main(void) { return 0; }\n");
  expect_refused("preprocess-only", {"-E", "a.c", "-o", "a.i"});
  expect_refused("syntax-only", {"-fsyntax-only", "a.c"});
  expect_refused("not-a-compile", {"b.c", "-o", "b"}, {}, Compare::all_but_bytes);
  expect_refused("several-inputs", {"-c", "a.c", "b.c"});
  expect_refused("stdin-input", {"-x", "c", "-c", "-", "-o", "stdin.o"});
  expect_refused("no-input", {"-c"});
  expect_refused("output-to-stdout", {"-S", "a.c", "-o", "-"});
  expect_refused("not-a-compile", {"--version"});
}

TEST_P(CommandLine, an_output_into_nowhere_is_the_compilers_own_error) {
  expect_cached({"-c", "a.c", "-o", "a.o"});
  make_folder("folder");
  for (const char* output : {"missing/a.o", "folder", "folder/"}) {
    SCOPED_TRACE(output);
    const Effect expected = alone({"-c", "a.c", "-o", output});
    const Effect found = cached({"-c", "a.c", "-o", output});
    EXPECT_EQ(expected.ending.status, found.ending.status);
    EXPECT_EQ(expected.ending.error.empty(), found.ending.error.empty());
    EXPECT_EQ(difference(expected.files, found.files, true), "");
  }
  expect_refused("output-not-regular", {"-c", "a.c", "-o", "/dev/null"});
}

TEST_P(CommandLine, names_decide_language_and_object) {
  write("sub/b.i", "int b;\n");
  write("b.ii", "int b;\n");
  write("b.s", ".globl b\n");
  write("b.S", "#define B b\n.globl B\n");
  write("b.x.c", "int b;\n");
  write("b.cc", "int b() { return 0; }\n");
  for (const char* source : {"sub/b.i", "b.ii", "b.s", "b.S", "b.x.c", "b.cc"}) {
    SCOPED_TRACE(source);
    expect_cached({"-c", source});
  }
  write("noext", "int b;\n");
  const Effect found = cached({"-c", "noext"});
  EXPECT_EQ(found.outcome.find("hit"), std::string::npos);
}

TEST_P(CommandLine, two_dashes_end_the_options) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no --";
  write("-DN.c", "int d;\n");
  expect_cached({"-c", "-o", "a.o", "--", "-DN.c"});
}

TEST_P(CommandLine, the_order_of_options_counts) {
  expect_cached({"-DN=1", "-UN", "-c", "a.c", "-o", "a.o"});
  expect_cached({"-UN", "-DN=1", "-c", "a.c", "-o", "a.o"});
  expect_cached({"-O0", "-O2", "-c", "a.c", "-o", "a.o"});
  expect_cached({"-O2", "-O0", "-c", "a.c", "-o", "a.o"});
}

TEST_P(CommandLine, macros_are_in_the_key_however_they_are_spelled) {
  for (const Words& macro : {Words{"-DN=1"}, Words{"-D", "N=2"}, Words{"-DN='x'"},
                             Words{"-DN=(int)sizeof(\"a b\\\\\")"}, Words{"-DN=4", "-U", "N"}}) {
    SCOPED_TRACE(macro.back());
    Words words = macro;
    words.insert(words.end(), {"-c", "a.c", "-o", "a.o"});
    expect_cached(words);
  }
}

TEST_P(CommandLine, search_folders_of_every_kind_are_watched_in_their_order) {
  write("s.c", "#include \"x.h\"\nint x = X;\n");
  make_folder("sys");
  make_folder("iquote");
  write("after/x.h", "#define X 1\n");
  make_folder("root/usr/include");
  const Words words = {"-isystem",       "sys", "-idirafter", "after", "-iquote", "iquote",
                       "--sysroot=root", "-c",  "s.c",        "-o",    "s.o"};
  expect_cached(words);
  int value = 2;
  for (const std::string folder : {"root/usr/include", "sys", "iquote", "."}) {
    SCOPED_TRACE(folder);
    write(folder + "/x.h", "#define X " + std::to_string(value++) + "\n");
    expect("miss", words);
  }
  expect_cached({"-nostdinc", "-c", "s.c", "-o", "s.o"});
}

TEST_P(CommandLine, options_handed_through_are_in_the_key) {
  expect_cached({"-Wa,--noexecstack", "-c", "a.c", "-o", "a.o"});
  expect_refused("assembler-option", {"-Wa,@more", "-c", "a.c", "-o", "a.o"});
  if (!is_gcc()) expect_refused("frontend-option", {"-Xclang", "-disable-free", "-c", "a.c", "-o", "a.o"});
}

TEST_P(CommandLine, an_option_that_nobody_knows_is_refused) {
  expect_refused("unknown-option", {"--no-such-option", "-c", "a.c", "-o", "a.o"});
}

TEST_P(CommandLine,
       options_that_change_how_headers_are_found_beyond_the_search_path_are_followed_or_refused) {
  if (is_gcc()) return expect_refused("unknown-option", {"-I-", "-c", "a.c", "-o", "a.o"});
  write("later/x.h", "#define X 1\n");
  write("sub/y.h", "#include \"x.h\"\n");
  write("chain.c", "#include \"sub/y.h\"\nint x = X;\n");
  for (const char* option : {"-fms-compatibility", "--target=x86_64-pc-windows-msvc"}) {
    const Words words{option, "-Ilater", "-c", "chain.c", "-o", "a.o"};
    expect_cached(words, {}, Compare::all_but_bytes);
    // Beside the source, which includes the header that includes it.
    write("x.h", "#define X 22\n#warning found\n");
    expect_cached(words, {}, Compare::all_but_bytes);
    remove("x.h");
    expect("hit", words, {}, Compare::all_but_bytes);
  }
}

TEST_P(CommandLine, a_header_that_is_put_for_another_is_refused) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no #pragma include_alias";
  write("alias.c", "#pragma include_alias(\"x.h\", \"real.h\")\n#include \"x.h\"\nint x = X;\n");
  write("later/real.h", "#define X 1\n");
  expect_refused("computed-probe", {"-fms-extensions", "-Ilater", "-c", "alias.c", "-o", "a.o"});
}

TEST_P(CommandLine, verbose_commands_are_refused) {
  const Effect found = cached({"-v", "-c", "a.c", "-o", "a.o"});
  EXPECT_EQ(found.outcome, "verbose");
}

TEST_P(CommandLine, several_architectures_are_refused) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no -arch";
  expect_refused("several-architectures", {"-arch", "x86_64", "-arch", "arm64", "-c", "a.c", "-o", "a.o"});
}

TEST_P(CommandLine, native_machine_options_are_cached) {
  expect_cached({"-march=native", "-mtune=native", "-c", "a.c", "-o", "a.o"});
}

TEST_P(CommandLine, another_name_of_the_working_folder_is_another_entry) {
  make_folder("real");
  link("real", "alias");
  write("real/s.c", "int s;\n");
  How how;
  how.cwd = "real";
  expect_cached({"-g", "-c", "s.c", "-o", "s.o"}, how);
  how.environment["PWD"] = path("alias");
  expect_cached({"-g", "-c", "s.c", "-o", "s.o"}, how);
}

TEST_P(CommandLine, a_disabled_cache_is_the_compiler_alone_and_counted_as_bypassed) {
  expect_cached({"-c", "a.c", "-o", "a.o"});
  How how;
  how.environment["COMPILER_CACHE_DISABLE"] = "1";
  expect("bypassed", {"-c", "a.c", "-o", "a.o"}, how);
}

TEST_P(CommandLine, an_empty_source_is_cached) {
  write("empty.c", "");
  expect_cached({"-c", "empty.c", "-o", "e.o"});
}

}  // namespace
}  // namespace compiler_cache::situations
