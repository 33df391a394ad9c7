// Static libraries: asked for, made, kept, and found by what their members hold.
#include "helper/exchange.h"
#include "tests/unit/archive_bytes.h"
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

class ExchangeArchiveTest : public ExchangeFixture {
 protected:
  ExchangeArchiveTest() {
    disk_.put("/usr/bin/ar", elf_program("archiver"), 0755);
    compiler_.processes.set_answer([this](const FakeProcesses::Call& call) -> Result<ProcessOutput> {
      if (!call.has("--version") || call.has_variable("LD_TRACE_LOADED_OBJECTS=1"))
        return compiler_.answer(call);
      ProcessOutput output;
      output.standard_output = says_ + "\nCopyright\n";
      return output;
    });
    put("/b/a.o", "object a");
    put("/b/b.o", "object b");
    watched_.emplace();
    restart_helper();
    build_ = 1;
  }

  static Arguments usual_archive() { return {"ar", "qc", "x.a", "a.o", "b.o"}; }

  /// As make_archive() of a launcher: "hit", "miss", or "run" with the reason.
  std::string archive(const Arguments& argv = usual_archive()) {
    flags_ = protocol::kArchiveStep;
    disk_.delete_tree("/b/x.a");
    const Launcher launcher = ask(argv);
    flags_ = 0;
    if (launcher.client->last_type() != protocol::kMiss) return go_on(launcher);
    clock_.settle();
    EXPECT_EQ(launcher.client->strings(1), argv);
    if (during_compile_) during_compile_();
    std::string bytes(kArchiveStart);
    for (std::size_t i = 3; i < argv.size(); ++i)
      bytes += archive_member(argv[i] + "/", built(argv[i]), header_);
    disk_.put("/b/x.a", bytes + added_);
    clock_.settle();
    CompileReport report;
    report.microseconds = 20'000;
    launcher.exchange->on_compiled(std::move(report));
    return "miss";
  }
  std::vector<std::string> reads_of_objects() {
    std::vector<std::string> reads;
    for (const std::string& operation : disk_.take_recorded()) {
      if (operation.starts_with("read ") && operation.find(".o") != std::string::npos)
        reads.push_back(operation);
    }
    return reads;
  }

  std::string says_ = "GNU ar (Fake) 2.40";
  MemberHeader header_;
  std::string added_;
};

TEST_F(ExchangeArchiveTest, ASecondOneIsAHitAndCountedApartFromCompiles) {
  ASSERT_EQ(archive(), "miss");
  const std::string bytes = built("x.a");
  EXPECT_EQ(archive(), "hit");
  EXPECT_EQ(built("x.a"), bytes);
  EXPECT_EQ(counted().requests(), 0U);
  EXPECT_EQ(counted().archives.requests(), 2U);
  EXPECT_EQ(counted().archives.hits, 1U);
  EXPECT_EQ(counted().archives.misses, 1U);
}

TEST_F(ExchangeArchiveTest, WhateverChangesTheResultIsAMiss) {
  ASSERT_EQ(archive(), "miss");
  put("/b/b.o", "object c");
  watched_->happen("/b", WatchChange::content, "b.o");
  EXPECT_EQ(archive(), "miss") << "a member that holds something else";
  EXPECT_EQ(archive({"ar", "qc", "x.a", "b.o", "a.o"}), "miss") << "another order";
  EXPECT_EQ(archive({"ar", "qc", "x.a", "a.o"}), "miss") << "one less";
  EXPECT_EQ(archive({"ar", "qcs", "x.a", "a.o", "b.o"}), "miss") << "another operation";
  EXPECT_EQ(archive(), "hit");
  put("/b/b.o", "object b");
  watched_->happen("/b", WatchChange::content, "b.o");
  EXPECT_EQ(archive(), "hit") << "back again";
  disk_.put("/usr/bin/ar", elf_program("another archiver"), 0755);
  clock_.settle();
  ++build_;
  EXPECT_EQ(archive(), "miss") << "another program";
}

TEST_F(ExchangeArchiveTest, AMemberThatChangesMeanwhileOrIsGoneIsNotKept) {
  during_compile_ = [this] { put("/b/a.o", "object during"); };
  ASSERT_EQ(archive(), "miss");
  during_compile_ = nullptr;
  ASSERT_EQ(archive(), "miss");
  ASSERT_EQ(archive(), "hit");
  during_compile_ = [this] { disk_.delete_tree("/b/b.o"); };
  ASSERT_EQ(archive({"ar", "qc", "x.a", "b.o"}), "miss");
  EXPECT_EQ(counted().archives.hits, 1U);
}

TEST_F(ExchangeArchiveTest, AnArchiveThatHoldsMoreThanItsMembersIsNotKept) {
  header_.date = "1700000000";
  ASSERT_EQ(archive(), "miss");
  ASSERT_EQ(archive(), "miss");
  EXPECT_EQ(counted().archives.uncacheable_reasons, (ReasonCounts{{"stamped-archive", 2}}));
  header_ = {};
  added_ = archive_member("c.o/", "of a thin archive");
  ASSERT_EQ(archive(), "miss");
  EXPECT_EQ(counted().archives.uncacheable_reasons.at("nested-archive"), 1U);
  added_ = "rest";
  ASSERT_EQ(archive(), "miss");
  EXPECT_EQ(counted().archives.uncacheable_reasons.at("archive-option"), 1U);
}

TEST_F(ExchangeArchiveTest, AnArchiverThatIsNotKnownIsRunAsItIs) {
  says_ = "BSD ar";
  EXPECT_EQ(archive(), "run unsupported-compiler");
  says_ = "Debian LLVM version 14.0.6";
  ++build_;
  disk_.put("/usr/bin/ar", "#!/bin/sh\n", 0755);
  EXPECT_EQ(archive(), "run unsupported-compiler") << "a script";
  disk_.put("/usr/bin/ar", elf_program("llvm"), 0755);
  ++build_;
  EXPECT_EQ(archive(), "miss");
}

// ---- Objects whose bytes need not be read

class ExchangeWrittenTest : public ExchangeArchiveTest {
 protected:
  ExchangeWrittenTest() {
    EXPECT_EQ(compile(), "miss");
    EXPECT_EQ(archive({"ar", "qc", "x.a", "a.o"}), "miss");
    ++build_;
    disk_.delete_tree("/b/a.o");
  }
  static Arguments of_the_compiled() { return {"ar", "qc", "x.a", "a.o"}; }
  void object_is_created() { watched_->happen("/b", WatchChange::entry, "a.o"); }
};

TEST_F(ExchangeWrittenTest, AnArchiveOfARestoredObjectReadsNoByteOfIt) {
  const Launcher launcher = ask(usual());
  ASSERT_EQ(launcher.client->last_type(), protocol::kHit);
  object_is_created();
  go_on(launcher);
  disk_.take_recorded();
  EXPECT_EQ(archive(of_the_compiled()), "hit");
  EXPECT_EQ(reads_of_objects(), std::vector<std::string>{});
}

TEST_F(ExchangeWrittenTest, AnArchiveOfACompiledObjectReadsNoByteOfItEither) {
  put("/s/x.h", "int y;\n");
  ASSERT_EQ(compile(), "miss");
  disk_.take_recorded();
  ASSERT_EQ(archive(of_the_compiled()), "miss");
  EXPECT_EQ(reads_of_objects(), std::vector<std::string>{});
}

TEST_F(ExchangeWrittenTest, ALaterBuildNeedNotReadItEither) {
  const Launcher launcher = ask(usual());
  object_is_created();
  go_on(launcher);
  ASSERT_EQ(archive(of_the_compiled()), "hit");
  ++build_;
  disk_.take_recorded();
  EXPECT_EQ(archive(of_the_compiled()), "hit");
  EXPECT_EQ(reads_of_objects(), std::vector<std::string>{});
}

TEST_F(ExchangeWrittenTest, AnythingElseThatHappenedToItMakesItBeRead) {
  const std::vector<std::vector<WatchChange>> other{
      {WatchChange::entry, WatchChange::content},
      {WatchChange::entry, WatchChange::attributes},
      {WatchChange::entry, WatchChange::entry},
      {WatchChange::content, WatchChange::entry},
      {},
  };
  for (const std::vector<WatchChange>& changes : other) {
    ++build_;
    disk_.delete_tree("/b/a.o");
    const Launcher launcher = ask(usual());
    ASSERT_EQ(launcher.client->last_type(), protocol::kHit);
    restore(launcher);
    const std::string changed = "changed " + std::to_string(build_);
    put("/b/a.o", changed);
    for (const WatchChange change : changes) watched_->happen("/b", change, "a.o");
    launcher.exchange->on_gone();
    EXPECT_EQ(archive(of_the_compiled()), "miss") << testing::PrintToString(changes.size());
    EXPECT_EQ(built("x.a"), std::string(kArchiveStart) + archive_member("a.o/", changed));
  }
}

TEST_F(ExchangeWrittenTest, AChangeAfterItsLauncherHasSpokenMakesItBeRead) {
  const Launcher launcher = ask(usual());
  object_is_created();
  go_on(launcher);
  put("/b/a.o", "changed");
  watched_->happen("/b", WatchChange::content, "a.o");
  EXPECT_EQ(archive(of_the_compiled()), "miss");
}

TEST_F(ExchangeWrittenTest, WithoutWatchesItIsRead) {
  watched_.reset();
  restart_helper();
  ASSERT_EQ(compile(), "hit");
  disk_.take_recorded();
  EXPECT_EQ(archive(of_the_compiled()), "hit");
  EXPECT_FALSE(reads_of_objects().empty());
}

TEST_F(ExchangeWrittenTest, AnObjectThatReplacesAnOtherOneIsKnownByTwoChangesOfItsName) {
  put("/b/a.o", "old");
  const Launcher launcher = ask(usual());
  object_is_created();
  object_is_created();
  go_on(launcher);
  disk_.take_recorded();
  EXPECT_EQ(archive(of_the_compiled()), "hit");
  EXPECT_EQ(reads_of_objects(), std::vector<std::string>{});
}

}  // namespace
}  // namespace compiler_cache
