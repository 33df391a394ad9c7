// The fixture of all situations: a folder of sources, and one command run by the compiler alone and through
// the launcher, which must come to the same.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/situations/cached_tree.h"
#include "tests/situations/run.h"
#include "tests/situations/snapshot.h"

namespace compiler_cache::situations {

struct Compiler {
  const char* name;
  const char* program;
};

/// How a command is run, besides its words.
struct How {
  std::string compiler;                            ///< the test's one when empty
  std::string cwd;                                 ///< relative to the test's folder
  std::map<std::string, std::string> environment;  ///< added to what there is
  mode_t umask = 022;
  bool terminal = false;
};

/// What came of a command: how it ended, and the files it wrote.
struct Effect {
  Ending ending;
  Snapshot files;
  std::string outcome;  ///< as of Counts::outcome(); empty for the compiler alone
};

/// What must be the same.
enum class Compare { everything, all_but_bytes };

using Words = std::vector<std::string>;

class Situation : public testing::TestWithParam<Compiler> {
 protected:
  void SetUp() override;
  void TearDown() override;

  bool is_gcc() const { return std::string(GetParam().name) == "gcc"; }
  const std::string& folder() const { return folder_; }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  /// An executable shell script.
  void write_script(const std::string& name, const std::string& text) const;
  void remove(const std::string& name) const;
  void rename(const std::string& from, const std::string& to) const;
  void make_folder(const std::string& name) const;
  /// `name` points to `target`, whatever it was before.
  void link(const std::string& target, const std::string& name) const;

  /// Whether a program of that name is installed where the tests' compilers are.
  static bool has_tool(const std::string& name);
  /// Runs another program in the folder, by its name or by its path.
  Ending tool(const std::string& program, const Words& words) const;

  /// Runs the compiler alone.
  Effect alone(const Words& words, const How& how = {}) const;
  /// Runs the command through the launcher, and tells what was counted.
  Effect cached(const Words& words, const How& how = {}) const;

  /// The command does the same through the launcher as without, and is counted as `outcome`. The folder is as
  /// the command leaves it. Repeatable: each run starts from the same files.
  Effect expect(const std::string& outcome, const Words& words, const How& how = {},
                Compare compare = Compare::everything) const;
  /// A miss, and then a hit, and each the same as the compiler alone.
  void expect_cached(const Words& words, const How& how = {}, Compare compare = Compare::everything) const;
  /// Twice counted under this reason, and each time the same as the compiler alone.
  void expect_refused(const std::string& reason, const Words& words, const How& how = {},
                      Compare compare = Compare::everything) const;

 private:
  void expect_twice(const std::string& first, const std::string& second, const Words& words, const How& how,
                    Compare compare) const;
  CommandRun run_for(const Words& words, const How& how) const;
  Effect observe(const CommandRun& run) const;

  std::string folder_;
};

/// The tree that all tests of this process share.
CachedTree& shared_tree();
/// Ends it; the next one has these lines in its configuration.
void renew_shared_tree(const std::string& config);

/// Waits until a file written now can be told by its time from one written before.
void let_file_clock_tick();

}  // namespace compiler_cache::situations

/// CMakeLists.txt finds the suite of a file by the line with one of the last two.
#define COMPILER_CACHE_INSTANTIATE(suite, ...)                                           \
  INSTANTIATE_TEST_SUITE_P(                                                              \
      Compilers, suite, testing::Values(__VA_ARGS__),                                    \
      [](const testing::TestParamInfo<compiler_cache::situations::Compiler>& compiler) { \
        std::string name = compiler.param.name;                                          \
        for (char& letter : name) {                                                      \
          if (letter == '-') letter = '_';                                               \
        }                                                                                \
        return name;                                                                     \
      })
#define INSTANTIATE_COMPILERS(suite)                                                          \
  COMPILER_CACHE_INSTANTIATE(suite, compiler_cache::situations::Compiler{"gcc", GCC_PROGRAM}, \
                             compiler_cache::situations::Compiler{"clang", CLANG_PROGRAM})
#define INSTANTIATE_MSVC_COMPILER(suite) \
  COMPILER_CACHE_INSTANTIATE(suite, compiler_cache::situations::Compiler{"clang-cl", CLANG_CL_PROGRAM})
