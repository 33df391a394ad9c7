// Holds the command classifier against what the compilers installed here really do.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "depscan/depfile.h"
#include "helper/command.h"
#include "helper/option_table.h"

namespace compiler_cache {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;
using Names = std::set<std::string>;

std::string read_all(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_all(const fs::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

/// Runs `command` with everything it prints going to `log`. The exit status, or -1.
int run(const Arguments& command, const char* log = "/dev/null") {
  const pid_t child = fork();
  if (child == 0) {
    Arguments words = command;
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    if (freopen(log, "w", stdout) == nullptr || dup2(1, 2) < 0) _exit(126);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

Arguments words(std::string_view text) {
  Arguments result;
  for (std::size_t begin = text.find_first_not_of(' '); begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    result.emplace_back(text.substr(begin, end - begin));
    begin = std::min(text.find_first_not_of(' ', end), text.size());
  }
  return result;
}

struct Compiler {
  const char* program;
  CompilerFamily family;
};

void PrintTo(const Compiler& compiler, std::ostream* out) { *out << compiler.program; }

class CommandCompiler : public testing::TestWithParam<Compiler> {
 protected:
  void SetUp() override {
    if (run({GetParam().program, "--version"}) != 0)
      GTEST_SKIP() << GetParam().program << " is not installed";
    std::string pattern = (fs::temp_directory_path() / "command-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    home_ = fs::current_path();
    fs::current_path(folder_);
    fill_folder();
  }

  void TearDown() override {
    if (folder_.empty()) return;
    fs::current_path(home_);
    fs::remove_all(folder_);
  }

  static void fill_folder() {
    for (const char* folder : {"sub", "dir.x"}) fs::create_directory(folder);
    const std::string_view source = "#include \"h.h\"\n#include <stddef.h>\nint f(int x) { return x + 1; }\n";
    for (const char* name : {"a.c", "a.b.c", "sub/b.c", "noext"}) write_all(name, source);
    for (const char* name : {"h.h", "sub/h.h"}) write_all(name, "int h(void);\n");
    write_all("p.i", "int f(void) { return 1; }\n");
    write_all("q.s", "\t.text\nf:\n\tret\n");
    write_all("q.S", "#include \"h_asm.h\"\n\t.text\nf:\n\tret\n");
    write_all("h_asm.h", "\n");
  }

  static Names files() {
    Names names;
    for (const auto& entry : fs::recursive_directory_iterator(".")) {
      if (entry.is_regular_file()) names.insert(entry.path().lexically_normal().string());
    }
    return names;
  }

  /// Removes and names what was not in the folder `before`.
  static Names take_new_files(const Names& before) {
    Names result;
    for (const std::string& name : files()) {
      if (before.count(name) == 0) result.insert(name);
    }
    return result;
  }

  static void remove(const Names& names) {
    for (const std::string& name : names) fs::remove(name);
  }

  Arguments command_line(std::string_view arguments) const {
    Arguments argv = words(arguments);
    argv.insert(argv.begin(), GetParam().program);
    return argv;
  }

  Classified classify(std::string_view arguments) const {
    CommandInput input;
    input.argv = command_line(arguments);
    input.cwd = folder_;
    input.family = GetParam().family;
    return classify_command(input, [](const std::string& path) -> Result<std::string> {
      if (!fs::exists(path)) return Error{ErrorKind::not_found, path};
      return read_all(path);
    });
  }

  /// Runs the command as the user gave it and compares what it wrote with what the classifier said.
  void expect_named_right(std::string_view arguments) const {
    SCOPED_TRACE(std::string(GetParam().program) + " " + std::string(arguments));
    const Classified classified = classify(arguments);
    ASSERT_TRUE(std::holds_alternative<Command>(classified))
        << to_string(std::get<Refusal>(classified).reason) << " " << std::get<Refusal>(classified).detail;
    const auto& command = std::get<Command>(classified);
    Names expected{fs::path(command.output).lexically_normal()};
    if (!command.depfile.empty()) expected.insert(fs::path(command.depfile).lexically_normal());
    for (const OutputFile& output : command.extra_outputs)
      expected.insert(fs::path(output.path).lexically_normal());

    const Names before = files();
    ASSERT_EQ(run(command_line(arguments)), 0);
    const Names written = take_new_files(before);
    EXPECT_EQ(written, expected);
    if (!command.depfile.empty()) expect_targets(command);
    remove(written);
  }

  static void expect_targets(const Command& command) {
    std::string targets;
    for (const std::string& target : command.depfile_targets)
      targets += (targets.empty() ? "" : " ") + target;
    const std::string text = read_all(command.depfile);
    EXPECT_EQ(text.substr(0, text.find(": ")), targets);
  }

  /// What a miss runs must leave the same object, and list the headers.
  void expect_miss_learns_headers(std::string_view arguments, const Names& headers) const {
    SCOPED_TRACE(std::string(GetParam().program) + " " + std::string(arguments));
    const Classified classified = classify(arguments);
    ASSERT_TRUE(std::holds_alternative<Command>(classified));
    const auto& command = std::get<Command>(classified);
    const Names before = files();
    ASSERT_EQ(run(command_line(arguments), "sub/plain.log"), 0);
    const std::string object = read_all(command.output);
    ASSERT_EQ(run(compile_argv(command, command_line(arguments), "sub/private"), "sub/miss.log"), 0);
    EXPECT_EQ(read_all(command.output) == object, true);
    EXPECT_EQ(read_all("sub/plain.log"), read_all("sub/miss.log"));
    if (command.dependencies == DependencySource::scan) {
      const Names compiled = files();
      ASSERT_EQ(run(scan_argv(command, "sub/private.scan")), 0);
      EXPECT_EQ(take_new_files(compiled), Names{"sub/private.scan"});
      fs::rename("sub/private.scan", "sub/private");
    }
    const Result<Depfile> depfile = parse_depfile(
        read_all(command.dependencies == DependencySource::user_depfile ? command.depfile : "sub/private"));
    ASSERT_TRUE(depfile.ok());
    Names found;
    for (const std::string& name : depfile_inputs(*depfile)) found.insert(fs::path(name).filename());
    for (const std::string& header : headers) EXPECT_EQ(found.count(header), 1U) << header;
    remove(take_new_files(before));
  }

  bool is_gcc() const { return GetParam().family == CompilerFamily::gcc; }

  std::string folder_;
  fs::path home_;
};

INSTANTIATE_TEST_SUITE_P(All, CommandCompiler,
                         testing::Values(Compiler{"gcc", CompilerFamily::gcc},
                                         Compiler{"clang", CompilerFamily::clang}),
                         [](const auto& tested) { return std::string(tested.param.program); });

TEST_P(CommandCompiler, ObjectsAreNamedAsTheCompilerDoes) {
  for (const char* line :
       {"-c a.c", "-c sub/b.c", "-c a.b.c", "-c -x c noext", "-S sub/b.c", "-c a.c -osub/x.o",
        "-c a.c --output=sub/x.o", "-c a.c --output sub/x.o", "-c -S a.c", "-S -c a.c", "-c p.i", "-c q.s",
        "-c q.S", "-c -xc a.c -x none", "--compile a.c -o ./dir.x/y"}) {
    expect_named_right(line);
  }
  if (!is_gcc()) {
    for (const char* line : {"-c -emit-llvm a.c", "-S -emit-llvm sub/b.c", "-c -o x.o -- a.c"}) {
      expect_named_right(line);
    }
  }
}

TEST_P(CommandCompiler, DepfilesAreNamedAsTheCompilerDoes) {
  for (const char* line : {"-c a.c -MD",
                           "-c sub/b.c -MD",
                           "-c a.b.c -MMD",
                           "-c a.c -MD -o foo",
                           "-c a.c -MD -o sub/.foo",
                           "-c a.c -MD -o .foo.bar",
                           "-c a.c -MD -o dir.x/foo",
                           "-c a.c -MD -o a.x.o",
                           "-c a.c -MD -o sub/x.",
                           "-c a.c -MD -o ..o",
                           "-c a.c -MD -o ./x.o",
                           "-c a.c -MMD -MFdep1 -MF dep2",
                           "-c a.c -MF=dep -MD",
                           "-c a.c -MD -MF /dev/null",
                           "-S a.c -MD",
                           "-S a.c -MD -o x.s",
                           "-c a.c -MD -o x$y.o",
                           "-c a.c -MTfoo -MT bar -MQ b$z -MD",
                           "-c a.c -MQ x -MT y -MMD -o z.o",
                           "-c a.c -MD -MP",
                           "-c a.c -MD -MMD",
                           "-c a.c --write-dependencies",
                           "-c q.S -MD",
                           "-c p.i -MD -MF x",
                           "-c q.s -MMD",
                           "-c -x c noext -MD"}) {
    expect_named_right(line);
  }
}

TEST_P(CommandCompiler, PreprocessorDepfilesAreNamedAsTheCompilerDoes) {
  for (const char* line :
       {"-c a.c -Wp,-MD,dep -o sub/x.o", "-c a.c -Wp,-MMD,dep", "-c sub/b.c -Wp,-MD,dep -MT t -o x.o",
        "-S a.c -Wp,-MD,dep", "-c a.c -Wp,-MD,dep -Wp,-MP -o x.o", "-c a.c -MD -Xpreprocessor -MP"}) {
    expect_named_right(line);
  }
}

TEST_P(CommandCompiler, ExtraOutputsAreNamedAsTheCompilerDoes) {
  for (const char* line : {"-c a.c -g -gsplit-dwarf -o sub/x.o",
                           "-c sub/b.c -g -gsplit-dwarf",
                           "-c a.c -g -gsplit-dwarf -o sub/x",
                           "-c a.c -gsplit-dwarf",
                           "-c a.c -g -gsplit-dwarf -g0 -o x.o",
                           "-c a.c -g -gsplit-dwarf -gno-split-dwarf",
                           "-c a.c -gdwarf-4 -gsplit-dwarf",
                           "-c q.s -g -gsplit-dwarf",
                           "-c q.S -g -gsplit-dwarf --coverage",
                           "-c a.c --coverage -o sub/x.o",
                           "-c sub/b.c -ftest-coverage",
                           "-c a.c --coverage -o sub/x.y.foo",
                           "-S a.c --coverage -o sub/x.s",
                           "-c a.c --coverage -flto",
                           "-c a.c -fprofile-arcs -o x.o",
                           "-c a.c -fstack-usage -o sub/x.y.o",
                           "-S sub/b.c -fstack-usage",
                           "-c p.i -fstack-usage",
                           "-c a.c -O2 -fsave-optimization-record -o sub/x.y.o",
                           "-c sub/b.c -O2 -fsave-optimization-record",
                           "-c a.c -O2 -fsave-optimization-record -flto",
                           "-S a.c -fsave-optimization-record -o sub/x.foo",
                           "-c a.c -g -gsplit-dwarf --coverage -fstack-usage -MD -o dir.x/y.o",
                           "-c a.c -fsave-optimization-record -fno-lto -flto -MMD -MF dep"}) {
    expect_named_right(line);
  }
}

TEST_P(CommandCompiler, ExtraOutputsOfOneCompilerAreNamedAsItDoes) {
  if (is_gcc()) {
    for (const char* line : {"-c a.c -fcallgraph-info -o sub/x.o", "-c a.c -fcallgraph-info=su,da",
                             "-S a.c -g -gsplit-dwarf", "-c a.c -MD -dumpbase foo.c -o x.o"}) {
      expect_named_right(line);
    }
    return;
  }
  for (const char* line :
       {"-c a.c --serialize-diagnostics foo.dia", "-c a.c -serialize-diagnostics sub/foo.dia -o x.o",
        "-c a.c -fsave-optimization-record=yaml", "-c a.c -g -gsplit-dwarf=single",
        "-c a.c -gline-tables-only -gsplit-dwarf", "-c a.c -gline-directives-only -gsplit-dwarf",
        "-c a.c -g1 -gsplit-dwarf", "-c a.c -g0 -gdwarf-5 -gsplit-dwarf", "-c a.c -g -gsplit-dwarf=split"}) {
    expect_named_right(line);
  }
}

TEST_P(CommandCompiler, AMissLearnsAllHeadersAndChangesNothing) {
  const Names headers{"h.h", "stddef.h"};
  for (const char* line : {"-c a.c", "-c a.c -MD", "-c a.c -MMD -MP -MF dep -MT t -o sub/x.o",
                           "-c a.c -MD -MF /dev/null", "-c a.c -Wp,-MMD,dep", "-c a.c -Wp,-MD,/dev/null",
                           "-c a.c -g3 -frecord-gcc-switches", "-S a.c -fverbose-asm",
                           "-c a.c -Wall -Wextra -O2 -g -Wunused-macros", "-c a.c -O2 -fstack-usage -MMD"}) {
    expect_miss_learns_headers(line, headers);
  }
  if (!is_gcc()) {
    expect_miss_learns_headers("-c -o x.o -- a.c", headers);
    expect_miss_learns_headers("-c -grecord-command-line -g -o x.o -- a.c", headers);
    expect_miss_learns_headers("-c a.c -fembed-bitcode -MMD", headers);
  }
  expect_miss_learns_headers("-c q.S", {"h_asm.h"});
}

TEST_P(CommandCompiler, ScanCarriesOverWhatDecidesIncludes) {
  fs::create_directory("inc");
  write_all("inc/deep.h", "\n");
  write_all("forced.h", "\n");
  write_all("c.c", "#ifdef ON\n#include <deep.h>\n#endif\n");
  expect_miss_learns_headers("-c c.c -MMD -DON -Iinc -include forced.h", {"deep.h", "forced.h"});
  write_all("x.rsp", "-DON '-isystem' inc");
  expect_miss_learns_headers("-c c.c -MMD @x.rsp", {"deep.h"});
}

TEST_P(CommandCompiler, OutputNameOutsideTheKeyIsNotInTheObject) {
  for (const char* options :
       {"-c -O2", "-c -g", "-S -fverbose-asm", "-c -O2 -g -flto -frandom-seed=1", "-c -fsanitize=address -g",
        "-c -fstack-usage", "-c -MD", "-c -frecord-gcc-switches"}) {
    SCOPED_TRACE(options);
    const std::string line = std::string("a.c ") + options;
    const Command one = std::get<Command>(classify(line + " -o sub/one.o"));
    const Command two = std::get<Command>(classify(line + " -o two.o"));
    if (one.records_command_line) continue;
    EXPECT_EQ(one.key, two.key);
    ASSERT_EQ(run(command_line(line + " -o sub/one.o")), 0);
    ASSERT_EQ(run(command_line(line + " -o two.o")), 0);
    EXPECT_TRUE(read_all("sub/one.o") == read_all("two.o"));
  }
}

// A compiler that is given names of no files complains about each by name: that shows how it split the text.
TEST_P(CommandCompiler, ResponseFilesAreSplitAsTheCompilerDoes) {
  const std::vector<std::string> texts{"a1 b1",
                                       "'a 2' \"b 2\" c'd e'f",
                                       "a\\ 3 b\\\"3 'c\\'3' \"d\\\"3\"",
                                       "a\\\n4 b4",
                                       "a5 'b 5",
                                       "a\\\\6 \"b\\n6\"",
                                       "a7 \"\" b7 ''c7",
                                       "a8\vb8\fc8",
                                       "a9\r\nb9\tc9\\"};
  for (const std::string& text : texts) {
    SCOPED_TRACE(text);
    write_all("x.rsp", text);
    run({GetParam().program, "-c", "@x.rsp"}, "log");
    const std::string log = read_all("log");
    std::size_t at = 0;
    std::size_t complaints = 0;
    for (const std::string& argument : split_response_file(text, GetParam().family)) {
      const std::string complaint = is_gcc() ? ": " + argument + ": linker input file not found"
                                             : "no such file or directory: '" + argument + "'";
      at = log.find(complaint, at);
      ASSERT_NE(at, std::string::npos) << argument << " in " << log;
      ++complaints;
    }
    const std::string_view mark = is_gcc() ? "file not found" : "no such file or directory";
    for (at = log.find(mark); at != std::string::npos; at = log.find(mark, at + 1)) --complaints;
    EXPECT_EQ(complaints, 0U) << log;
  }
}

TEST_P(CommandCompiler, NestedResponseFilesAreRelativeToTheFolderOfTheCompile) {
  write_all("x.rsp", "@sub/y.rsp");
  write_all("sub/y.rsp", "@z.rsp");
  write_all("z.rsp", "-c a.c -o right.o");
  write_all("sub/z.rsp", "-c a.c -o wrong.o");
  expect_named_right("@x.rsp");
}

TEST_P(CommandCompiler, LanguagesFollowTheDriver) {
  const std::vector<std::string> extensions{"c",   "i",   "cc",  "cp", "cxx", "cpp", "CPP", "CXX", "c++",
                                            "C++", "C",   "ii",  "m",  "mi",  "mm",  "M",   "mii", "s",
                                            "S",   "sx",  "asm", "ll", "bc",  "h",   "hh",  "hpp", "o",
                                            "a",   "txt", "f90", "rs", "ixx", "cppm"};
  for (const std::string& extension : extensions) {
    const std::string name = "l." + extension;
    write_all(name, "");
    run({GetParam().program, "-###", "-c", name}, "log");
    const std::string log = read_all("log");
    const bool linked =
        log.find("input unused") != std::string::npos || log.find("file unused") != std::string::npos;
    const std::optional<Language> language = language_from_path(name, GetParam().family, false);
    if (linked) {
      EXPECT_TRUE(!language || *language == Language::module_unit) << name;
    } else if (!is_gcc() && language && !x_name(*language).empty() && *language != Language::assembler) {
      EXPECT_NE(log.find("\"-x\" \"" + std::string(x_name(*language)) + "\""), std::string::npos)
          << name << log;
    } else if (language && !x_name(*language).empty()) {
      const bool cxx = *language == Language::cxx || *language == Language::cxx_preprocessed ||
                       *language == Language::cxx_header;
      EXPECT_EQ(log.find("/cc1plus") != std::string::npos, cxx) << name;
    }
  }
}

// Of graphics processors and OpenCL, whose sources are refused by their language anyway.
bool of_other_language(std::string_view option) {
  for (const std::string_view prefix :
       {"--cuda", "--hip", "--rocm", "--amdgpu", "--gpu", "--libomptarget", "--offload", "--no-cuda",
        "--no-gpu", "--no-offload", "--ptxas", "-cl-", "-Xcuda", "-Xopenmp", "-nogpu", "-nohip", "-sycl",
        "-arcmt", "-cuid"}) {
    if (option.starts_with(prefix)) return true;
  }
  return false;
}

// The options that the compiler's help names, in a form that a command could hold.
std::set<std::string> options_in_help(const std::string& help) {
  std::set<std::string> options;
  for (std::size_t begin = 0; begin < help.size();) {
    const std::size_t end = std::min(help.find('\n', begin), help.size());
    std::string_view line = std::string_view(help).substr(begin, end - begin);
    begin = end + 1;
    const std::size_t dash = line.find_first_not_of(' ');
    if (dash == std::string_view::npos || dash == 0 || dash > 4 || line[dash] != '-') continue;
    line.remove_prefix(dash);
    std::string option(line.substr(0, line.find_first_of(" \t")));
    const std::size_t value = option.find_first_of("<[");
    if (value != std::string::npos) option = option.substr(0, value) + "1";
    if (option.ends_with("=")) option += "1";
    if (!option.empty() && !of_other_language(option)) options.insert(option);
  }
  return options;
}

TEST_P(CommandCompiler, NearlyAllOptionsOfTheHelpAreClassified) {
  std::string help;
  const std::vector<std::string> pages =
      is_gcc() ? std::vector<std::string>{"--help=common", "--help=optimizers", "--help=warnings",
                                          "--help=c",      "--help=c++",        "--help=target"}
               : std::vector<std::string>{"--help"};
  for (const std::string& page : pages) {
    ASSERT_EQ(run({GetParam().program, page}, "log"), 0);
    help += read_all("log");
  }
  const OptionTable& table = gnu_option_table(GetParam().family);
  std::size_t known = 0;
  std::string unknown;
  const std::set<std::string> options = options_in_help(help);
  ASSERT_GT(options.size(), 500U);
  for (const std::string& option : options) {
    const OptionRow* row = table.find(option);
    const bool in_family = row != nullptr && row->effect == Effect::family;
    if (row != nullptr && (!in_family || option.find('=') == std::string::npos)) {
      ++known;
    } else {
      unknown += " " + option;
    }
  }
  const double share = 100.0 * static_cast<double>(known) / static_cast<double>(options.size());
  RecordProperty("share_percent", std::to_string(share));
  EXPECT_GT(share, 96.0) << unknown;
}

}  // namespace
}  // namespace compiler_cache
