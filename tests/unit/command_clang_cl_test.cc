// Holds the MSVC dialect's table against what the clang-cl that is installed here really does.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "depscan/depfile.h"
#include "helper/command.h"
#include "helper/option_table.h"
#include "tests/unit/command_lines.h"

namespace compiler_cache {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

struct Outcome {
  int status = -1;
  std::string text;
};

/// By the shell, since most of what these commands need quoted is for it, too.
Outcome run(const std::string& command) {
  Outcome outcome;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    outcome.text.append(buffer.data(), got);
  }
  outcome.status = pclose(pipe);
  return outcome;
}

std::string shell_quoted(const std::string& word) {
  std::string text = "'";
  for (const char character : word)
    text += character == '\'' ? std::string("'\\''") : std::string(1, character);
  return text + "'";
}

std::string shell_quoted(const std::vector<std::string>& argv) {
  std::string text;
  for (const std::string& word : argv) text += shell_quoted(word) + " ";
  return text;
}

/// Beside the clang that is in the path; empty when there is none.
std::string find_clang_cl() {
  std::string path = run("clang -print-prog-name=clang-cl").text;
  if (path.ends_with('\n')) path.pop_back();
  return run(shell_quoted(path) + " --version").status == 0 ? path : "";
}

class CommandClangCl : public testing::Test {
 protected:
  void SetUp() override {
    program_ = find_clang_cl();
    if (program_.empty()) GTEST_SKIP() << "clang-cl is not installed";
    std::string pattern = (fs::temp_directory_path() / "clang-cl-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    home_ = fs::current_path();
    folder_ = pattern;
    fs::current_path(folder_);
    for (const char* folder : {"sub", "out"}) fs::create_directory(folder);
    for (const char* name : {"a.c", "a.b.c", "sub/b.c", "noext", ".hid.c", "trail."}) {
      write(name, "#include \"h.h\"\nint f(int x) { return x + 1; }\n");
    }
    for (const char* name : {"h.h", "sub/h.h"}) write(name, "int h(void);\n");
    write("p.i", "int f(void) { return 1; }\n");
  }

  void TearDown() override {
    if (folder_.empty()) return;
    fs::current_path(home_);
    fs::remove_all(folder_);
  }

  static void write(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
  }

  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static Names files() {
    Names names;
    for (const auto& entry : fs::recursive_directory_iterator(".")) {
      if (entry.is_regular_file()) names.insert(entry.path().lexically_normal().string());
    }
    return names;
  }

  static Names new_files(const Names& before) {
    Names result;
    const Names now = files();
    std::set_difference(now.begin(), now.end(), before.begin(), before.end(),
                        std::inserter(result, result.end()));
    return result;
  }

  std::vector<std::string> argv_of(std::string_view line) const {
    std::vector<std::string> argv = words(line);
    argv.insert(argv.begin(), program_);
    return argv;
  }

  Classified classify_here(std::string_view line) const {
    CommandInput input;
    input.argv = argv_of(line);
    input.cwd = folder_;
    input.family = CompilerFamily::clang_cl;
    return classify_command(input, [](const std::string& path) -> Result<std::string> {
      if (!fs::exists(path)) return Error{ErrorKind::not_found, path};
      return read(path);
    });
  }

  void expect_named_right(std::string_view line) const {
    SCOPED_TRACE(line);
    const Classified classified = classify_here(line);
    ASSERT_TRUE(std::holds_alternative<Command>(classified)) << std::get<Refusal>(classified).detail;
    const auto& command = std::get<Command>(classified);
    Names expected{fs::path(command.output).lexically_normal()};
    if (!command.depfile.empty()) expected.insert(fs::path(command.depfile).lexically_normal());
    const Names before = files();
    const Outcome outcome = run(shell_quoted(argv_of(line)));
    ASSERT_EQ(outcome.status, 0) << outcome.text;
    const Names written = new_files(before);
    EXPECT_EQ(written, expected);
    if (!command.depfile.empty()) {
      std::string targets;
      for (const std::string& target : command.depfile_targets)
        targets += (targets.empty() ? "" : " ") + target;
      const std::string text = read(command.depfile);
      EXPECT_EQ(text.substr(0, text.find(": ")), targets);
    }
    for (const std::string& name : written) fs::remove(name);
  }

  /// What a miss runs must leave the same object and the same words, and list the headers.
  void expect_miss_learns_headers(std::string_view line, const Names& headers) const {
    SCOPED_TRACE(line);
    const Classified classified = classify_here(line);
    ASSERT_TRUE(std::holds_alternative<Command>(classified)) << std::get<Refusal>(classified).detail;
    const auto& command = std::get<Command>(classified);
    const Names before = files();
    const Outcome plain = run(shell_quoted(argv_of(line)));
    ASSERT_EQ(plain.status, 0) << plain.text;
    const std::string object = read(command.output);
    const Outcome miss = run(shell_quoted(compile_argv(command, argv_of(line), "sub/private")));
    EXPECT_EQ(miss.text, plain.text);
    EXPECT_TRUE(read(command.output) == object) << "another object";
    if (command.dependencies == DependencySource::scan) {
      const Names compiled = files();
      ASSERT_EQ(run(shell_quoted(scan_argv(command, "sub/private"))).status, 0);
      EXPECT_EQ(new_files(compiled), Names{"sub/private"});
    }
    const bool users = command.dependencies == DependencySource::user_depfile;
    const Result<Depfile> depfile = parse_depfile(read(users ? command.depfile : "sub/private"));
    ASSERT_TRUE(depfile.ok());
    Names found;
    for (const std::string& name : depfile_inputs(*depfile)) found.insert(fs::path(name).filename());
    for (const std::string& header : headers) EXPECT_EQ(found.count(header), 1U) << header;
    for (const std::string& name : new_files(before)) fs::remove(name);
  }

  /// What clang-cl says it would run, without the lines that name it.
  std::string commands_of(const std::string& arguments, const std::string& environment = {}) const {
    const Outcome outcome = run(environment + " " + shell_quoted(program_) + " -### " + arguments);
    return outcome.text.substr(std::min(outcome.text.find("(in-process)"), outcome.text.size()));
  }

  std::string program_;
  std::string folder_;
  fs::path home_;
};

TEST_F(CommandClangCl, ObjectsAreNamedAsItDoes) {
  for (const char* line : {"/c a.c",
                           "-c a.c",
                           "/c sub/b.c",
                           "/c a.b.c",
                           "/c /Tc noext",
                           "/c /TP noext",
                           "/c .hid.c",
                           "/c /TC trail.",
                           "/c p.i",
                           "/c a.c /Fo",
                           "/c a.c /Foout/",
                           "/c a.c -Foout",
                           "/c a.c /Foout/x",
                           "/c a.c /Foout/x.",
                           "/c a.c /Foout/.x",
                           "/c a.c /Fox.y.z",
                           "/c a.c /ox.obj",
                           "/c a.c -o x",
                           "/c a.c -o out/",
                           "/c a.c /Foout\\x.obj",
                           "/c a.c /Foout\\",
                           "/c /Fox.obj -- a.c",
                           "/c a.c /Foa.obj /link /out:x"}) {
    expect_named_right(line);
  }
  expect_named_right("/c -TC " + folder_ + "/a.c /Foout/y.obj");
}

TEST_F(CommandClangCl, DepfilesAreNamedAsItDoes) {
  for (const char* line :
       {"/c a.c /clang:-MD", "/c sub/b.c -clang:-MMD", "/c a.b.c /clang:-MD", "/c a.c /clang:-MD /Foout/",
        "/c a.c /clang:-MD /Foout/x.obj", "/c a.c /clang:-MD -o out/x.obj",
        "/c a.c /clang:-MD /clang:-MF /clang:out/q.d /Foout/x.obj", "/c a.c -clang:-MD -clang:-MFq.d",
        "/c a.c /clang:-MD /clang:-MT /clang:x$y /clang:-MQ /clang:x$y",
        "/c a.c /clang:-MD /clang:-MFq.d /Foout/ /Z7", "/c a.c /clang:-Wp,-MD,q.d /Foout/"}) {
    expect_named_right(line);
  }
}

TEST_F(CommandClangCl, AMissChangesNothingAndLearnsTheHeaders) {
  for (const char* line :
       {"/c /Brepro a.c /Foout/x.obj", "/c /Brepro a.c /Foout/x.obj /Z7",
        "/c /Brepro sub/b.c -gline-tables-only", "/c /Brepro a.c /Z7 /clang:-MMD /clang:-MFq.d",
        "/c /Brepro a.c /clang:-MD /clang:-MFq.d", "/c /Brepro a.c /showIncludes",
        "/c /Brepro a.c /showIncludes:user /Z7", "/c /Brepro a.c -gdwarf",
        "/c /Brepro -Foout/x.obj -- a.c"}) {
    expect_miss_learns_headers(line, {"h.h"});
  }
  expect_miss_learns_headers("/c /Brepro a.c /FIstddef.h", {"h.h", "stddef.h", "__stddef_max_align_t.h"});
}

TEST_F(CommandClangCl, TheOptionsOfItsHelpAreClassified) {
  const std::string help = run(shell_quoted(program_) + " /?").text;
  std::string unknown;
  int known = 0;
  int missed = 0;
  for (std::size_t at = 0; at < help.size();) {
    const std::size_t end = std::min(help.find('\n', at), help.size());
    const std::string_view line = std::string_view(help).substr(at, end - at);
    at = end + 1;
    if (!line.starts_with("  /") && !line.starts_with("  -")) continue;
    const std::string_view option = line.substr(2, line.find_first_of(" <[", 2) - 2);
    const bool found = find_option(CompilerFamily::clang_cl, option).row != nullptr;
    if (!found) unknown.append(option).append(" ");
    (found ? known : missed) += 1;
  }
  // A later clang-cl has some more; each is refused by its name.
  EXPECT_GT(known, 200);
  EXPECT_LT(missed, 20) << unknown;
}

/// A row for what clang-cl takes for a file's name would hide that file.
TEST_F(CommandClangCl, TheOptionsOfTheTableAreItsOptions) {
  std::string options;
  for (const OptionRow& row : msvc_rows()) {
    const bool its = (static_cast<unsigned>(row.families) & static_cast<unsigned>(Families::clang_cl)) != 0;
    const bool asks = row.spelling == "?" || row.spelling == "help" || row.effect == Effect::link_rest;
    if (its && row.style == ValueStyle::none && !asks) options += " /" + std::string(row.spelling);
  }
  const Outcome outcome = run(shell_quoted(program_) + " -### a.c" + options);
  std::string files;
  for (std::size_t at = outcome.text.find("no such file"); at != std::string::npos;
       at = outcome.text.find("no such file", at + 1)) {
    files += outcome.text.substr(at, outcome.text.find('\n', at) + 1 - at);
  }
  EXPECT_EQ(files, "");
  EXPECT_NE(outcome.text.find("-cc1"), std::string::npos) << outcome.text;
}

TEST_F(CommandClangCl, ResponseFilesAreSplitAsItDoes) {
  const std::vector<std::string> texts = {"/DA /D\"B C\" /DE\\F /DG=\"\\\"x\\\"\" \"/Ii 7\" /D\\\"Q\\\"\n/DK",
                                          "/DA\\\\ /DB\\\\\"C D\" /DE\\\\\\\"F /DG\\H\\",
                                          "\"/DC\"\"D\" /D\"E\"\"F\" /DH'I",
                                          "\xef\xbb\xbf/DA /DB",
                                          std::string("\xff\xfe/\0D\0A\0=\0\xe9\0", 12),
                                          std::string("\xfe\xff\0/\0D\0A\0=\0\xe9", 12),
                                          "/DA\v/DB\f/DC\r\n/DD"};
  for (const std::string& text : texts) {
    SCOPED_TRACE(text);
    write("x.rsp", text);
    const Result<std::vector<std::string>> expanded =
        expand_response_files({"@" + folder_ + "/x.rsp"}, folder_, CompilerFamily::clang_cl,
                              [](const std::string& path) -> Result<std::string> { return read(path); });
    ASSERT_FALSE(expanded.ok()) << "the first argument is the program";
    const Result<std::vector<std::string>> words_of =
        expand_response_files({"cl", "@x.rsp"}, folder_, CompilerFamily::clang_cl,
                              [](const std::string& path) -> Result<std::string> { return read(path); });
    ASSERT_TRUE(words_of.ok());
    const std::vector<std::string> arguments(words_of->begin() + 1, words_of->end());
    EXPECT_EQ(commands_of("/c a.c @x.rsp"), commands_of("/c a.c " + shell_quoted(arguments)));
  }
}

TEST_F(CommandClangCl, OptionsOfTheEnvironmentAreReadAsItDoes) {
  const std::string before = "/DX#1 /DY=2#3 \"/DZ W\" /D\"Q\"";
  const std::string behind = "-DLAST#\\\"";
  CommandInput input;
  input.argv = words("clang-cl /c /DMIDDLE a.c");
  input.cwd = folder_;
  input.family = CompilerFamily::clang_cl;
  input.options_before = before;
  input.options_behind = behind;
  const Classified classified = classify_command(input, no_files);
  ASSERT_TRUE(std::holds_alternative<Command>(classified));
  std::vector<std::string> argv = std::get<Command>(classified).expanded_argv;
  argv.erase(argv.begin());
  EXPECT_EQ(commands_of("/c /DMIDDLE a.c", "CL=" + shell_quoted(before) + " _CL_=" + shell_quoted(behind)),
            commands_of(shell_quoted(argv)));
}

}  // namespace
}  // namespace compiler_cache
