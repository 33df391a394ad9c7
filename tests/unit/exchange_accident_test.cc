// What goes wrong between a request and its end: nothing false is stored, and every request is counted once.
#include "helper/exchange.h"

#include "helper/hasher.h"
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

class ExchangeAccidentTest : public ExchangeFixture {
 protected:
  std::size_t variants() const { return cache_->graph.variant_count(); }
  std::string only_error() const {
    const ReasonCounts& reasons = counted().error_reasons;
    return reasons.size() == 1 && counted().errors == 1 ? reasons.begin()->first : "";
  }
};

TEST_F(ExchangeAccidentTest, FailedCompileIsAMissAndNeverStored) {
  put("/s/a.cc", "#error\n");
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(variants(), 0U);
  EXPECT_EQ(counted().misses, 2U);
}

TEST_F(ExchangeAccidentTest, KilledCompileIsNeverStored) {
  const Launcher launcher = ask(usual());
  CompileReport report = run_as_told(*launcher.client);
  report.wait_status = 9;  // a signal
  launcher.exchange->on_compiled(std::move(report));
  EXPECT_EQ(variants(), 0U);
}

TEST_F(ExchangeAccidentTest, InputChangedDuringTheCompileIsNotStored) {
  for (const char* path : {"/s/a.cc", "/s/x.h"}) {
    during_compile_ = [&] { disk_.overwrite(path, "int changed;\n"); };
    EXPECT_EQ(compile(), "miss");
    EXPECT_EQ(variants(), 0U) << path;
    during_compile_ = nullptr;
    put("/s/a.cc", "#include \"x.h\"\n");
    put("/s/x.h", "int x;\n");
  }
  EXPECT_EQ(counted().misses, 2U);  // the sources are cacheable: it was the moment
}

TEST_F(ExchangeAccidentTest, InputChangedJustBeforeTheCompileIsNotStoredEither) {
  const Launcher launcher = ask(usual());
  disk_.overwrite("/s/x.h", "int changed;\n");  // in the very tick in which the launcher is told
  launcher.exchange->on_compiled(run_as_told(*launcher.client));
  EXPECT_EQ(variants(), 0U);
}

TEST_F(ExchangeAccidentTest, InputThatIsGoneAfterTheCompileIsNotStored) {
  during_compile_ = [&] { disk_.delete_tree("/s/x.h"); };
  compile();
  EXPECT_EQ(variants(), 0U);
  EXPECT_EQ(counted().misses, 1U);
}

TEST_F(ExchangeAccidentTest, LinkPointedElsewhereDuringTheCompileIsNotStored) {
  put("/s/real.h", "int real;\n");
  put("/s/other.h", "int other;\n");
  disk_.delete_tree("/s/x.h");
  disk_.put_symlink("/s/x.h", "real.h");
  clock_.settle();
  put("/s/a.cc", "#include \"x.h\"\n");
  const Launcher launcher = ask(usual());
  clock_.settle();
  ASSERT_TRUE(disk_.remove("/s/x.h").ok());
  disk_.put_symlink("/s/x.h", "other.h");
  disk_.put("/b/a.o", "object of int real;\n");
  disk_.put("/b/a.d", "a.o: /s/a.cc /s/x.h\n");
  clock_.settle();
  launcher.exchange->on_compiled({});
  EXPECT_EQ(variants(), 0U);
}

TEST_F(ExchangeAccidentTest, HeaderThatAppearsDuringTheCompileIsNotStored) {
  disk_.delete_tree("/s/x.h");
  put("/usr/include/x.h", "int system;\n");
  during_compile_ = [&] { disk_.put("/s/x.h", "int own;\n"); };
  compile();
  EXPECT_EQ(variants(), 0U);
}

TEST_F(ExchangeAccidentTest, OutputThatTheCompileDidNotWriteIsNotStored) {
  disk_.put("/b/a.o", "of an earlier compile");
  disk_.put("/b/a.d", "a.o: /s/a.cc\n");
  clock_.settle();
  const Launcher launcher = ask(usual());
  launcher.exchange->on_compiled({});  // it says that it went well
  EXPECT_EQ(variants(), 0U);
  EXPECT_EQ(counted().misses, 1U);
  EXPECT_EQ(launcher.client->last_type(), protocol::kStored);  // nobody waits for us
}

TEST_F(ExchangeAccidentTest, DepfileThatMakesNoSenseIsNotStored) {
  const Launcher launcher = ask(usual());
  CompileReport report = run_as_told(*launcher.client);
  disk_.put("/b/a.d", "no rule at all");
  launcher.exchange->on_compiled(std::move(report));
  EXPECT_EQ(variants(), 0U);
  EXPECT_EQ(counted().uncacheable_reasons.at("depfile-unreadable"), 1U);
}

TEST_F(ExchangeAccidentTest, CompilerThatDoesNotTellItsSearchPathIsNotStored) {
  compiler_.search_path = "nonsense";
  compile();
  EXPECT_EQ(variants(), 0U);
  EXPECT_EQ(counted().requests(), 1U);
  EXPECT_EQ(cache_->pending(), 0U);
}

TEST_F(ExchangeAccidentTest, LauncherThatKeptNotAllDiagnosticsIsAnsweredButNothingIsStored) {
  for (const std::uint32_t flag : {protocol::kCaptureOverflow, protocol::kScanFailed}) {
    const Launcher launcher = ask(usual());
    CompileReport report = run_as_told(*launcher.client);
    report.capture_flags = flag;
    launcher.exchange->on_compiled(std::move(report));
    EXPECT_EQ(launcher.client->last_type(), protocol::kStored);  // else it would wait for it
    EXPECT_EQ(variants(), 0U);
  }
  EXPECT_EQ(counted().uncacheable_reasons.at("diagnostics-too-large"), 1U);
  EXPECT_EQ(counted().requests(), 2U);
}

// ---- the launcher goes

TEST_F(ExchangeAccidentTest, LauncherGoneWhileTheCompilerIsProbedIsAnError) {
  executor_.hold();
  const Launcher launcher = ask(usual());
  launcher.exchange->on_gone();
  executor_.run_all();
  EXPECT_EQ(only_error(), "launcher-gone");
  EXPECT_TRUE(launcher.client->replies.empty());
  EXPECT_TRUE(launcher.exchange->done());
}

TEST_F(ExchangeAccidentTest, LauncherGoneWhileTheClockIsAwaitedIsAnError) {
  disk_.overwrite("/s/a.cc", "int just_written;\n");
  const Launcher launcher = ask(usual());
  launcher.exchange->on_gone();
  executor_.run_later();
  EXPECT_EQ(only_error(), "launcher-gone");
  EXPECT_TRUE(launcher.client->replies.empty());
  EXPECT_TRUE(launcher.exchange->done());
}

TEST_F(ExchangeAccidentTest, LauncherGoneWhileItCompilesIsAnErrorAndNothingIsStored) {
  const Launcher launcher = ask(usual());
  launcher.exchange->on_gone();
  launcher.exchange->on_compiled(run_as_told(*launcher.client));
  EXPECT_EQ(only_error(), "launcher-gone");
  EXPECT_EQ(variants(), 0U);
}

TEST_F(ExchangeAccidentTest, LauncherGoneBeforeItReadOfItsHitIsAnError) {
  compile();
  const Launcher launcher = ask(usual());
  ASSERT_EQ(launcher.client->last_type(), protocol::kHit);
  launcher.exchange->on_gone(true);
  EXPECT_EQ(only_error(), "launcher-gone");
  EXPECT_EQ(counted().hits, 0U);
}

// What it has put in place may have been moved by then: build tools remove a depfile as soon as they have
// read it.
TEST_F(ExchangeAccidentTest, ALauncherThatEndsWithoutAWordHadAHit) {
  compile();
  const Launcher launcher = ask(usual());
  ASSERT_EQ(launcher.client->last_type(), protocol::kHit);
  restore(launcher);
  ASSERT_TRUE(disk_.remove("/b/a.o").ok());
  ASSERT_TRUE(disk_.remove("/b/a.d").ok());
  launcher.exchange->on_gone();
  launcher.exchange->on_gone();
  EXPECT_TRUE(launcher.exchange->done());
  EXPECT_EQ(counted().hits, 1U);
}

TEST_F(ExchangeAccidentTest, LauncherGoneAfterItsReportStopsNothing) {
  Launcher launcher = ask(usual());
  CompileReport report = run_as_told(*launcher.client);
  executor_.hold();
  launcher.exchange->on_compiled(std::move(report));
  launcher.exchange->on_gone();
  launcher.client.reset();
  launcher.exchange.reset();  // the exchange lives on as long as it has work
  executor_.run_all();
  EXPECT_EQ(counted().misses, 1U);
  EXPECT_EQ(counted().errors, 0U);
  EXPECT_EQ(cache_->pending(), 0U);
  EXPECT_EQ(variants(), 1U);
}

TEST_F(ExchangeAccidentTest, LauncherGoneAtTheEndChangesNothing) {
  const Launcher launcher = ask(usual());
  go_on(launcher);
  launcher.exchange->on_gone();
  EXPECT_EQ(counted().requests(), 1U);
  EXPECT_EQ(counted().misses, 1U);
}

// ---- restoring

TEST_F(ExchangeAccidentTest, RestoreThatFailedIsAnErrorNotAHit) {
  compile();
  const Launcher launcher = ask(usual());
  launcher.exchange->on_declined("disk full");
  EXPECT_EQ(only_error(), "restore-failed");
  EXPECT_EQ(counted().hits, 0U);
  EXPECT_EQ(counted().bytes_restored, 0U);
  EXPECT_EQ(compile(), "hit");  // the entry is as good as before
}

TEST_F(ExchangeAccidentTest, RemovedBlobIsAMissAndItsEntryIsDropped) {
  compile();
  cache_->store->remove(hash_bytes(built("a.o")));
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(counted().miss_reasons.at("blob-gone"), 1U);
  EXPECT_EQ(variants(), 1U);  // the new one
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeAccidentTest, RemovedDiagnosticsAreAMissToo) {
  put("/s/a.cc", "#warning\n");
  compile();
  cache_->store->remove(hash_bytes("warning\n"));
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(counted().miss_reasons.at("blob-gone"), 1U);
}

TEST_F(ExchangeAccidentTest, DamagedBlobIsAMissNotAHit) {
  compile();
  restart_helper();
  for (const auto& [path, bytes] : disk_.files()) {
    if (path.starts_with("/b/.compiler-cache/objects/"))
      disk_.overwrite(path, std::string(bytes.size(), '!'));
  }
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(built("a.o"), "object of int x;\nint a;\n");
}

TEST_F(ExchangeAccidentTest, EntryWhoseBlobIsGoneGivesWayToAnotherThatHolds) {
  compile();
  Variant other;  // holds for the same inputs, but is another entry: it names no header
  other.inputs = {{"/s/a.cc", hash_bytes("#include \"x.h\"\nint a;\n")}};
  other.artifact.outputs = {{OutputRole::object, hash_bytes("never stored"), 12}};
  const Digest context = [&] {
    Digest found;
    cache_->graph.for_each([&](const Digest& key, const std::list<Graph::Entry>&) { found = key; });
    return found;
  }();
  cache_->graph.add(context, other);
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), "object of int x;\nint a;\n");
}

// ---- a disk that fails, and messages out of turn

TEST_F(ExchangeAccidentTest, AnyFailingDiskOperationLeavesOneCountedRequestAndNoWrongHit) {
  const auto rebuild = [&] {
    compile();
    return built("a.o");
  };
  const std::string right = rebuild();
  for (std::uint64_t n = 0; n < 120; ++n) {
    const std::uint64_t before = counted().requests();
    disk_.fail_operation(n, n % 2 == 0 ? ErrorKind::io : ErrorKind::no_space);
    put("/s/x.h", n % 3 == 0 ? "int z;\n" : "int x;\n");
    compile();
    disk_.fail_nothing();
    EXPECT_EQ(counted().requests(), before + 1) << n;
    EXPECT_EQ(built("a.o"), n % 3 == 0 ? "object of int z;\nint a;\n" : right) << n;
    EXPECT_EQ(cache_->pending(), 0U) << n;
  }
  put("/s/x.h", "int x;\n");
  EXPECT_EQ(rebuild(), right);
}

TEST_F(ExchangeAccidentTest, MessagesOutOfTurnAreIgnored) {
  const Launcher launcher = ask(usual());
  launcher.exchange->on_compile({});
  EXPECT_EQ(counted().requests(), 0U);
  CompileReport report = run_as_told(*launcher.client);
  launcher.exchange->on_compiled(report);
  launcher.exchange->on_compiled(report);
  launcher.exchange->on_declined("too late");
  EXPECT_EQ(counted().requests(), 1U);
  EXPECT_EQ(counted().errors, 0U);
  EXPECT_EQ(counted().hits, 0U);
}

}  // namespace
}  // namespace compiler_cache
