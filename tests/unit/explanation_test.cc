#include "helper/explanation.h"

#include <gtest/gtest.h>

#include "helper/explain_json.h"
#include "helper/explain_view.h"

namespace compiler_cache {
namespace {

const ShownRoots kRoots{"/s", "/s/build"};
constexpr std::uint64_t kNow = 1'700'000'000'000'000;

class ExplanationTest : public testing::Test {
 protected:
  StepRecord& step(const std::string& source, Outcome outcome, std::uint64_t compile_us) {
    StepRecord record;
    record.outcome = outcome;
    record.source = steps_.intern("/s/src/" + source);
    record.output = steps_.intern("/s/build/" + source + ".o");
    record.compile_us = compile_us;
    RequestResult result = outcome == Outcome::hit    ? RequestResult::hit(HitSource::tree, 1, 2'000'000)
                           : outcome == Outcome::miss ? RequestResult::miss(MissReason::input_changed)
                                                      : RequestResult::uncacheable("time-macro");
    summary_.counters.add(result);
    record.reason = steps_.intern(result.reason);
    steps_.steps.push_back(record);
    return steps_.steps.back();
  }
  void miss(const std::string& source, const Cause& cause, std::uint64_t compile_us) {
    step(source, Outcome::miss, compile_us).causes.push_back(steps_.intern(cause));
  }
  static Cause header(const std::string& path) { return {CauseKind::header_changed, path, "", ""}; }
  std::string text() {
    summary_.number = 12;
    summary_.tool = "ninja";
    summary_.ended = true;
    summary_.ended_us = kNow - 185'000'000;
    return explain_text(summary_, steps_, kRoots, kNow, {});
  }
  std::string one(std::size_t index, const IncludeChain& chain = {}) {
    return explain_step(steps_, steps_.steps[index], kRoots,
                        [&](const StepRecord&, const std::string&) { return chain; }, {});
  }

  BuildSummary summary_;
  BuildSteps steps_;
};

TEST_F(ExplanationTest, ABuildOfHitsIsOneLine) {
  step("a.cc", Outcome::hit, 3'000'000);
  step("b.cc", Outcome::hit, 3'000'000);
  EXPECT_EQ(text(), "Build 12 (ninja), 3 min 5 s ago: 2 compiles, all from the cache, 4.0 s saved\n");
}

TEST_F(ExplanationTest, CausesAreGroupedTheDearestFirstAndTheRestIsCounted) {
  step("h.cc", Outcome::hit, 3'000'000);
  for (int i = 1; i <= 7; ++i)
    miss("u" + std::to_string(i) + ".cc", header("/s/config.h"), 1'000'000U * static_cast<unsigned>(i));
  miss("x.cc", {CauseKind::flag_changed, "", "-O2", "-O3"}, 30'000'000);
  steps_.steps.back().causes.push_back(steps_.intern(Cause{CauseKind::flag_changed, "", "", "-DNDEBUG"}));
  step("t.cc", Outcome::uncacheable, 0);
  EXPECT_EQ(text(),
            "Build 12 (ninja), 3 min 5 s ago: 10 compiles, 1 from the cache, 2.0 s saved\n"
            "\n"
            "-O2 → -O3, -DNDEBUG added: 1 compile, 30.0 s\n"
            "  src/x.cc  30.0 s\n"
            "\n"
            "config.h changed: 7 compiles, 28.0 s\n"
            "  src/u7.cc  7.0 s\n"
            "  src/u6.cc  6.0 s\n"
            "  src/u5.cc  5.0 s\n"
            "  src/u4.cc  4.0 s\n"
            "  src/u3.cc  3.0 s\n"
            "  and 2 more\n"
            "\n"
            "cannot be cached: the sources use __DATE__, __TIME__ or __TIMESTAMP__: 1 compile\n"
            "  → set SOURCE_DATE_EPOCH, or keep the macro in one small source\n"
            "  src/t.cc\n");
}

TEST_F(ExplanationTest, EachCauseIsASentence) {
  const auto said = [](Cause cause, StepKind kind = StepKind::compile) {
    return cause_text(cause, kind, kRoots);
  };
  EXPECT_EQ(said({CauseKind::first_time, "", "", ""}), "made for the first time");
  EXPECT_EQ(said({CauseKind::flag_changed, "", "", "-DNDEBUG"}), "-DNDEBUG added");
  EXPECT_EQ(said({CauseKind::flag_changed, "", "-g", ""}), "-g removed");
  EXPECT_EQ(said({CauseKind::flag_changed, "the order of the options", "", ""}),
            "the order of the options changed");
  EXPECT_EQ(said({CauseKind::source_changed, "/s/a.cc", "", ""}), "the source itself changed");
  EXPECT_EQ(said(header("/s/build/gen.h")), "gen.h changed");
  EXPECT_EQ(said(header("/usr/include/stdio.h")), "/usr/include/stdio.h changed");
  EXPECT_EQ(said({CauseKind::header_removed, "/s/x.h", "", ""}), "x.h is gone");
  EXPECT_EQ(said({CauseKind::name_appeared, "/s/src/../x.h", "", ""}), "x.h appeared, where there was none");
  EXPECT_EQ(said({CauseKind::compiler_changed, "g++", "gcc 12", "gcc 13"}),
            "compiler changed: gcc 12 → gcc 13");
  EXPECT_EQ(said({CauseKind::compiler_changed, "g++", "gcc 12 ", "clang 14"}),
            "compiler changed: gcc 12 → clang 14");
  EXPECT_EQ(said({CauseKind::compiler_changed, "ar", "GNU ar", "LLVM"}, StepKind::archive),
            "archiver changed: GNU ar → LLVM");
  EXPECT_EQ(said({CauseKind::compiler_changed, "/usr/lib/cc1plus", "", ""}),
            "compiler changed: /usr/lib/cc1plus");
  EXPECT_EQ(said({CauseKind::environment_changed, "CPATH", "", "/x"}), "variable CPATH is set now");
  EXPECT_EQ(said({CauseKind::environment_changed, "CPATH", "/y", "/x"}), "variable CPATH changed");
  EXPECT_EQ(said({CauseKind::environment_changed, "CPATH", "/y", ""}), "variable CPATH is no longer set");
  EXPECT_EQ(said({CauseKind::folder_changed, "", "/a", "/b"}), "it runs in /b, not in /a");
  EXPECT_EQ(said({CauseKind::evicted, "", "", ""}), "its result was evicted or removed from the store");
  EXPECT_EQ(said({CauseKind::changed_during_compile, "/s/x.h", "input-changed-during-compile", ""}),
            "x.h had changed while it was made the last time");
  EXPECT_EQ(said({CauseKind::not_kept, "", "compile-failed", ""}), "the compile before this one failed");
  EXPECT_EQ(said({CauseKind::not_kept, "", "depfile-missing", ""}),
            "nothing was kept the last time: the compiler wrote no list of dependencies");
  EXPECT_EQ(said({CauseKind::result_lost, "", "", ""}),
            "the same step was running, and nothing came of that");
}

TEST_F(ExplanationTest, AStepIsToldWithItsChainAndWhatElseItCost) {
  miss("a.cc", header("/s/config.h"), 2'000'000);
  steps_.steps.back().causes.push_back(
      steps_.intern(Cause{CauseKind::source_changed, "/s/src/a.cc", "", ""}));
  miss("b.cc", header("/s/config.h"), 3'000'000);
  EXPECT_EQ(one(0, {true, true, {"/s/src/b.h", "/s/c.h"}}),
            "src/a.cc → a.cc.o\n"
            "  compiled in 2.0 s: config.h changed\n"
            "  through src/b.h, c.h\n"
            "  besides: the source itself changed\n"
            "  for the same reason: 2 compiles, 5.0 s in all\n");
  EXPECT_EQ(one(1, {true, false, {"/s/c.h"}}),
            "src/b.cc → b.cc.o\n"
            "  compiled in 3.0 s: config.h changed\n"
            "  probably through c.h\n"
            "  for the same reason: 2 compiles, 5.0 s in all\n");
}

TEST_F(ExplanationTest, WhatIsMadeOfWhatWasMadeAgainHasItsCause) {
  miss("a.cc", header("/s/config.h"), 2'000'000);
  miss("b.cc", header("/s/config.h"), 3'000'000);
  miss("liba.a", {CauseKind::input_changed, "/s/build/a.cc.o", "", ""}, 10'000);
  steps_.steps.back().kind = StepKind::archive;
  miss("app", {CauseKind::input_changed, "/s/build/liba.a.o", "", ""}, 500'000);
  steps_.steps.back().kind = StepKind::link;
  step("t.cc", Outcome::uncacheable, 0);
  miss("tool", {CauseKind::input_changed, "/s/build/t.cc.o", "", ""}, 400'000);
  steps_.steps.back().kind = StepKind::link;
  miss("other", {CauseKind::input_changed, "/usr/lib/libz.a", "", ""}, 300'000);
  steps_.steps.back().kind = StepKind::link;
  // What was a hit is no reason.
  step("h.cc", Outcome::hit, 1'000'000);
  miss("plain", {CauseKind::input_changed, "/s/build/h.cc.o", "", ""}, 200'000);
  steps_.steps.back().kind = StepKind::link;

  const std::vector<CauseGroup> groups = group_by_cause(steps_, kRoots);
  ASSERT_EQ(groups.size(), 4U);
  EXPECT_EQ(groups[0].title, "config.h changed");
  EXPECT_EQ(count_text(groups[0].steps), "2 compiles, 1 library, 1 link");
  EXPECT_EQ(groups[0].compile_us, 5'510'000U);
  EXPECT_EQ(groups[0].cause.kind, CauseKind::header_changed);
  EXPECT_EQ(groups[1].outcome, Outcome::uncacheable);
  EXPECT_EQ(count_text(groups[1].steps), "1 compile, 1 link");
  EXPECT_EQ(groups[2].title, "/usr/lib/libz.a changed");
  EXPECT_EQ(groups[3].title, "h.cc.o changed");
  EXPECT_NE(one(3).find("  because of src/a.cc: config.h changed\n"), std::string::npos) << one(3);
  EXPECT_EQ(one(6).find("because of"), std::string::npos) << one(6);
}

TEST_F(ExplanationTest, ARecordThatGoesInCirclesIsExplainedAllTheSame) {
  miss("a", {CauseKind::input_changed, "/s/build/b.o", "", ""}, 1);
  miss("b", {CauseKind::input_changed, "/s/build/a.o", "", ""}, 1);
  miss("c", {CauseKind::input_changed, "/s/build/c.o", "", ""}, 1);
  EXPECT_EQ(group_by_cause(steps_, kRoots).back().steps.size(), 1U);
}

TEST_F(ExplanationTest, AHitAndARefusalAreTold) {
  step("a.cc", Outcome::hit, 3'000'000).source_tier = HitSource::shared;
  step("t.cc", Outcome::uncacheable, 0).detail = steps_.intern("__DATE__");
  EXPECT_EQ(one(0), "src/a.cc → a.cc.o\n  from the cache (shared); it took 3.0 s when it was made\n");
  EXPECT_EQ(one(1),
            "src/t.cc → t.cc.o\n"
            "  cannot be cached: the sources use __DATE__, __TIME__ or __TIMESTAMP__: __DATE__\n"
            "  → set SOURCE_DATE_EPOCH, or keep the macro in one small source\n");
}

TEST_F(ExplanationTest, StepsAreFoundBySourceAndObjectAndNamesLikeThem) {
  miss("tokenizer.cc", header("/s/config.h"), 1);
  EXPECT_EQ(steps_of(steps_, "/s/src/tokenizer.cc").size(), 1U);
  EXPECT_EQ(steps_of(steps_, "/s/build/../build/tokenizer.cc.o").size(), 1U);
  EXPECT_TRUE(steps_of(steps_, "/s/src/other.cc").empty());
  EXPECT_EQ(names_like(steps_, "tokeniser.cc", kRoots), std::vector<std::string>{"src/tokenizer.cc"});
  EXPECT_EQ(names_like(steps_, "token", kRoots), std::vector<std::string>{"src/tokenizer.cc"});
  EXPECT_TRUE(names_like(steps_, "quite_another_name.cc", kRoots).empty());
}

TEST_F(ExplanationTest, JsonSaysTheSame) {
  miss("a.cc", header("/s/config.h"), 2'000'000);
  const std::string json = explain_json(&summary_, steps_, {&steps_.steps[0]}, kRoots);
  for (const char* part :
       {"\"schema\": 1", "\"title\": \"config.h changed\"", "\"cause\": \"header-changed\"", "\"count\": 1",
        "\"compile_us\": 2000000", "\"source\": \"/s/src/a.cc\"", "\"subject\": \"/s/config.h\""}) {
    EXPECT_NE(json.find(part), std::string::npos) << part;
  }
  EXPECT_NE(explain_json(nullptr, {}, {}, kRoots).find("\"build\": null"), std::string::npos);
}

TEST(TerminalStyle, ColoursAreForPeopleAtATerminalUnlessSomebodySaysOtherwise) {
  EXPECT_TRUE(wants_colors(true, nullptr, nullptr, "xterm"));
  EXPECT_FALSE(wants_colors(false, nullptr, nullptr, "xterm"));
  EXPECT_FALSE(wants_colors(true, nullptr, nullptr, "dumb"));
  EXPECT_FALSE(wants_colors(true, "1", nullptr, "xterm"));
  EXPECT_TRUE(wants_colors(true, "", nullptr, "xterm"));
  EXPECT_TRUE(wants_colors(false, nullptr, "1", nullptr));
  EXPECT_FALSE(wants_colors(false, nullptr, "0", nullptr));
  EXPECT_FALSE(wants_colors(false, "1", "1", nullptr));
}

}  // namespace
}  // namespace compiler_cache
