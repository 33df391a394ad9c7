// What a request leaves in the history of its build: above all, the cause of a miss.
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

class ExchangeHistoryTest : public ExchangeFixture {
 protected:
  ExchangeHistoryTest() { begin(); }

  void begin() {
    build_ = 1;
    cache_->history.begin_build(1, {7, 8}, "ninja", "ninja");
  }
  void next_helper() {
    restart_helper();
    begin();
  }
  /// The step that was recorded last.
  StepRecord last() {
    for (const BuildHistory::News& news : cache_->history.take()) {
      for (const StepRecord& step : news.steps.steps) steps_.steps.push_back(step);
      texts_ = BuildSteps();
      append_texts(news.steps);
    }
    return steps_.steps.empty() ? StepRecord() : steps_.steps.back();
  }
  void append_texts(const BuildSteps& from) {
    for (std::size_t i = 0; i < from.texts.size(); ++i) texts_.intern(from.texts[static_cast<PathId>(i)]);
  }
  /// Of the last step: "kind subject from>to" for each cause.
  std::string causes() {
    std::string all;
    const StepRecord step = last();
    for (const RecordedCause& recorded : step.causes) {
      const Cause cause = texts_.cause(recorded);
      all += (all.empty() ? "" : " | ") + std::string(describe(cause.kind).name);
      if (!cause.subject.empty()) all += " " + cause.subject;
      if (!cause.from.empty() || !cause.to.empty()) all += " " + cause.from + ">" + cause.to;
    }
    return all;
  }

  BuildSteps steps_;
  BuildSteps texts_;
};

TEST_F(ExchangeHistoryTest, AMissIsRecordedWithSourceOutputAndTime) {
  EXPECT_EQ(compile(), "miss");
  const StepRecord step = last();
  EXPECT_EQ(step.outcome, Outcome::miss);
  EXPECT_EQ(texts_.text(step.source), "/s/a.cc");
  EXPECT_EQ(texts_.text(step.output), "/b/a.o");
  EXPECT_EQ(texts_.text(step.reason), "first-time");
  EXPECT_EQ(step.compile_us, 5'000'000U);
  EXPECT_EQ(step.launcher, 4242U);
  EXPECT_NE(step.context, 0U);
  EXPECT_GT(step.phases[static_cast<std::size_t>(StepPhase::compiling)], 0U);
  EXPECT_EQ(step.phases[static_cast<std::size_t>(StepPhase::restoring)], 0U);
  EXPECT_GT(step.end_us, step.start_us);
}

TEST_F(ExchangeHistoryTest, AHitIsRecordedWithTheTimeItSaved) {
  compile();
  EXPECT_EQ(compile(), "hit");
  const StepRecord step = last();
  EXPECT_EQ(step.outcome, Outcome::hit);
  EXPECT_EQ(step.compile_us, 5'000'000U);
  EXPECT_GT(step.phases[static_cast<std::size_t>(StepPhase::restoring)], 0U);
  EXPECT_TRUE(step.causes.empty());
}

TEST_F(ExchangeHistoryTest, ARefusalIsRecordedWithItsFiles) {
  EXPECT_EQ(compile({"g++", "-c", "x.cc", "-o", "x.o", "-fsyntax-only"}).substr(0, 3), "run");
  const StepRecord step = last();
  EXPECT_EQ(step.outcome, Outcome::uncacheable);
  EXPECT_EQ(texts_.text(step.source), "/b/x.cc");
  EXPECT_EQ(texts_.text(step.output), "/b/x.o");
  EXPECT_EQ(step.compile_us, 0U);
  EXPECT_EQ(step.phases[static_cast<std::size_t>(StepPhase::compiling)], 0U);
}

TEST_F(ExchangeHistoryTest, ARefusalTakesAsLongAsItsCompile) {
  ends_are_known_ = true;
  const Launcher refused = ask({"g++", "-c", "x.cc", "-o", "x.o", "-fsyntax-only"});
  EXPECT_EQ(go_on(refused).substr(0, 3), "run");
  refused.exchange->on_gone();  // as its program is replaced
  EXPECT_EQ(cache_->counters.total().uncacheable, 1U);
  EXPECT_TRUE(cache_->history.take().empty()) << "it has not ended yet";
  clock_.tick(3 * SteppedClock::kTicksPerSecond);
  refused.client->on_end(true);
  const StepRecord step = last();
  EXPECT_EQ(step.outcome, Outcome::uncacheable);
  EXPECT_EQ(texts_.text(step.output), "/b/x.o");
  EXPECT_GE(step.compile_us, 3'000'000U);
  EXPECT_GE(step.end_us, step.start_us + 3'000'000U);
  EXPECT_GE(step.phases[static_cast<std::size_t>(StepPhase::compiling)], 3'000'000U);
  EXPECT_EQ(cache_->counters.total().uncacheable, 1U);
}

TEST_F(ExchangeHistoryTest, ARefusalWhoseEndNobodySawIsRecordedWithoutItsTime) {
  ends_are_known_ = true;
  const Launcher refused = ask({"g++", "-c", "x.cc", "-o", "x.o", "-fsyntax-only"});
  clock_.tick(3 * SteppedClock::kTicksPerSecond);
  refused.client->on_end(false);
  const StepRecord step = last();
  EXPECT_EQ(step.outcome, Outcome::uncacheable);
  EXPECT_EQ(step.compile_us, 0U);
  EXPECT_LT(step.end_us, 1'000'000U);
}

TEST_F(ExchangeHistoryTest, FirstTime) {
  compile();
  EXPECT_EQ(causes(), "first-time");
}

TEST_F(ExchangeHistoryTest, AFlagThatCame) {
  compile();
  compile({"g++", "-DNDEBUG", "-MD", "-MF", "a.d", "-c", "/s/a.cc", "-o", "a.o"});
  EXPECT_EQ(causes(), "flag-changed >-DNDEBUG");
}

TEST_F(ExchangeHistoryTest, AFlagThatCameAcrossHelpers) {
  compile();
  next_helper();
  compile({"g++", "-DNDEBUG", "-MD", "-MF", "a.d", "-c", "/s/a.cc", "-o", "a.o"});
  EXPECT_EQ(causes(), "flag-changed >-DNDEBUG");
}

TEST_F(ExchangeHistoryTest, AFlagThatCameAfterAHitWithOthers) {
  const Arguments other{"g++", "-g", "-MD", "-MF", "a.d", "-c", "/s/a.cc", "-o", "a.o"};
  compile();
  compile(other);
  EXPECT_EQ(compile(), "hit");
  compile({"g++", "-O2", "-MD", "-MF", "a.d", "-c", "/s/a.cc", "-o", "a.o"});
  EXPECT_EQ(causes(), "flag-changed >-O2");
}

TEST_F(ExchangeHistoryTest, ASourceThatChanged) {
  compile();
  put("/s/a.cc", "#include \"x.h\"\nint b;\n");
  compile();
  EXPECT_EQ(causes(), "source-changed /s/a.cc");
}

TEST_F(ExchangeHistoryTest, AHeaderThatChanged) {
  compile();
  put("/s/x.h", "int y;\n");
  compile();
  EXPECT_EQ(causes(), "header-changed /s/x.h");
}

TEST_F(ExchangeHistoryTest, AllThatChangedIsListed) {
  put("/s/a.cc", "#include \"x.h\"\n#include \"y.h\"\n");
  put("/s/y.h", "int y;\n");
  compile();
  put("/s/a.cc", "#include \"x.h\"\n#include \"y.h\"\nint b;\n");
  put("/s/x.h", "int z;\n");
  put("/s/y.h", "int z2;\n");
  compile();
  EXPECT_EQ(causes(), "source-changed /s/a.cc | header-changed /s/x.h | header-changed /s/y.h");
}

TEST_F(ExchangeHistoryTest, AHeaderThatIsGone) {
  put("/usr/include/x.h", "int elsewhere;\n");
  compile();
  disk_.delete_tree("/s/x.h");
  compile();
  EXPECT_EQ(causes(), "header-removed /s/x.h");
}

TEST_F(ExchangeHistoryTest, AHeaderThatHidesAnother) {
  disk_.delete_tree("/s/x.h");
  put("/usr/include/x.h", "int x;\n");
  compile();
  put("/s/x.h", "int hides;\n");
  compile();
  EXPECT_EQ(causes(), "name-appeared /s/x.h");
}

TEST_F(ExchangeHistoryTest, AVariableOfTheEnvironment) {
  compile();
  environment_.push_back("CPATH=/somewhere");
  compile();
  EXPECT_EQ(causes(), "environment-changed CPATH >/somewhere");
}

TEST_F(ExchangeHistoryTest, AResultThatWasRemoved) {
  compile();
  ASSERT_TRUE(cache_->clear(false).ok());
  compile();
  EXPECT_EQ(causes(), "evicted");
}

TEST_F(ExchangeHistoryTest, AHeaderThatChangedDuringTheLastCompile) {
  during_compile_ = [this] { disk_.put("/s/x.h", "int changed;\n"); };
  compile();
  during_compile_ = nullptr;
  clock_.settle();
  compile();
  EXPECT_EQ(causes(), "changed-during-compile /s/x.h input-changed-during-compile>");
}

TEST_F(ExchangeHistoryTest, ACompileThatFailed) {
  put("/s/a.cc", "#error\n");
  compile();
  put("/s/a.cc", "int a;\n");
  compile();
  EXPECT_EQ(causes(), "not-kept the compile failed compile-failed>");
}

}  // namespace
}  // namespace compiler_cache
