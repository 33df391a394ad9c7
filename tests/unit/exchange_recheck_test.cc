// Recheck mode: hits that are compiled all the same, and what becomes of an entry that turns out wrong.
#include "helper/exchange.h"
#include "helper/extra_roots.h"
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

class ExchangeRecheckTest : public ExchangeFixture {
 protected:
  static constexpr char kRight[] = "object of int x;\nint a;\n";
  static constexpr char kOther[] = "object of int x;\nint a;\nint unseen;\n";

  void recheck(const std::string& percent) {
    environment_ = {"PATH=/usr/bin", "COMPILER_CACHE_RECHECK=" + percent};
  }
  void no_recheck() { environment_ = {"PATH=/usr/bin"}; }
  /// The compiler's result depends on something that nobody sees, and it has changed.
  void change_unseen() { unseen_ = "int unseen;\n"; }
  /// A request and what the launcher is told to write to standard error at its end.
  std::string note_of(const Arguments& argv = usual()) {
    const Launcher launcher = ask(argv);
    EXPECT_EQ(go_on(launcher), "miss");
    EXPECT_EQ(launcher.client->last_type(), protocol::kStored);
    return launcher.client->text(1);
  }
  std::string events() { return disk_.files()["/b/.compiler-cache/events.jsonl"]; }
  void differences(std::uint64_t rechecked, std::uint64_t differences) {
    EXPECT_EQ(counted().rechecked, rechecked);
    EXPECT_EQ(counted().recheck_differences, differences);
  }
};

TEST_F(ExchangeRecheckTest, EqualResultsAreCountedAndNothingElseHappens) {
  compile();
  const std::uint64_t stored = counted().bytes_stored;
  const auto before = disk_.files();
  recheck("100");
  EXPECT_EQ(note_of(), "");
  EXPECT_EQ(note_of(), "");
  differences(2, 0);
  EXPECT_EQ(counted().misses, 3U);
  EXPECT_EQ(counted().miss_reasons.at("recheck"), 2U);
  EXPECT_EQ(counted().hits, 0U);
  EXPECT_EQ(counted().bytes_stored, stored);
  EXPECT_EQ(cache_->graph.variant_count(), 1U);
  EXPECT_EQ(disk_.files(), before);
  EXPECT_EQ(notes(), "");
  no_recheck();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeRecheckTest, WhatWasAMissAnywayIsNoRecheck) {
  recheck("100");
  EXPECT_EQ(compile(), "miss");
  put("/s/x.h", "int y;\n");
  EXPECT_EQ(compile(), "miss");
  differences(0, 0);
  EXPECT_FALSE(counted().miss_reasons.contains("recheck"));
}

TEST_F(ExchangeRecheckTest, HalfIsEverySecondHit) {
  compile();
  recheck("50");
  std::string all;
  for (int i = 0; i < 6; ++i) all += compile() + " ";
  EXPECT_EQ(all, "hit miss hit miss hit miss ");
  differences(3, 0);
}

TEST_F(ExchangeRecheckTest, AValueThatIsNoPercentageIsReportedOnce) {
  compile();
  for (const char* value : {"all", "101", "-1"}) {
    recheck(value);
    EXPECT_EQ(compile(), "hit");
    EXPECT_EQ(compile(), "hit");
    const std::string note = "COMPILER_CACHE_RECHECK=" + std::string(value) + " is no number";
    const std::size_t found = notes().find(note);
    ASSERT_NE(found, std::string::npos) << notes();
    EXPECT_EQ(notes().find(note, found + 1), std::string::npos) << notes();
  }
  recheck("");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(notes().find("COMPILER_CACHE_RECHECK= "), std::string::npos);
}

TEST_F(ExchangeRecheckTest, AnotherObjectIsReportedAndTheEntryDropped) {
  compile();
  change_unseen();
  EXPECT_EQ(compile(), "hit");  // wrong, and nobody knows
  EXPECT_EQ(built("a.o"), kRight);
  recheck("100");
  const std::string note = note_of();
  EXPECT_EQ(note,
            "compiler-cache: recheck: the object of /s/a.cc is not what the cache has; its entry is dropped, "
            "the compiler's result stays\n");
  EXPECT_EQ(built("a.o"), kOther);
  differences(1, 1);
  EXPECT_EQ(counted().miss_reasons.at("recheck"), 1U);
  EXPECT_NE(notes().find("recheck: the object of /s/a.cc"), std::string::npos);
  EXPECT_NE(events().find("\"event\":\"recheck-difference\",\"what\":\"the object\",\"input\":\"/s/a.cc\""),
            std::string::npos)
      << events();
  EXPECT_EQ(cache_->graph.variant_count(), 0U);

  no_recheck();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), kOther);
}

TEST_F(ExchangeRecheckTest, OtherDiagnosticsAreADifference) {
  compile();
  chatter_ = "warning: not there before\n";
  recheck("100");
  EXPECT_NE(note_of().find("standard error of /s/a.cc"), std::string::npos);
  differences(1, 1);
}

TEST_F(ExchangeRecheckTest, ACompileThatFailsNowIsADifference) {
  compile();
  unseen_ = "#error\n";
  recheck("100");
  const Launcher launcher = ask(usual());
  EXPECT_EQ(go_on(launcher), "miss");
  ASSERT_EQ(launcher.client->last_type(), protocol::kStored);
  EXPECT_NE(launcher.client->text(1).find("the exit status of /s/a.cc"), std::string::npos);
  differences(1, 1);
  EXPECT_EQ(cache_->graph.variant_count(), 0U);
}

TEST_F(ExchangeRecheckTest, ACompileThatASignalEndedSaysNothing) {
  compile();
  recheck("100");
  const Launcher launcher = ask(usual());
  CompileReport report = run_as_told(*launcher.client);
  report.wait_status = 9;  // SIGKILL
  launcher.exchange->on_compiled(report);
  EXPECT_TRUE(launcher.exchange->done());
  differences(0, 0);
  no_recheck();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeRecheckTest, AnInputThatChangedMeanwhileSaysNothing) {
  compile();
  recheck("100");
  during_compile_ = [this] { put("/s/x.h", "int other;\n"); };
  change_unseen();
  EXPECT_EQ(note_of(), "");
  put("/s/x.h", "int x;\n");
  during_compile_ = [this] { put("/s/x.h", "int x;\n"); };  // as it was, but newer than the compile
  EXPECT_EQ(note_of(), "");
  EXPECT_EQ(counted().miss_reasons.at("recheck"), 2U);
  differences(0, 0);
}

TEST_F(ExchangeRecheckTest, TheDepfileIsComparedAsThisRequestWouldGetIt) {
  compile();
  recheck("100");
  EXPECT_EQ(note_of({"g++", "-MD", "-MT", "lib/a.o", "-MF", "b.d", "-c", "/s/a.cc", "-o", "b.o"}), "");
  EXPECT_EQ(built("b.d"), "lib/a.o: /s/a.cc /s/x.h\n");
  EXPECT_EQ(note_of({"g++", "-c", "/s/a.cc", "-o", "a.o"}), "");  // its own context: first time
  EXPECT_EQ(note_of({"g++", "-c", "/s/a.cc", "-o", "a.o"}), "");
  differences(2, 0);
}

TEST_F(ExchangeRecheckTest, BytesThatGccNeverWritesTwiceAreNotCompared) {
  const Arguments argv{"g++", "-flto", "-MD", "-MF", "a.d", "-c", "/s/a.cc", "-o", "a.o"};
  compile(argv);
  change_unseen();
  recheck("100");
  EXPECT_EQ(note_of(argv), "");
  differences(0, 0);
  EXPECT_EQ(counted().miss_reasons.at("recheck"), 1U);
  chatter_ = "warning\n";
  EXPECT_NE(note_of(argv).find("standard error"), std::string::npos);
  differences(1, 1);
}

TEST_F(ExchangeRecheckTest, WhatWasDroppedStaysDroppedAfterARestart) {
  for (const bool published : {false, true}) {
    unseen_.clear();
    no_recheck();
    put("/s/x.h", published ? "int published;\n" : "int x;\n");
    EXPECT_EQ(compile(), "miss");
    if (published) restart_helper();  // the entry is in a session, the drop only in a journal
    change_unseen();
    recheck("100");
    EXPECT_NE(note_of(), "");
    no_recheck();
    restart_helper();
    EXPECT_EQ(compile(), "miss") << published;
    EXPECT_EQ(compile(), "hit");
  }
}

TEST_F(ExchangeRecheckTest, WhatWasDroppedAndMadeAgainStaysAfterARestart) {
  compile();
  change_unseen();
  recheck("100");
  note_of();
  no_recheck();
  EXPECT_EQ(compile(), "miss");
  restart_helper();
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), kOther);
}

TEST_F(ExchangeRecheckTest, OtherVariantsOfTheContextStay) {
  compile();
  put("/s/x.h", "int y;\n");
  compile();
  change_unseen();
  recheck("100");
  note_of();
  no_recheck();
  put("/s/x.h", "int x;\n");
  EXPECT_EQ(compile(), "hit");
  put("/s/x.h", "int y;\n");
  EXPECT_EQ(compile(), "miss");
}

class ExchangeRecheckSharedTest : public ExchangeRecheckTest {
 protected:
  ExchangeRecheckSharedTest() {
    shared_dir_ = "/shared";
    restart_helper();
  }
  /// As when another tree at the same place begins.
  void new_tree() {
    cache_->end();
    cache_.reset();
    disk_.delete_tree("/b/.compiler-cache");
    disk_.put_folder("/b/.compiler-cache");
    folder_ = disk_.at("/b/.compiler-cache");
    start_helper();
  }
};

TEST_F(ExchangeRecheckSharedTest, OtherTreesDoNotGetWhatWasDropped) {
  compile();
  new_tree();
  EXPECT_EQ(compile(), "hit");
  change_unseen();
  recheck("100");
  EXPECT_NE(note_of(), "");
  EXPECT_EQ(notes().find("still in the shared store"), std::string::npos) << notes();
  no_recheck();
  new_tree();
  EXPECT_EQ(compile(), "miss");
  new_tree();
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), kOther);
}

TEST_F(ExchangeRecheckSharedTest, AHitOfTheSharedStoreIsRechecked) {
  compile();
  new_tree();
  recheck("100");
  EXPECT_EQ(note_of(), "");
  differences(1, 0);
}

TEST_F(ExchangeRecheckSharedTest, AResultThatIsStillBeingWrittenIsDroppedToo) {
  compile({"g++", "-DOTHER", "-c", "/s/a.cc", "-o", "o.o"});  // asks the compiler
  const Launcher first = ask(usual());
  CompileReport report = run_as_told(*first.client);
  executor_.hold();
  first.exchange->on_compiled(std::move(report));
  executor_.run_one();  // its bytes are taken; what remains is to write them
  change_unseen();
  recheck("100");
  const Launcher second = ask(usual());
  ASSERT_EQ(second.client->last_type(), protocol::kMiss);
  EXPECT_EQ(go_on(second), "miss");
  executor_.run_last();  // those of the second are taken, and compared
  differences(1, 1);
  executor_.run_last();  // nothing to remove in the shared store yet
  executor_.run_all();
  no_recheck();
  new_tree();
  const Launcher third = ask(usual());
  executor_.run_all();
  EXPECT_EQ(third.client->last_type(), protocol::kMiss);
}

TEST_F(ExchangeRecheckTest, AnExtraRootsEntryIsNotTakenAgain) {
  compile();
  cache_->end();
  cache_.reset();
  disk_.put_folder("/x");
  ASSERT_TRUE(disk_.rename("/b/.compiler-cache", "/x/.compiler-cache").ok());
  disk_.put_folder("/b/.compiler-cache");
  folder_ = disk_.at("/b/.compiler-cache");
  extra_roots_.push_back("/x");
  start_helper();
  EXPECT_EQ(compile(), "hit");
  change_unseen();
  recheck("100");
  EXPECT_NE(note_of(), "");
  no_recheck();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), kOther);
}

TEST_F(ExchangeRecheckTest, WhatAnExtraRootHasDroppedIsNotTakenFromIt) {
  for (int i = 0; i < 8; ++i) compile({"g++", "-DN" + std::to_string(i), "-c", "/s/a.cc", "-o", "o.o"});
  compile();
  restart_helper();  // in a finished session; the drop will be in the next one's journal
  change_unseen();
  recheck("100");
  EXPECT_NE(note_of(), "");
  no_recheck();
  cache_->end();
  cache_.reset();
  disk_.put_folder("/x");
  ASSERT_TRUE(disk_.rename("/b/.compiler-cache", "/x/.compiler-cache").ok());
  disk_.put_folder("/b/.compiler-cache");
  folder_ = disk_.at("/b/.compiler-cache");
  extra_roots_.push_back("/x");
  start_helper();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile({"g++", "-DN1", "-c", "/s/a.cc", "-o", "o.o"}), "hit");
}

}  // namespace
}  // namespace compiler_cache
