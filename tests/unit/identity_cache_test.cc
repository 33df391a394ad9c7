#include "helper/identity_cache.h"

#include <gtest/gtest.h>

#include "tests/unit/fake_compiler.h"
#include "tests/unit/inline_executor.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class IdentityCacheTest : public testing::Test {
 protected:
  IdentityCacheTest() {
    disk_.put_folder("/w");
    disk_.put("/w/wrapper", "#!/bin/sh\n", 0755);
    clock_.settle();
  }

  static IdentityQuestion question(const std::string& compiler = "g++") {
    return {compiler, "c++", {}, {"PATH=/usr/bin"}, "/w"};
  }
  std::shared_ptr<const Identity> ask(const IdentityQuestion& asked = question(), std::uint64_t build = 1) {
    std::shared_ptr<const Identity> answer;
    cache_.get(asked, build, [&](const std::shared_ptr<const Identity>& identity, const std::string& error) {
      answer = identity;
      error_ = error;
    });
    return answer;
  }
  /// Whether the compiler was run since the last time.
  bool probed() { return !compiler_.processes.take_calls().empty(); }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  FakeCompiler compiler_{disk_};
  InlineExecutor executor_;
  IdentityCache cache_{disk_, clock_, executor_, compiler_.processes};
  std::string error_;
};

TEST_F(IdentityCacheTest, ProbesOnceWhileTheFilesStayTheSame) {
  const auto first = ask();
  ASSERT_NE(first, nullptr);
  EXPECT_TRUE(probed());
  EXPECT_EQ(ask(), first);
  EXPECT_EQ(ask(question(), 2), first);
  EXPECT_FALSE(probed());
}

TEST_F(IdentityCacheTest, ProbesAgainWhenAFileOfTheCompilerChanged) {
  const auto first = ask();
  probed();
  disk_.put("/usr/lib/gcc/12/cc1plus", elf_program("updated"));
  clock_.settle();
  const auto second = ask();
  EXPECT_TRUE(probed());
  EXPECT_NE(second->digest, first->digest);
}

TEST_F(IdentityCacheTest, ScriptIsAskedOnceInEachBuild) {
  const auto first = ask(question("/w/wrapper"), 1);
  ASSERT_NE(first, nullptr);
  EXPECT_TRUE(probed());
  ask(question("/w/wrapper"), 1);
  EXPECT_FALSE(probed());
  compiler_.version = "gcc version 13.1.0 (Fake)";  // it chooses another without any file changing
  const auto second = ask(question("/w/wrapper"), 2);
  EXPECT_TRUE(probed());
  EXPECT_NE(second->digest, first->digest);
  ask(question("/w/wrapper"), 2);
  EXPECT_FALSE(probed());
}

TEST_F(IdentityCacheTest, QuestionsUnderWayAreSharedAndAllAnswered) {
  executor_.hold();
  int answered = 0;
  for (int i = 0; i < 3; ++i) {
    cache_.get(question(), 1, [&](const std::shared_ptr<const Identity>& identity, const std::string&) {
      answered += identity != nullptr ? 1 : 0;
    });
  }
  EXPECT_EQ(executor_.queued(), 1U);
  executor_.run_all();
  EXPECT_EQ(answered, 3);
}

TEST_F(IdentityCacheTest, FailureIsToldAndNotKept) {
  disk_.delete_tree("/usr/bin/g++");
  EXPECT_EQ(ask(), nullptr);
  EXPECT_NE(error_, "");
  EXPECT_TRUE(cache_.entries().empty());
  disk_.put("/usr/bin/g++", elf_program("driver"), 0755);
  EXPECT_NE(ask(), nullptr);
  EXPECT_EQ(error_, "");
  disk_.delete_tree("/usr/bin/g++");
  EXPECT_EQ(ask(), nullptr);
  EXPECT_TRUE(cache_.entries().empty());  // what it knew is not true any more
}

TEST_F(IdentityCacheTest, FilesThatSeveralCompilersShareAreReadOnce) {
  ask();
  disk_.take_recorded();
  ask(question("/usr/bin/g++"));
  for (const std::string& operation : disk_.take_recorded()) EXPECT_NE(operation, "read /lib/libc.so.6");
}

TEST_F(IdentityCacheTest, AdoptedIdentityIsTrustedButForScripts) {
  const auto compiler = ask();
  const auto script = ask(question("/w/wrapper"));
  IdentityCache next(disk_, clock_, executor_, compiler_.processes);
  for (const auto& [key, entry] : cache_.entries()) next.adopt(key, entry.identity);
  probed();
  next.get(question(), 1, [&](const std::shared_ptr<const Identity>& identity, const std::string&) {
    EXPECT_EQ(identity, compiler);
  });
  EXPECT_FALSE(probed());
  next.get(question("/w/wrapper"), 1,
           [&](const std::shared_ptr<const Identity>& identity, const std::string&) {
             EXPECT_EQ(identity->digest, script->digest);
           });
  EXPECT_TRUE(probed());
}

TEST_F(IdentityCacheTest, TellsOnceThatSomethingWasProbed) {
  EXPECT_FALSE(cache_.take_changed());
  ask();
  EXPECT_TRUE(cache_.take_changed());
  EXPECT_FALSE(cache_.take_changed());
  ask();
  EXPECT_FALSE(cache_.take_changed());
}

}  // namespace
}  // namespace compiler_cache
