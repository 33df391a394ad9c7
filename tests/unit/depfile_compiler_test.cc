// Holds depfile reader and writer against what the compilers installed here really write.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "depscan/depfile.h"

namespace compiler_cache {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

struct Compiler {
  const char* program;
  DepfileDialect dialect;
};

void PrintTo(const Compiler& compiler, std::ostream* out) { *out << compiler.program; }

/// Runs `command` and waits; its output goes nowhere. The exit status, or -1.
int run(const Names& command) {
  const pid_t child = fork();
  if (child == 0) {
    std::vector<char*> argv;
    for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    if (freopen("/dev/null", "w", stdout) == nullptr || freopen("/dev/null", "w", stderr) == nullptr)
      _exit(126);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

class DepfileCompiler : public testing::TestWithParam<Compiler> {
 protected:
  void SetUp() override {
    if (run({GetParam().program, "--version"}) != 0)
      GTEST_SKIP() << GetParam().program << " is not installed";
    std::string pattern = (fs::temp_directory_path() / "depfile-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    home_ = fs::current_path();
    fs::current_path(folder_);
  }
  void TearDown() override {
    if (folder_.empty()) return;
    fs::current_path(home_);
    fs::remove_all(folder_);
  }

  /// Makes t.c, which includes `headers` in this order, and the headers.
  void make_source(const Names& headers) {
    std::ofstream source("t.c");
    for (const std::string& header : headers) {
      if (const fs::path parent = fs::path(header).parent_path(); !parent.empty())
        fs::create_directories(parent);
      std::ofstream{header};
      source << "#include \"" << header << "\"\n";
    }
  }
  /// The depfile of t.c. Preprocessing alone writes the same one as a compile (see
  /// WholeCompileWritesTheSame).
  std::string depfile(const Names& options, const char* mode = "-E") {
    Names command = {GetParam().program, mode, "t.c", "-MF", "t.d"};
    command.insert(command.end(), options.begin(), options.end());
    EXPECT_EQ(run(command), 0);
    std::ifstream file("t.d", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string retargeted(const std::string& text, const Names& targets) {
    const auto result = retarget_depfile(text, targets, GetParam().dialect);
    return result ? *result : "error: " + result.error().message + " in\n" + text;
  }
  /// The C++ drivers share their writer with the C ones: a few samples do.
  unsigned sweep_step() const { return std::string_view(GetParam().program).ends_with("++") ? 13 : 1; }
  bool is_gcc() const { return GetParam().dialect == DepfileDialect::gcc; }

 private:
  fs::path folder_;
  fs::path home_;
};

Names hard_names() {
  Names names = {"a b.h",
                 "a#b.h",
                 "a$b.h",
                 "a:b.h",
                 "a%b.h",
                 "a\tb.h",
                 " .h",
                 "a: b.h",
                 "$$",
                 "#",
                 "gr\xc3\xbc\xc3\x9f.h",
                 "d e/f.h",
                 "~",
                 "a*b?[c].h",
                 "|",
                 "a  b.h",
                 "a'b.h",
                 "a=b.h",
                 "%",
                 "a;b&(c){d}.h",
                 "$(x)",
                 "+=x"};
  for (std::size_t length = 1; length <= 80; length += length < 60 ? 7 : 1) names.emplace_back(length, 'w');
  return names;
}

/// What `depfile` has to name: the source, the headers, and what the compiler includes by itself.
Names without_system_files(Names names) {
  std::erase_if(names, [](const std::string& name) { return name.starts_with("/usr/"); });
  return names;
}

Names source_and(Names headers) {
  headers.insert(headers.begin(), "t.c");
  return headers;
}

TEST_P(DepfileCompiler, EveryHardNameIsReadBack) {
  make_source(hard_names());
  for (const char* kind : {"-MD", "-MMD"}) {
    for (const bool phony : {false, true}) {
      const std::string text = depfile(phony ? Names{kind, "-MP"} : Names{kind});
      const auto parsed = parse_depfile(text);
      ASSERT_TRUE(parsed.ok()) << parsed.error().message << text;
      EXPECT_EQ(without_system_files(depfile_inputs(*parsed)), source_and(hard_names())) << text;
      EXPECT_EQ(parsed->rules.size() > hard_names().size(), phony);
    }
  }
}

TEST_P(DepfileCompiler, NameThatEndsInAColonIsReadButNotRetargeted) {
  make_source({"x:"});
  const std::string text = depfile({"-MD", "-MP"});
  EXPECT_EQ(without_system_files(depfile_inputs(*parse_depfile(text))), source_and({"x:"}));
  EXPECT_EQ(retarget_depfile(text, Names{"n.o"}, GetParam().dialect).error().kind, ErrorKind::unsupported);
}

TEST_P(DepfileCompiler, BackslashesAreReadBackFromGccAndAreSlashesWithClang) {
  const Names names = {R"(a\b.h)", R"(a\\b.h)", R"(a\ b.h)", R"(a\\ b.h)", R"(a\#b.h)", R"(a\$b.h)"};
  make_source(names);
  Names expected = source_and(names);
  if (!is_gcc()) {
    for (std::string& name : expected) std::replace(name.begin(), name.end(), '\\', '/');
  }
  const auto parsed = parse_depfile(depfile({"-MD"}));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(without_system_files(depfile_inputs(*parsed)), expected);
}

TEST_P(DepfileCompiler, QuotingIsWhatMqAndTheDefaultTargetWrite) {
  make_source({"h.h"});
  fs::create_directory("x");
  for (const std::string name :
       {"a b",      "a\tb",    "a#b", "a$b",    "a:b",          "a%b",       R"(a\b)", R"(a\ b)",
        R"(a\\ b)", R"(a\#b)", "./a", ".//./a", "../a",         "x/./a",     "a\\",    "$$",
        " a",       "a ",      ".",   ".a",     "gr\xc3\xbc.o", "C:\\x y.o", "a: b",   "a:"}) {
    const std::string quoted = quote_depfile_target(name, GetParam().dialect);
    EXPECT_TRUE(depfile({"-MD", "-MQ", name}).starts_with(quoted + ": t.c")) << name;
    if (name == ".") continue;  // no object can have this name
    EXPECT_TRUE(depfile({"-MD", "-o", name}, "-c").starts_with(quoted + ": t.c")) << name;
  }
}

TEST_P(DepfileCompiler, MixedTargetsAreWrittenInTheCompilersOrder) {
  make_source({"h.h"});
  for (unsigned kinds = 0; kinds < 64; kinds += sweep_step()) {
    Names options = {"-MD"};
    std::vector<DepfileTarget> targets;
    for (unsigned i = 0; i < 6; ++i) {
      const bool quoted = ((kinds >> i) & 1) != 0;
      targets.push_back({"./" + std::string(i * 4, 't') + "$ " + std::to_string(i), quoted});
      options.insert(options.end(), {quoted ? "-MQ" : "-MT", targets.back().name});
    }
    const Names texts = depfile_target_texts(targets, GetParam().dialect);
    EXPECT_EQ(retargeted(depfile({"-MD", "-MT", "other"}), texts), depfile(options)) << kinds;
  }
}

TEST_P(DepfileCompiler, WholeCompileWritesTheSame) {
  make_source(hard_names());
  EXPECT_EQ(depfile({"-MD", "-MP", "-o", "x.o"}, "-c"), depfile({"-MD", "-MP", "-MT", "x.o"}));
}

TEST_P(DepfileCompiler, RetargetingGivesTheCompilersOwnBytesForEveryTargetLength) {
  make_source(hard_names());
  const std::string first = depfile({"-MD", "-MP", "-MT", "a.o"});
  std::string previous = first;
  for (std::size_t length = 1; length <= 120; length += sweep_step()) {
    const std::string target(length, 't');
    const std::string wanted = depfile({"-MD", "-MP", "-MT", target});
    ASSERT_EQ(retargeted(first, {target}), wanted) << length;
    ASSERT_EQ(retargeted(previous, {target}), wanted) << length;
    previous = wanted;
  }
  EXPECT_EQ(retargeted(previous, {"a.o"}), first);
}

TEST_P(DepfileCompiler, EveryHeaderLengthWrapsAsTheCompilersOwn) {
  for (std::size_t length = 1; length <= 80; length += sweep_step()) {
    make_source({std::string(length / 2, 'x') + "$ #", std::string(length, 'w')});
    EXPECT_EQ(retargeted(depfile({"-MD", "-MT", "first target.o"}), {"t.o"}), depfile({"-MD", "-MT", "t.o"}));
  }
}

TEST_P(DepfileCompiler, SeveralTargetsWrapAsTheCompilersOwn) {
  make_source({"h.h", "a b.h"});
  const std::string first = depfile({"-MD", "-MP"});
  std::string previous = first;
  for (std::size_t length = 1; length <= 80; length += 3) {
    const Names targets = {std::string(length, 'a'), std::string(20, 'b'), "$x",
                           std::string(length / 2 + 1, 'c')};
    Names options = {"-MD", "-MP"};
    for (const std::string& target : targets) options.insert(options.end(), {"-MT", target});
    const std::string wanted = depfile(options);
    ASSERT_EQ(retargeted(previous, targets), wanted) << length;
    ASSERT_EQ(retargeted(wanted, {"t.o"}), first) << length;
    previous = wanted;
  }
}

TEST_P(DepfileCompiler, AwkwardRawTargetIsRewrittenRightOrRefused) {
  make_source({"h.h", std::string(40, 'w'), "a b.h"});
  const std::string wanted = depfile({"-MD", "-MP", "-MT", "n.o"});
  for (const std::string target :
       {"a b", "a: b", "a:", "a\\", "a\\ ", " a", "a ", "a\tb", "a\nb", "a: b\nc", "#", "$(x) $@",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p"}) {
    const std::string text = depfile({"-MD", "-MP", "-MT", target});
    const auto result = retarget_depfile(text, Names{"n.o"}, GetParam().dialect);
    if (result) {
      EXPECT_EQ(*result, wanted) << text;
    } else {
      EXPECT_NE(result.error().kind, ErrorKind::invalid) << text;
    }
  }
}

TEST_P(DepfileCompiler, ForcedIncludesAreInputs) {
  make_source({"h.h"});
  std::ofstream{"forced.h"};
  const std::string text = depfile({"-MD", "-MP", "-include", "forced.h"});
  const Names inputs = depfile_inputs(*parse_depfile(text));
  EXPECT_EQ(std::count(inputs.begin(), inputs.end(), "forced.h"), 1);
  EXPECT_EQ(retargeted(text, {"n.o"}), depfile({"-MD", "-MP", "-include", "forced.h", "-MT", "n.o"}));
}

INSTANTIATE_TEST_SUITE_P(Compilers, DepfileCompiler,
                         testing::Values(Compiler{"gcc", DepfileDialect::gcc},
                                         Compiler{"g++", DepfileDialect::gcc},
                                         Compiler{"clang", DepfileDialect::clang},
                                         Compiler{"clang++", DepfileDialect::clang}),
                         [](const auto& instance) {
                           std::string name = instance.param.program;
                           std::replace(name.begin(), name.end(), '+', 'x');
                           return name;
                         });

}  // namespace
}  // namespace compiler_cache
