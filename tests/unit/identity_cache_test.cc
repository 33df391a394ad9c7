#include "helper/identity_cache.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/fake_compiler.h"
#include "tests/unit/fake_watches.h"
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

// ---- While changes are told of

class WatchedIdentityTest : public IdentityCacheTest {
 protected:
  WatchedIdentityTest() {
    disk_.put_folder("/home/bin");
    disk_.put_folder("/opt/place");
    disk_.put("/alt/libm.so.6", "libm");
    disk_.put_symlink("/lib/libm.so.6", "/alt/libm.so.6");
    compiler_.libraries += "\tlibm.so.6 => /lib/libm.so.6 (0x00007f1e)\n";
    EXPECT_TRUE(disk_.link("/lib/ld.so", "/lib/ld.so.twin").ok());
    compiler_.loader_debug =
        "trying file=/opt/place\ntrying file=/opt/late/deep/libc.so.6\ntrying file=/opt/libc.so.6\n";
    clock_.settle();
  }
  static IdentityQuestion question(const std::string& compiler = "g++") {
    return {compiler, "c++", {}, {"PATH=/home/bin:/usr/bin"}, "/w"};
  }
  std::shared_ptr<const Identity> ask(const IdentityQuestion& asked = question(), std::uint64_t build = 1) {
    watches_.begin_request(build);
    std::shared_ptr<const Identity> answer;
    cache_.get(asked, build, [&](const std::shared_ptr<const Identity>& identity, const std::string&) {
      answer = identity;
    });
    return answer;
  }
  /// Asked and looked at, so that the next question of this build looks at nothing.
  void settle(const IdentityQuestion& asked = question()) {
    ask(asked);
    ask(asked);
    disk_.take_recorded();
    ask(asked);
    ASSERT_EQ(disk_.take_recorded(), std::vector<std::string>()) << asked.compiler;
    probed();
  }

  FakeWatchWorld world_;
  PathTable paths_;
  PathWatches watches_{disk_, paths_, std::make_unique<FakeWatches>(world_)};
  IdentityCache cache_{disk_, clock_, executor_, compiler_.processes, &watches_};
};

TEST_F(WatchedIdentityTest, InTheMiddleOfABuildNothingIsLookedAt) {
  settle();
  EXPECT_FALSE(probed());
  for (int i = 0; i < 3; ++i) EXPECT_NE(ask(), nullptr);
  EXPECT_EQ(disk_.take_recorded(), std::vector<std::string>());
  EXPECT_NE(ask(question(), 2), nullptr);
  EXPECT_FALSE(disk_.take_recorded().empty()) << "the next build looks for itself";
  EXPECT_FALSE(probed());
  ask(question(), 2);
  EXPECT_EQ(disk_.take_recorded(), std::vector<std::string>());
}

TEST_F(WatchedIdentityTest, EachChangeIsSeenAsSoonAsItIsTold) {
  struct Change {
    const char* what;
    std::function<void()> make;
    std::string folder;
    WatchChange told;
    std::string name;
  };
  const auto replace = [this](const char* path) {
    return [this, path] { disk_.put(path, elf_program("new"), 0755); };
  };
  const std::vector<Change> changes{
      {"the driver", replace("/usr/bin/g++"), "/usr/bin", WatchChange::entry, "g++"},
      {"a program", replace("/usr/lib/gcc/12/cc1plus"), "/usr/lib/gcc/12", WatchChange::content, "cc1plus"},
      {"a library", replace("/lib/libc.so.6"), "/lib", WatchChange::content, "libc.so.6"},
      {"a library through its other name", replace("/lib/ld.so.twin"), "/lib/ld.so", WatchChange::content,
       ""},
      {"an entry of a folder", [this] { disk_.put("/opt/place/x", "x"); }, "/opt/place", WatchChange::entry,
       "x"},
      {"an earlier program", replace("/home/bin/g++"), "/home/bin", WatchChange::entry, "g++"},
      {"an earlier library", replace("/opt/libc.so.6"), "/opt", WatchChange::entry, "libc.so.6"},
      {"a folder that was missing", [this] { disk_.put_folder("/opt/late"); }, "/opt", WatchChange::entry,
       "late"},
      {"specs", [this] { disk_.put("/usr/lib/gcc/12/specs", "x"); }, "/usr/lib/gcc/12", WatchChange::entry,
       "specs"},
  };
  for (const Change& change : changes) {
    settle();
    clock_.tick();
    change.make();
    clock_.settle();
    ask();
    EXPECT_FALSE(probed()) << change.what << ": nothing was told";
    world_.happen(change.folder, change.told, change.name);
    EXPECT_NE(ask(), nullptr);
    EXPECT_TRUE(probed()) << change.what;
  }
}

TEST_F(WatchedIdentityTest, LinksAreFollowed) {
  settle();
  disk_.put("/alt/libm.so.6", "changed");
  clock_.settle();
  world_.happen("/alt", WatchChange::content, "libm.so.6");
  ask();
  EXPECT_TRUE(probed());
  settle();
  disk_.delete_tree("/lib/libm.so.6");
  disk_.put_symlink("/lib/libm.so.6", "libc.so.6");
  clock_.settle();
  world_.happen("/lib", WatchChange::entry, "libm.so.6");
  ask();
  EXPECT_TRUE(probed());
}

TEST_F(WatchedIdentityTest, WhatAnotherHasLookedAtIsComparedAllTheSame) {
  settle();
  settle(question("/usr/bin/g++"));
  disk_.put("/lib/libc.so.6", "between builds");
  clock_.settle();
  const auto first = ask(question(), 2);
  ask(question(), 2);  // and is looked at, and trusted
  probed();
  const auto second = ask(question("/usr/bin/g++"), 2);
  EXPECT_TRUE(probed());
  EXPECT_EQ(second->files.size(), first->files.size());
}

TEST_F(WatchedIdentityTest, WhereSomethingCannotBeWatchedAllIsLookedAtEachTime) {
  world_.refused.insert("/lib");
  ask();
  ask();
  std::size_t looks = 0;
  for (int i = 0; i < 2; ++i) {
    disk_.take_recorded();
    ask();
    looks = disk_.take_recorded().size();
    EXPECT_GT(looks, 5U);
  }
  disk_.put("/usr/bin/as", elf_program("new"), 0755);
  clock_.settle();
  probed();
  ask();
  EXPECT_TRUE(probed());
  IdentityCache unwatched(disk_, clock_, executor_, compiler_.processes);
  const auto ignore = [](const std::shared_ptr<const Identity>&, const std::string&) {};
  for (int i = 0; i < 2; ++i) {
    disk_.take_recorded();
    unwatched.get(question(), 1, ignore);
  }
  EXPECT_EQ(looks, disk_.take_recorded().size()) << "watching is not tried at each question";
}

TEST_F(WatchedIdentityTest, WithoutAKnownBuildAllIsLookedAtEachTime) {
  settle();
  ask(question(), 0);
  EXPECT_FALSE(disk_.take_recorded().empty());
  disk_.put("/usr/bin/as", elf_program("new"), 0755);
  clock_.settle();
  ask(question(), 0);
  EXPECT_TRUE(probed());
}

}  // namespace
}  // namespace compiler_cache
