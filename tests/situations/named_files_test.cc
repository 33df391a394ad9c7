// Files that options name, and no depfile lists: their content is an input, or the command is refused.
#include <filesystem>

#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class NamedFiles : public Situation {
 protected:
  void SetUp() override {
    Situation::SetUp();
    if (IsSkipped()) return;
    write("a.c",
          "int data[8];\n"
          "int count(int x) {\n"
          "  int n = 0;\n"
          "  for (int i = 0; i < x; ++i)\n"
          "    if (i & 4) n += data[x & 7]; else n ^= i;\n"
          "  return n;\n"
          "}\n"
          "int main(int c, char** v) { (void)v; return count(c > 1 ? 100000 : 3) == 7; }\n");
  }
  std::string compiler() const { return GetParam().program; }
  /// With either text in the file the result is cached, and it is another one.
  void expect_input(const std::string& file, const std::string& one, const std::string& other,
                    const Words& words, const How& how = {}) const {
    SCOPED_TRACE(words.front());
    write(file, one);
    expect_cached(words, how);
    const std::string first = read("a.o");
    write(file, other);
    expect_cached(words, how);
    EXPECT_TRUE(read("a.o") != first) << "the test shows nothing";
    write(file, one);
    expect("hit", words, how);
    EXPECT_TRUE(read("a.o") == first);
  }
  /// What the program says of itself when it has run with these arguments; empty where that needs what is not
  /// installed.
  std::string profile(const Words& arguments) const {
    const char* const option = is_gcc() ? "-fprofile-generate" : "-fprofile-instr-generate=a.profraw";
    for (const char* old : {"a.gcda", "a.profraw", "a.profdata"}) remove(old);
    const bool linked = alone({"-O2", option, "-c", "a.c", "-o", "a.o"}).ending.exit_code() == 0 &&
                        alone({option, "a.o", "-o", "a"}).ending.exit_code() == 0;
    if (!linked || tool(path("a"), arguments).exit_code() != 0) return {};
    remove("a.o");
    if (is_gcc()) return read("a.gcda");
    tool("llvm-profdata", {"merge", "-o", "a.profdata", "a.profraw"});
    return read("a.profdata");
  }
};
INSTANTIATE_COMPILERS(NamedFiles);

TEST_P(NamedFiles, profile_data_of_the_compilers_own) {
  const std::string little = profile({});
  const std::string much = profile({"more"});
  if (little.empty() || much.empty()) GTEST_SKIP() << "the runtime library or llvm-profdata is not installed";
  remove("a.gcda");
  if (is_gcc()) {
    const Words use = {"-O2", "-fprofile-use", "-c", "a.c", "-o", "a.o"};
    expect_cached(use);  // there is none
    expect_input("a.gcda", little, much, use);
    remove("a.gcda");
    expect("hit", use);
    return expect_refused("profile-data", {"-O2", "-fprofile-use=a.gcda", "-c", "a.c", "-o", "a.o"});
  }
  expect_input("p/x", little, much, {"-fprofile-use=p/x", "-O2", "-c", "a.c", "-o", "a.o"});
  expect_input("p/y", little, much, {"-fprofile-instr-use=p/y", "-O2", "-c", "a.c", "-o", "a.o"});
  expect_input("p/default.profdata", little, much, {"-fprofile-use=p/", "-O2", "-c", "a.c", "-o", "a.o"});
  expect_input("default.profdata", little, much, {"-fprofile-instr-use", "-O2", "-c", "a.c", "-o", "a.o"});
}

TEST_P(NamedFiles, sampled_profiles) {
  if (is_gcc()) GTEST_SKIP() << "nothing here makes one that GCC reads";
  expect_input("f", "count:100000:1\n 0: 1\n", "main:9:9\n 0: 9\n",
               {"-fprofile-sample-use=f", "-O2", "-c", "a.c", "-o", "a.o"});
}

TEST_P(NamedFiles, lists_of_what_to_instrument) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no such lists";
  const Words rest = {"-O1", "-c", "a.c", "-o", "a.o"};
  const auto expect_list = [&](const Words& options, const std::string& one, const std::string& other) {
    Words words = options;
    words.insert(words.end(), rest.begin(), rest.end());
    expect_input("list", one, other, words);
  };
  expect_list({"-fsanitize-ignorelist=list", "-fsanitize=address"}, "fun:count\n", "\n");
  expect_list({"-fsanitize-blacklist=list", "-fsanitize=address"}, "fun:count\n", "fun:main\n");
  expect_list({"-fsanitize-coverage-allowlist=list", "-fsanitize-coverage=func,trace-pc-guard"},
              "src:*\nfun:count\n", "src:*\nfun:main\n");
  expect_list({"-fsanitize-coverage-ignorelist=list", "-fsanitize-coverage=func,trace-pc-guard"},
              "fun:count\n", "fun:main\n");
  expect_list({"-fprofile-list=list", "-fprofile-instr-generate"}, "fun:count\n", "fun:main\n");
  expect_list({"-fxray-attr-list=list", "-fxray-instrument"}, "[always]\nfun:count\n",
              "[always]\nfun:main\n");
  expect_list({"-fbasic-block-sections=list=list"}, "!count\n", "!main\n");
}

TEST_P(NamedFiles, specs_that_the_command_names) {
  if (!is_gcc()) GTEST_SKIP() << "Clang reads no specs";
  write("a.c", "int a = A;\n");
  const auto specs = [](int value) { return "*cc1_options:\n+ -DA=" + std::to_string(value) + "\n\n"; };
  expect_input("s.specs", specs(1), specs(2), {"-specs=" + path("s.specs"), "-c", "a.c", "-o", "a.o"});
  expect_input("s.specs", specs(3), specs(4), {"-specs", path("s.specs"), "-c", "a.c", "-o", "a.o"});
  expect_refused("specs-file", {"-specs=./s.specs", "-c", "a.c", "-o", "a.o"});
}

TEST_P(NamedFiles, configuration_files_are_refused) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no configuration files";
  write("a.c", "int a = A;\n");
  for (const char* value : {"1", "2"}) {
    write("c.cfg", std::string("-DA=") + value + "\n");
    expect_refused("config-file", {"--config", "./c.cfg", "-c", "a.c", "-o", "a.o"});
  }
}

// Whether they can be loaded makes no difference: nobody knows what they read.
TEST_P(NamedFiles, plugins_are_refused) {
  write("p.so", "no plugin");
  expect_refused("plugin", {"-fplugin=./p.so", "-c", "a.c", "-o", "a.o"});
  if (is_gcc()) {
    write_script("run", "exec \"$@\"\n");
    return expect_refused("plugin", {"-wrapper", path("run"), "-c", "a.c", "-o", "a.o"});
  }
  expect_refused("plugin", {"-fpass-plugin=./p.so", "-c", "a.c", "-o", "a.o"});
  expect_refused("frontend-option", {"-Xclang", "-load", "-Xclang", "./p.so", "-c", "a.c", "-o", "a.o"});
}

TEST_P(NamedFiles, overlays_of_the_file_system_are_refused) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no overlays";
  write("a.c", "#include \"v/v.h\"\nint a = V;\n");
  write("one.h", "#define V 1\n");
  write("two.h", "#define V 2\n");
  std::string last;
  for (const char* header : {"one.h", "two.h"}) {
    write("overlay.yaml", "{ 'version': 0, 'roots': [ { 'type': 'directory', 'name': '" + path("v") +
                              "', 'contents': [ { 'type': 'file', 'name': 'v.h', 'external-contents': '" +
                              path(header) + "' } ] } ] }\n");
    expect_refused("vfs-overlay", {"-ivfsoverlay", "overlay.yaml", "-c", "a.c", "-o", "a.o"});
    EXPECT_TRUE(read("a.o") != last) << "the test shows nothing";
    last = read("a.o");
    EXPECT_FALSE(last.empty());
    expect_refused("frontend-option",
                   {"-Xclang", "-ivfsoverlay", "-Xclang", "overlay.yaml", "-c", "a.c", "-o", "a.o"});
  }
}

// No depfile tells of them, nor does the command.
TEST_P(NamedFiles, files_that_a_wrapper_names_are_part_of_the_compiler) {
  if (is_gcc()) {
    write_script("wrapper", "exec " + compiler() + " -specs=" + path("f") + " \"$@\"\n");
    write("a.c", "int a = A;\n");
  } else {
    write_script("wrapper", "exec " + compiler() + " -fprofile-sample-use=" + path("f") + " \"$@\"\n");
  }
  How how;
  how.compiler = path("wrapper");
  const std::string one = is_gcc() ? "*cc1_options:\n+ -DA=1\n\n" : "count:100000:1\n 0: 1\n";
  const std::string other = is_gcc() ? "*cc1_options:\n+ -DA=2\n\n" : "main:9:9\n 0: 9\n";
  expect_input("f", one, other, {"-O2", "-c", "a.c", "-o", "a.o"}, how);
}

TEST_P(NamedFiles, options_of_a_wrapper_that_cannot_be_followed_are_refused) {
  How how;
  how.compiler = path("wrapper");
  const char* const option = is_gcc() ? "-fprofile-use" : "-fprofile-sample-use=f";
  write("f", "count:100000:1\n 0: 1\n");
  write_script("wrapper", "exec " + compiler() + " " + option + " \"$@\"\n");
  expect_refused("unsupported-compiler", {"-O2", "-c", "a.c", "-o", "a.o"}, how);
}

}  // namespace
}  // namespace compiler_cache::situations
