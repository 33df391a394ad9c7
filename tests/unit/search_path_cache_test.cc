#include "helper/search_path_cache.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/fake_processes.h"
#include "tests/unit/inline_executor.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class SearchPathCacheTest : public testing::Test {
 protected:
  SearchPathCacheTest() {
    disk_.put_folder("/w/include");
    disk_.put_folder("/usr/include");
    processes_.set_answer([this](const FakeProcesses::Call&) {
      ProcessOutput output;
      output.exit_code = exit_code_;
      output.standard_error = printed_;
      return output;
    });
    clock_.settle();
  }

  static SearchPathQuestion question() {
    return {hash_bytes("g++"),       "/usr/bin/g++",   "c++", {"-Iinclude"},
            {"LC_ALL=de_DE", "A=b"}, {"LC_ALL=de_DE"}, "/w"};
  }
  /// As a request of its own: "a b", or the error.
  std::string ask(const SearchPathQuestion& asked = question()) {
    listings_.begin_request();
    std::string folders = "no answer";
    cache_.get(asked, [&](const Result<SearchPath>& path) {
      folders.clear();
      if (!path.ok()) folders = to_string(path.error().kind);
      if (path.ok()) {
        for (const std::string& folder : path->angle) folders += (folders.empty() ? "" : " ") + folder;
      }
    });
    return folders;
  }

  std::string printed_ =
      "ignoring nonexistent directory \"later\"\n#include <...> search starts here:\n include\n"
      " /usr/include\nEnd of search list.\n";
  int exit_code_ = 0;
  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  PathTable paths_;
  FolderListings listings_{disk_, clock_, paths_};
  InlineExecutor executor_;
  FakeProcesses processes_;
  SearchPathCache cache_{executor_, processes_, listings_, paths_};
};

TEST_F(SearchPathCacheTest, AsksTheCompilerOnce) {
  EXPECT_EQ(ask(), "include /usr/include");
  EXPECT_EQ(ask(), "include /usr/include");
  ASSERT_EQ(processes_.calls().size(), 1U);
  const FakeProcesses::Call& call = processes_.calls()[0];
  EXPECT_EQ(call.argv, (std::vector<std::string>{"/usr/bin/g++", "-Iinclude", "-x", "c++", "-E", "-v",
                                                 "/dev/null", "-o", "/dev/null"}));
  EXPECT_EQ(call.cwd, "/w");
}

TEST_F(SearchPathCacheTest, AsksInTheCLocale) {
  ask();
  const FakeProcesses::Call& call = processes_.calls()[0];
  EXPECT_TRUE(call.has_variable("LC_ALL=C"));
  EXPECT_FALSE(call.has_variable("LC_ALL=de_DE"));
  EXPECT_TRUE(call.has_variable("A=b"));
}

TEST_F(SearchPathCacheTest, AsksAgainWhenTheFoldersMayBeOthers) {
  ask();
  disk_.put_folder("/w/later");
  ask();
  EXPECT_EQ(processes_.calls().size(), 2U);  // a missing one has come
  disk_.delete_tree("/w/later");
  ask();
  disk_.delete_tree("/usr/include");
  ask();
  EXPECT_EQ(processes_.calls().size(), 3U);  // one has gone
}

TEST_F(SearchPathCacheTest, EachQuestionHasItsOwnAnswer) {
  ask();
  const auto vary = [&](auto change) {
    SearchPathQuestion other = question();
    change(other);
    const std::size_t before = processes_.calls().size();
    ask(other);
    return processes_.calls().size() - before;
  };
  EXPECT_EQ(vary([](SearchPathQuestion& q) { q.identity = hash_bytes("clang++"); }), 1U);
  EXPECT_EQ(vary([](SearchPathQuestion& q) { q.compiler = "/opt/bin/g++"; }), 1U);
  EXPECT_EQ(vary([](SearchPathQuestion& q) { q.language = "c"; }), 1U);
  EXPECT_EQ(vary([](SearchPathQuestion& q) { q.arguments = {"-Iother"}; }), 1U);
  EXPECT_EQ(vary([](SearchPathQuestion& q) { q.keyed_environment = {"CPATH=/x"}; }), 1U);
  EXPECT_EQ(vary([](SearchPathQuestion& q) { q.cwd = "/usr"; }), 1U);
  EXPECT_EQ(vary([](SearchPathQuestion& q) { q.environment = {"SHLVL=2"}; }), 0U);
}

TEST_F(SearchPathCacheTest, FailureIsNotKept) {
  exit_code_ = 1;
  EXPECT_EQ(ask(), "invalid");
  exit_code_ = 0;
  EXPECT_EQ(ask(), "include /usr/include");
  printed_ = "nonsense";
  disk_.delete_tree("/usr/include");
  EXPECT_EQ(ask(), "corrupt");
  EXPECT_TRUE(cache_.entries().empty());  // what it knew before was wrong
  processes_.set_answer(nullptr);
  EXPECT_EQ(ask(), "not-found");
}

TEST_F(SearchPathCacheTest, QuestionsUnderWayAreSharedAndAllAnswered) {
  executor_.hold();
  int answered = 0;
  for (int i = 0; i < 3; ++i) {
    cache_.get(question(), [&](const Result<SearchPath>& path) { answered += path.ok() ? 1 : 0; });
  }
  EXPECT_EQ(executor_.queued(), 1U);
  EXPECT_EQ(answered, 0);
  executor_.run_all();
  EXPECT_EQ(answered, 3);
  EXPECT_EQ(processes_.calls().size(), 1U);
}

TEST_F(SearchPathCacheTest, KnownAnswerCostsAStatPerFolderOnly) {
  ask();
  ask();
  disk_.take_recorded();
  ask();
  EXPECT_EQ(disk_.take_recorded(),
            (std::vector<std::string>{"stat /w/include", "stat /usr/include", "stat /w/later"}));
}

TEST_F(SearchPathCacheTest, TellsOnceThatSomethingWasLearned) {
  EXPECT_FALSE(cache_.take_changed());
  ask();
  EXPECT_TRUE(cache_.take_changed());
  ask();
  EXPECT_FALSE(cache_.take_changed());
}

}  // namespace
}  // namespace compiler_cache
