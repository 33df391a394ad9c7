#include "tests/situations/situation.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace compiler_cache::situations {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<CachedTree>& tree_slot() {
  static std::unique_ptr<CachedTree> tree;
  return tree;
}

/// Ends the shared tree with the tests, and fails them if its helper does not end.
class TreeEnvironment : public testing::Environment {
 public:
  void TearDown() override {
    if (!tree_slot()) return;
    EXPECT_TRUE(tree_slot()->stop()) << "the helper does not stop, or leaves a process behind";
    tree_slot().reset();
  }
};

std::int64_t file_clock_ns() {
  struct timespec now {};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::string tail(const std::string& file) {
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  constexpr std::size_t kShown = 1500;
  return text.size() <= kShown ? text : text.substr(text.size() - kShown);
}

void expect_same(const Effect& expected, const Effect& found, Compare compare) {
  EXPECT_EQ(expected.ending.status, found.ending.status);
  EXPECT_EQ(expected.ending.output, found.ending.output);
  EXPECT_EQ(expected.ending.error, found.ending.error);
  EXPECT_EQ(difference(expected.files, found.files, compare == Compare::everything), "");
}

}  // namespace

CachedTree& shared_tree() {
  if (!tree_slot()) tree_slot() = std::make_unique<CachedTree>();
  return *tree_slot();
}

void renew_shared_tree(const std::string& config) {
  if (tree_slot()) {
    EXPECT_TRUE(tree_slot()->stop());
  }
  tree_slot() = std::make_unique<CachedTree>(config);
}

void let_file_clock_tick() {
  struct timespec tick {};
  clock_getres(CLOCK_REALTIME_COARSE, &tick);
  const std::int64_t start = file_clock_ns();
  const struct timespec moment { 0, 1'000'000 };  // other tests run beside this one
  while (file_clock_ns() - start <= 2 * std::int64_t{tick.tv_nsec}) nanosleep(&moment, nullptr);
}

void Situation::SetUp() {
  if (access(GetParam().program, X_OK) != 0) GTEST_SKIP() << GetParam().name << " is not installed";
  const testing::TestInfo& info = *testing::UnitTest::GetInstance()->current_test_info();
  std::string name = info.name();
  for (char& letter : name) {
    if (letter == '/') letter = '-';
  }
  folder_ = shared_tree().path() + "/" + name;
  fs::create_directory(folder_);
}

void Situation::TearDown() {
  if (HasFailure() && !folder_.empty()) std::fputs(tail(shared_tree().log()).c_str(), stderr);
}

void Situation::write(const std::string& name, const std::string& text) const {
  const fs::path file = path(name);
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

std::string Situation::read(const std::string& name) const {
  std::ifstream file(path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Situation::write_script(const std::string& name, const std::string& text) const {
  write(name, "#!/bin/sh\n" + text);
  fs::permissions(path(name), fs::perms(0755));
}

void Situation::remove(const std::string& name) const { fs::remove_all(path(name)); }

void Situation::rename(const std::string& from, const std::string& to) const {
  fs::rename(path(from), path(to));
}

void Situation::make_folder(const std::string& name) const { fs::create_directories(path(name)); }

void Situation::link(const std::string& target, const std::string& name) const {
  fs::remove(path(name));
  fs::create_symlink(target, path(name));
}

CommandRun Situation::run_for(const Words& words, const How& how) const {
  CommandRun run;
  run.argv = {how.compiler.empty() ? GetParam().program : how.compiler};
  run.argv.insert(run.argv.end(), words.begin(), words.end());
  run.cwd = how.cwd.empty() ? folder_ : path(how.cwd);
  run.environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", "/root"}, {"PWD", run.cwd}};
  for (const auto& [name, value] : how.environment) run.environment[name] = value;
  run.umask = how.umask;
  run.terminal = how.terminal;
  return run;
}

Effect Situation::observe(const CommandRun& command) const {
  const Snapshot before = take_snapshot(folder_);
  Effect effect;
  effect.ending = run(command);
  effect.files = written_since(before, take_snapshot(folder_));
  return effect;
}

bool Situation::has_tool(const std::string& name) {
  return access(("/usr/bin/" + name).c_str(), X_OK) == 0 || access(("/bin/" + name).c_str(), X_OK) == 0;
}

Ending Situation::tool(const std::string& program, const Words& words) const {
  How how;
  how.compiler = program;
  return run(run_for(words, how));
}

Effect Situation::alone(const Words& words, const How& how) const { return observe(run_for(words, how)); }

Effect Situation::cached(const Words& words, const How& how) const {
  CommandRun command = run_for(words, how);
  command.argv.insert(command.argv.begin(), shared_tree().launcher());
  command.environment["COMPILER_CACHE_LOG"] = shared_tree().log();
  let_file_clock_tick();
  Counts before = shared_tree().counts();
  Effect effect = observe(command);
  effect.outcome = Counts::outcome(before, shared_tree().counts_after(before.numbers["requests"] + 1));
  return effect;
}

Effect Situation::expect(const std::string& outcome, const Words& words, const How& how,
                         Compare compare) const {
  const Snapshot before = take_snapshot(folder_);
  const Effect expected = alone(words, how);
  put_back(folder_, before);
  Effect found = cached(words, how);
  EXPECT_EQ(outcome, found.outcome);
  expect_same(expected, found, compare);
  return found;
}

void Situation::expect_twice(const std::string& first, const std::string& second, const Words& words,
                             const How& how, Compare compare) const {
  const Snapshot before = take_snapshot(folder_);
  const Effect expected = alone(words, how);
  for (const bool again : {false, true}) {
    SCOPED_TRACE(again ? "the second time" : "the first time");
    put_back(folder_, before);
    const Effect found = cached(words, how);
    EXPECT_EQ(again ? second : first, found.outcome);
    expect_same(expected, found, compare);
  }
}

void Situation::expect_cached(const Words& words, const How& how, Compare compare) const {
  expect_twice("miss", "hit", words, how, compare);
}

void Situation::expect_refused(const std::string& reason, const Words& words, const How& how,
                               Compare compare) const {
  expect_twice(reason, reason, words, how, compare);
}

}  // namespace compiler_cache::situations

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(new compiler_cache::situations::TreeEnvironment);
  const int status = RUN_ALL_TESTS();
  if (testing::UnitTest::GetInstance()->test_to_run_count() > 0) return status;
  std::fputs("no test matches the filter\n", stderr);
  return 1;
}
