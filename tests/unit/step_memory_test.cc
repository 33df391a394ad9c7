#include "helper/step_memory.h"

#include <gtest/gtest.h>

#include "tests/unit/damage.h"

namespace compiler_cache {
namespace {

std::shared_ptr<Identity> compiler(std::uint8_t digest, const std::string& name,
                                   const std::vector<std::pair<std::string, std::uint8_t>>& files) {
  auto identity = std::make_shared<Identity>();
  identity->digest.bytes[0] = digest;
  identity->name = name;
  for (const auto& [path, content] : files) {
    ProgramFile file;
    file.path = path;
    file.content.bytes[0] = content;
    identity->files.push_back(file);
  }
  return identity;
}

StepAsked usual() {
  return {
      "g++", "/s/a.cc", {"-O2", "-c"}, {"LANG=C", "CPATH=/x"}, "/b", compiler(1, "gcc 12", {{"/cc1plus", 1}}),
      100};
}

/// "kind subject from>to" for each.
std::string text(const std::vector<Cause>& causes) {
  std::string all;
  for (const Cause& cause : causes) {
    all += (all.empty() ? "" : " | ") + std::string(describe(cause.kind).name);
    if (!cause.subject.empty()) all += " " + cause.subject;
    if (!cause.from.empty() || !cause.to.empty()) all += " " + cause.from + ">" + cause.to;
  }
  return all;
}

/// What is said of a step that was asked for as usual the last time.
std::string compared(const StepAsked& now) {
  StepMemory memory;
  memory.remember("/b/a.o", usual());
  return text(memory.compare("/b/a.o", now));
}

template <class Change>
StepAsked changed(const Change& change) {
  StepAsked asked = usual();
  asked.context = 200;
  change(asked);
  return asked;
}

TEST(StepMemory, WhatWasNeverMadeIsMadeForTheFirstTime) {
  StepMemory memory;
  EXPECT_EQ(text(memory.compare("/b/a.o", usual())), "first-time");
  memory.remember("/b/b.o", usual());
  EXPECT_EQ(text(memory.compare("/b/a.o", usual())), "first-time");
}

TEST(StepMemory, TheSameAgainWasEvictedOrNotKept) {
  EXPECT_EQ(compared(usual()), "evicted");
  StepMemory memory;
  memory.remember("/b/a.o", usual(), "input-changed-during-compile", "/s/x.h");
  EXPECT_EQ(text(memory.compare("/b/a.o", usual())),
            "changed-during-compile /s/x.h input-changed-during-compile>");
  memory.remember("/b/a.o", usual(), "compile-failed");
  EXPECT_EQ(text(memory.compare("/b/a.o", usual())), "not-kept compile-failed>");
}

TEST(StepMemory, EachDifferenceIsNamed) {
  EXPECT_EQ(compared(changed([](StepAsked& asked) { asked.options.push_back("-DNDEBUG"); })),
            "flag-changed >-DNDEBUG");
  EXPECT_EQ(compared(changed([](StepAsked& asked) {
              asked.environment = {"LANG=C", "CPATH=/y"};
            })),
            "environment-changed CPATH /x>/y");
  EXPECT_EQ(compared(changed([](StepAsked& asked) { asked.environment = {"LANG=C"}; })),
            "environment-changed CPATH /x>");
  EXPECT_EQ(compared(changed([](StepAsked& asked) { asked.environment.push_back("TZ=UTC"); })),
            "environment-changed TZ >UTC");
  EXPECT_EQ(compared(changed([](StepAsked& asked) { asked.folder = "/c"; })), "folder-changed /b>/c");
  EXPECT_EQ(compared(changed([](StepAsked& asked) { asked.source = "/s/b.cc"; })),
            "other it is made of another source /s/a.cc>/s/b.cc");
  EXPECT_EQ(compared(changed([](StepAsked&) {})),
            "other it is asked for in another way (terminal, processor, folders)");
}

TEST(StepMemory, AnotherCompilerIsNamedByWhatIsDifferent) {
  EXPECT_EQ(compared(changed([](StepAsked& asked) { asked.compiler = compiler(2, "gcc 13", {}); })),
            "compiler-changed g++ gcc 12>gcc 13");
  EXPECT_EQ(compared(changed([](StepAsked& asked) { asked.program = "g++-12"; })),
            "compiler-changed g++-12 g++>g++-12");
  EXPECT_EQ(compared(changed([](StepAsked& asked) {
              asked.compiler = compiler(2, "gcc 12", {{"/cc1plus", 2}});
            })),
            "compiler-changed /cc1plus");
  // Another option may bring in another program of the same compiler.
  EXPECT_EQ(compared(changed([](StepAsked& asked) {
              asked.compiler = compiler(2, "gcc 12", {{"/cc1plus", 1}, {"/lto", 1}});
              asked.options.push_back("-flto");
            })),
            "flag-changed >-flto");
  EXPECT_EQ(compared(changed([](StepAsked& asked) {
              asked.compiler = compiler(2, "gcc 12", {{"/cc1plus", 1}});
            })),
            "compiler-changed g++");
}

TEST(StepMemory, SeveralDifferencesAreListedTheCompilerFirst) {
  EXPECT_EQ(compared(changed([](StepAsked& asked) {
              asked.compiler = compiler(2, "clang 14", {});
              asked.program = "clang++";
              asked.options = {"-O3", "-c"};
              asked.folder = "/c";
            })),
            "compiler-changed clang++ gcc 12>clang 14 | flag-changed -O2>-O3 | folder-changed /b>/c");
}

TEST(StepMemory, ComesBackTheSameWithoutWhatIsNoLongerUsed) {
  StepMemory memory;
  StepAsked old = usual();
  old.options = {"-DSOMETHING_LONG_THAT_NOBODY_ASKS_FOR_ANY_MORE"};
  memory.remember("/b/a.o", old);
  memory.remember("/b/a.o", usual());
  memory.remember("/b/b.o", usual(), "depfile-missing", "why");
  const std::string bytes = memory.encode();
  EXPECT_EQ(bytes.find("NOBODY"), std::string::npos);
  const Result<StepMemory> back = StepMemory::decode(bytes);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->size(), 2U);
  EXPECT_EQ(back->context_of("/b/a.o"), 100U);
  EXPECT_EQ(text(back->compare("/b/b.o", usual())), "not-kept why depfile-missing>");
  const StepAsked now = changed([](StepAsked& asked) { asked.options = {"-O3", "-c"}; });
  EXPECT_EQ(text(back->compare("/b/a.o", now)), "flag-changed -O2>-O3");
  EXPECT_EQ(text(back->compare("/b/a.o", usual())), "evicted");
}

TEST(StepMemory, NoDamageIsTakenForMoreThanItHolds) {
  StepMemory memory;
  memory.remember("/b/a.o", usual(), "depfile-missing", "why");
  const std::string bytes = memory.encode();
  for_each_damage(bytes, [&](const std::string& damaged) {
    const Result<StepMemory> back = StepMemory::decode(damaged);
    EXPECT_FALSE(back.ok() && damaged.size() < bytes.size());
    EXPECT_FALSE(back.ok() && back->compare("/b/a.o", usual()).empty());
  });
}

TEST(StepMemory, WhileItIsWrittenNothingIsAddedAndNothingLost) {
  StepMemory memory;
  memory.freeze();
  memory.remember("/b/a.o", usual());
  EXPECT_EQ(memory.size(), 0U);
  memory.thaw();
  EXPECT_EQ(memory.context_of("/b/a.o"), 100U);
}

}  // namespace
}  // namespace compiler_cache
