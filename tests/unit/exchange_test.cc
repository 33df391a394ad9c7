// Requests that go as they should: what is a hit, what is a miss, and why. Accidents are in
// exchange_accident_test.cc.
#include "helper/exchange.h"

#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

using Operations = std::vector<std::string>;

class ExchangeTest : public ExchangeFixture {
 protected:
  /// The last miss's only reason; "" when there is none or several.
  static std::string only_reason(const ReasonCounts& reasons) {
    return reasons.size() == 1 ? reasons.begin()->first : "";
  }
  /// A compile is answered only after a short wait, and its result is kept.
  void expect_kept_once_the_clock_has_ticked() {
    const Launcher launcher = ask(usual());
    EXPECT_EQ(launcher.client->last_type(), 0U);
    ASSERT_EQ(executor_.later().size(), 1U);
    const int wait_ms = executor_.later()[0].milliseconds;
    EXPECT_GT(wait_ms, 0);
    EXPECT_LE(wait_ms, 12);
    clock_.tick(wait_ms / 4);
    executor_.run_later();
    EXPECT_EQ(launcher.client->last_type(), protocol::kMiss);
    go_on(launcher);
    clock_.settle();
    EXPECT_EQ(compile(), "hit");
  }
};

TEST_F(ExchangeTest, SecondRequestIsAHitWithTheSameBytes) {
  EXPECT_EQ(compile(), "miss");
  const std::string object = built("a.o");
  const std::string depfile = built("a.d");
  EXPECT_EQ(object, "object of int x;\nint a;\n");
  disk_.delete_tree("/b/a.o");
  disk_.delete_tree("/b/a.d");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), object);
  EXPECT_EQ(built("a.d"), depfile);
  EXPECT_EQ(counted().misses, 1U);
  EXPECT_EQ(counted().hits, 1U);
  EXPECT_EQ(only_reason(counted().miss_reasons), "first-time");
  EXPECT_EQ(counted().bytes_restored, object.size() + depfile.size());
  EXPECT_EQ(counted().bytes_stored, object.size() + depfile.size());
  EXPECT_EQ(counted().hit_sources[0], 1U);
}

TEST_F(ExchangeTest, LauncherIsToldWhenTheBytesAreTaken) {
  const Launcher launcher = ask(usual());
  ASSERT_EQ(launcher.client->last_type(), protocol::kMiss);
  go_on(launcher);
  EXPECT_EQ(launcher.client->last_type(), protocol::kStored);
}

TEST_F(ExchangeTest, DiagnosticsAreReplayed) {
  put("/s/a.cc", "#warning\n");
  compile();
  const Launcher launcher = ask(usual());
  ASSERT_EQ(launcher.client->last_type(), protocol::kHit);
  EXPECT_EQ(launcher.client->text(2), "");
  EXPECT_EQ(launcher.client->text(3), "warning\n");
}

TEST_F(ExchangeTest, TimeSavedIsTheCompilesLessTheHits) {
  compile();
  const Launcher launcher = ask(usual());
  clock_.tick(25);  // a tenth of a second
  launcher.exchange->on_gone();
  EXPECT_EQ(counted().time_saved_us, 4'900'000U);
}

TEST_F(ExchangeTest, OtherNamesOfTheOutputsAreAHitUnderThoseNames) {
  compile();
  EXPECT_EQ(compile({"g++", "-MD", "-MF", "deps/b.d", "-c", "/s/a.cc", "-o", "sub/b.o"}), "hit");
  EXPECT_EQ(built("sub/b.o"), built("a.o"));
  EXPECT_EQ(built("deps/b.d"), "sub/b.o: /s/a.cc /s/x.h\n");
}

TEST_F(ExchangeTest, DepfileIsWrittenForTheTargetOfTheRequest) {
  compile();
  EXPECT_EQ(compile({"g++", "-MD", "-MT", "lib/a.o", "-MF", "a.d", "-c", "/s/a.cc", "-o", "a.o"}), "hit");
  EXPECT_EQ(built("a.d"), "lib/a.o: /s/a.cc /s/x.h\n");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.d"), "a.o: /s/a.cc /s/x.h\n");
}

TEST_F(ExchangeTest, WithoutDepfileAPrivateOneTellsTheInputs) {
  const Arguments argv{"g++", "-c", "/s/a.cc", "-o", "a.o"};
  const Launcher launcher = ask(argv);
  ASSERT_EQ(launcher.client->last_type(), protocol::kMiss);
  const std::vector<std::string> removed = launcher.client->strings(4);
  ASSERT_EQ(removed.size(), 1U);
  EXPECT_TRUE(removed[0].starts_with("/b/.compiler-cache/tmp/")) << removed[0];
  EXPECT_EQ(launcher.client->strings(1),
            (Arguments{"g++", "-MD", "-MF", removed[0], "-c", "/s/a.cc", "-o", "a.o"}));
  go_on(launcher);
  EXPECT_EQ(compile(argv), "hit");
  EXPECT_EQ(built("a.d"), "none");
  put("/s/x.h", "int y;\n");
  EXPECT_EQ(compile(argv), "miss");
}

TEST_F(ExchangeTest, DiscardedDepfileIsNotRestored) {
  const Arguments argv{"g++", "-MD", "-MF", "/dev/null", "-c", "/s/a.cc", "-o", "a.o"};
  EXPECT_EQ(compile(argv), "miss");
  const Launcher launcher = ask(argv);
  ASSERT_EQ(launcher.client->last_type(), protocol::kHit);
  EXPECT_EQ(launcher.client->replies.back().files.size(), 1U);  // the object
}

TEST_F(ExchangeTest, ChangedInputIsAMissAndChangedBackAHit) {
  compile();
  put("/s/x.h", "int y;\n");
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(built("a.o"), "object of int y;\nint a;\n");
  EXPECT_EQ(counted().miss_reasons.at("input-changed"), 1U);
  put("/s/x.h", "int x;\n");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), "object of int x;\nint a;\n");
}

TEST_F(ExchangeTest, HeaderThatShadowsAnotherIsAMiss) {
  disk_.delete_tree("/s/x.h");
  put("/usr/include/x.h", "int system;\n");
  compile();
  EXPECT_EQ(compile(), "hit");
  put("/s/x.h", "int own;\n");
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(built("a.o"), "object of int own;\nint a;\n");
  EXPECT_EQ(counted().miss_reasons.at("name-appeared"), 1U);
}

TEST_F(ExchangeTest, ChangedCompilerIsAMiss) {
  compile();
  disk_.put("/usr/lib/gcc/12/cc1plus", elf_program("updated"), 0755);
  clock_.settle();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeTest, WhatTakesPartInTheKeyTellsCompilesApart) {
  compile();
  EXPECT_EQ(compile({"g++", "-O2", "-MD", "-MF", "a.d", "-c", "/s/a.cc", "-o", "a.o"}), "miss");
  environment_.emplace_back("SOURCE_DATE_EPOCH=1");
  EXPECT_EQ(compile(), "miss");
  environment_.pop_back();
  environment_.emplace_back("SHLVL=3");
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeTest, OtherNameOfTheWorkingFolderIsAnotherCompile) {
  environment_.emplace_back("PWD=/b");
  compile();
  environment_.back() = "PWD=/link/to/b";
  EXPECT_EQ(compile(), "miss");
  environment_.pop_back();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeTest, TerminalGetsColoursAndAPipeDoesNot) {
  environment_.emplace_back("TERM=xterm");
  compile();
  flags_ = protocol::kStderrIsTerminal;
  const Launcher launcher = ask(usual());
  ASSERT_EQ(launcher.client->last_type(), protocol::kMiss);
  EXPECT_EQ(launcher.client->strings(1)[1], "-fdiagnostics-color=always");
  go_on(launcher);
  EXPECT_EQ(compile(), "hit");
  environment_.back() = "TERM=dumb";
  EXPECT_EQ(compile(), "hit");  // that of the pipe
}

TEST_F(ExchangeTest, EnvironmentWithoutPathFindsTheCompilerInTheSystemsFolders) {
  environment_.clear();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeTest, NewHelperKnowsWhatTheLastOneLearned) {
  compile();
  restart_helper();
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(counted().hit_sources[1], 1U);  // from the tree
  EXPECT_EQ(counted().requests(), 2U);
}

TEST_F(ExchangeTest, OtherTreeGetsItFromTheSharedStore) {
  shared_dir_ = "/home/cache";
  start_helper();
  compile();
  disk_.delete_tree("/b/.compiler-cache");
  disk_.put_folder("/b/.compiler-cache");
  folder_ = disk_.at("/b/.compiler-cache");
  start_helper();
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(counted().hit_sources[2], 1U);
}

TEST_F(ExchangeTest, RefusalsAreCountedByTheirReason) {
  EXPECT_EQ(compile({"g++", "-E", "/s/a.cc"}), "run preprocess-only");
  EXPECT_EQ(compile({"g++", "/s/a.o", "-o", "prog"}), "run not-a-compile");
  EXPECT_EQ(compile({"g++", "--no-such-option", "-c", "/s/a.cc"}), "run unknown-option");
  EXPECT_EQ(compile({"clang++", "-c", "/s/a.cc"}), "run unsupported-compiler");
  environment_.emplace_back("DEPENDENCIES_OUTPUT=f");
  EXPECT_EQ(compile(), "run dependency-environment");
  EXPECT_EQ(counted().uncacheable, 5U);
  EXPECT_EQ(counted().uncacheable_reasons.size(), 5U);
  EXPECT_EQ(counted().requests(), 5U);
}

TEST_F(ExchangeTest, CacheInTheCompilersPlaceIsNamed) {
  disk_.put("/usr/bin/ccache", elf_program(""), 0755);
  disk_.put_folder("/masquerade");
  disk_.put_symlink("/masquerade/g++", "../usr/bin/ccache");
  environment_ = {"PATH=/masquerade:/usr/bin"};
  EXPECT_EQ(compile(), "run compiler-is-cache");
  ASSERT_TRUE(disk_.remove("/masquerade/g++").ok());
  EXPECT_EQ(compile(), "miss");
}

TEST_F(ExchangeTest, WhatTheSourceSaysMayMakeItUncacheable) {
  put("/s/a.cc", "const char* when = __DATE__;\n");
  EXPECT_EQ(compile(), "miss");  // for the launcher, which has compiled it
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(counted().misses, 0U);
  EXPECT_EQ(counted().uncacheable_reasons.at("time-macro"), 2U);
}

TEST_F(ExchangeTest, HitInAWarmBuildLooksAtEachFileOnceAndWritesNothing) {
  compile();
  compile();
  disk_.take_recorded();
  ask(usual());
  std::map<std::string, int> counts;
  for (const std::string& operation : disk_.take_recorded()) ++counts[operation];
  const std::map<std::string, int> expected{
      {"stat /usr/bin/g++", 1},  // the compiler's own files
      {"stat /usr/lib/gcc/12/cc1plus", 1},
      {"stat /usr/lib/gcc/12/specs", 1},
      {"stat /usr/bin/as", 1},
      {"stat /lib/libc.so.6", 1},
      {"stat /lib/ld.so", 1},
      {"stat /etc", 1},      // where the loader's cache would be
      {"lstat /s/a.cc", 1},  // the inputs
      {"lstat /s/x.h", 1},
      {"stat /s", 1},     // the folder that must have no precompiled header
      {"stat_open ", 2},  // object and depfile, in memory
  };
  EXPECT_EQ(counts, expected);
}

TEST_F(ExchangeTest, SourceJustWrittenIsCompiledWhenTheClockHasTicked) {
  clock_.tick();
  disk_.put("/s/a.cc", "int generated;\n");
  expect_kept_once_the_clock_has_ticked();
}

// Newer kernels stamp more finely than the clock by which files are compared ticks.
TEST_F(ExchangeTest, SourceStampedAheadOfTheClockIsCompiledWhenTheClockHasPassedIt) {
  clock_.tick();
  disk_.put("/s/a.cc", "int generated;\n");
  disk_.set_times("/s/a.cc", clock_.file_now_ns() + SteppedClock::kTickNs / 2,
                  clock_.file_now_ns() + SteppedClock::kTickNs / 2);
  expect_kept_once_the_clock_has_ticked();
}

TEST_F(ExchangeTest, AClockThatIsBehindIsWaitedForOnceMoreAndNotForEver) {
  for (const bool ticks_in_the_end : {true, false}) {
    clock_.tick();
    disk_.put("/s/a.cc", ticks_in_the_end ? "int late;\n" : "int later;\n");
    const Launcher launcher = ask(usual());
    executor_.run_later();
    EXPECT_EQ(launcher.client->last_type(), 0U) << "the clock still stands";
    ASSERT_EQ(executor_.later().size(), 1U);
    if (ticks_in_the_end) clock_.tick(3);
    executor_.run_later();
    EXPECT_EQ(launcher.client->last_type(), protocol::kMiss);
    go_on(launcher);
    clock_.settle();
    EXPECT_EQ(compile(), ticks_in_the_end ? "hit" : "miss");
  }
}

TEST_F(ExchangeTest, HeaderJustWrittenOverIsCompiledWhenTheClockHasTicked) {
  EXPECT_EQ(compile(), "miss");
  clock_.settle();
  disk_.overwrite("/s/x.h", "int generated_again;\n");
  expect_kept_once_the_clock_has_ticked();
}

TEST_F(ExchangeTest, DecisionsAreLoggedWhereTheRequestWantsThem) {
  environment_.emplace_back("COMPILER_CACHE_LOG=cache.log");
  compile();
  const std::string log = built("cache.log");
  EXPECT_NE(log.find("first-time"), std::string::npos) << log;
  EXPECT_NE(log.find("/s/a.cc"), std::string::npos) << log;
}

TEST_F(ExchangeTest, SecondRequestWhileTheFirstIsBeingStoredIsServedFromMemory) {
  const Launcher launcher = ask(usual());
  CompileReport report = run_as_told(*launcher.client);
  executor_.hold();
  launcher.exchange->on_compiled(std::move(report));
  executor_.run_one();  // captured
  executor_.run_one();  // the search path is known
  EXPECT_EQ(executor_.queued(), 1U);
  EXPECT_TRUE(disk_.names("/b/.compiler-cache/objects").empty());
  EXPECT_EQ(compile(), "hit");
  executor_.run_all();
  EXPECT_FALSE(disk_.names("/b/.compiler-cache/objects").empty());
  EXPECT_EQ(cache_->pending(), 0U);
}

}  // namespace
}  // namespace compiler_cache
