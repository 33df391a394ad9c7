// Whole exchanges with a remote tier that is played: what one tree has stored is a hit in another, and
// nothing that a server does is more than a miss.
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>

#include "tests/unit/exchange_fixture.h"
#include "tests/unit/fake_remote.h"

namespace compiler_cache {
namespace {

class ExchangeRemoteTest : public ExchangeFixture {
 protected:
  ExchangeRemoteTest() {
    remotes_ = {"redis://fake"};
    remote_project_ = "project";
    remote_client_ = [this](const RemoteTarget&) -> Result<std::unique_ptr<RemoteClient>> {
      return std::unique_ptr<RemoteClient>(std::make_unique<FakeRemoteClient>(server_));
    };
    start_helper();
  }
  /// The helper's client outlives the server otherwise.
  ~ExchangeRemoteTest() override { cache_.reset(); }

  /// Another tree at the same place: nothing is known here.
  void forget() {
    cache_->end();
    cache_.reset();
    disk_.delete_tree("/b/.compiler-cache");
    disk_.put_folder("/b/.compiler-cache");
    folder_ = disk_.at("/b/.compiler-cache");
    start_helper();
  }
  std::uint64_t remote_hits() const {
    return counted().hit_sources[static_cast<std::size_t>(HitSource::remote)];
  }
  RemoteStatus status() const {
    StatusReport report;
    cache_->fill(report);
    return report.remote.value_or(RemoteStatus{});
  }

  FakeRemoteServer server_;
};

TEST_F(ExchangeRemoteTest, WhatOneTreeStoredIsAHitInAnother) {
  EXPECT_EQ(compile(), "miss");
  const std::string object = built("a.o");
  EXPECT_EQ(server_.entry_writes, 1);
  forget();
  put("/b/a.o", "");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), object);
  EXPECT_EQ(remote_hits(), 1U);
  EXPECT_GT(counted().remote_bytes, 0U);
  EXPECT_EQ(server_.entry_writes, 1) << "what came from there is not sent back";
}

TEST_F(ExchangeRemoteTest, ItIsThisTreesOwnAfterwards) {
  compile();
  forget();
  compile();
  const int reads = server_.entry_reads + server_.blob_reads;
  EXPECT_EQ(compile(), "hit");
  restart_helper();
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(remote_hits(), 1U);
  EXPECT_EQ(server_.entry_reads + server_.blob_reads, reads);
}

TEST_F(ExchangeRemoteTest, OnlyWhatHoldsIsTaken) {
  compile();
  forget();
  put("/s/x.h", "int other;\n");
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(server_.blob_reads, 0);
  forget();
  EXPECT_EQ(compile(), "hit") << "of two variants the one that holds";
  forget();
  put("/s/x.h", "int x;\n");
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeRemoteTest, ABlobThatIsGoneIsAMissAndComesBack) {
  compile();
  server_.blobs.clear();
  forget();
  EXPECT_EQ(compile(), "miss");
  EXPECT_FALSE(server_.blobs.empty());
  forget();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeRemoteTest, AnotherBlobUnderItsNameIsAMiss) {
  compile();
  const auto stored = server_.blobs;
  for (auto& [address, bytes] : server_.blobs) bytes[0] = static_cast<char>(bytes[0] ^ 1);
  forget();
  EXPECT_EQ(compile(), "miss");
  EXPECT_GT(status().servers.at(0).rejected, 0U);
  server_.blobs = stored;
  for (auto& [address, bytes] : server_.blobs) bytes += "x";
  forget();
  EXPECT_EQ(compile(), "miss") << "a wrong length";
}

TEST_F(ExchangeRemoteTest, WhoHasNoKeyIsNotBelieved) {
  compile();  // by somebody without a key
  disk_.put("/key", "the key of this team");
  disk_.set_owner("/key", geteuid(), 0600);
  remote_key_file_ = "/key";
  forget();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(status().servers.at(0).rejected, 1U);
  EXPECT_EQ(server_.blob_reads, 0);
  forget();
  EXPECT_EQ(compile(), "hit");
  EXPECT_TRUE(status().keyed);
}

TEST_F(ExchangeRemoteTest, AKeyThatCannotBeReadMeansNoServer) {
  compile();
  remote_key_file_ = "/nowhere";
  forget();
  EXPECT_EQ(compile(), "miss");
  EXPECT_NE(notes().find("the remote store is not used"), std::string::npos);
}

TEST_F(ExchangeRemoteTest, ASilentServerCostsOneLimitAndIsThenLeftAlone) {
  compile();
  forget();
  server_.silent = true;
  for (int i = 0; i < 2; ++i) {
    const Launcher launcher = ask(usual());
    EXPECT_EQ(launcher.client->last_type(), 0U) << "it waits";
    for (int step = 0; step < 600 && launcher.client->last_type() == 0; ++step) {
      clock_.tick();
      executor_.run_later();
    }
    EXPECT_EQ(go_on(launcher), "miss");
    put("/s/x.h", "int version_" + std::to_string(i) + ";\n");
  }
  EXPECT_NE(status().servers.at(0).state.find("open"), std::string::npos);
  const int reads = server_.entry_reads;
  EXPECT_EQ(compile(), "miss") << "at once";
  EXPECT_EQ(server_.entry_reads, reads);
}

TEST_F(ExchangeRemoteTest, AnAnswerThatComesTooLateServesTheNext) {
  compile();
  forget();
  server_.silent = true;
  const Launcher launcher = ask(usual());
  for (int step = 0; step < 600 && launcher.client->last_type() == 0; ++step) {
    clock_.tick();
    executor_.run_later();
  }
  EXPECT_EQ(launcher.client->last_type(), protocol::kMiss);
  server_.speak();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeRemoteTest, ALauncherThatEndsMeanwhileHarmsNothing) {
  compile();
  forget();
  server_.silent = true;
  {
    const Launcher launcher = ask(usual());
    launcher.exchange->on_gone();
  }
  server_.speak();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeRemoteTest, AServerThatComesBackIsFoundByATrialThatNobodyWaitsFor) {
  server_.reads = Error{ErrorKind::io, "gone"};
  for (int i = 0; i < 3; ++i) {
    put("/s/x.h", "int version_" + std::to_string(i) + ";\n");
    EXPECT_EQ(compile(), "miss");
  }
  server_.reads = {};
  clock_.tick(3 * SteppedClock::kTicksPerSecond);
  put("/s/x.h", "int again;\n");
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(status().servers.at(0).state, "closed");
}

TEST_F(ExchangeRemoteTest, AReadOnlyUserWritesNothing) {
  remote_mode_ = RemoteMode::read_only;
  forget();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(server_.entry_writes + server_.blob_writes, 0);
}

TEST_F(ExchangeRemoteTest, AServerThatTakesNothingIsStillReadAndSaidSoOnce) {
  compile();
  forget();
  server_.writes = Error{ErrorKind::denied, "a replica"};
  put("/s/x.h", "int other;\n");
  EXPECT_EQ(compile(), "miss");
  EXPECT_NE(notes().find("nothing is written to the remote store: a replica"), std::string::npos);
  put("/s/x.h", "int x;\n");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(remote_hits(), 1U);
}

TEST_F(ExchangeRemoteTest, WhatAFullServerDidNotTakeIsSentByTheNextHelper) {
  server_.writes = Error{ErrorKind::no_space, "full"};
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(status().waiting, 1U);
  server_.writes = {};
  restart_helper();
  EXPECT_EQ(status().published, 1U);
  restart_helper();
  EXPECT_EQ(status().waiting + status().published, 0U) << "once";
  forget();
  EXPECT_EQ(compile(), "hit");
}

TEST_F(ExchangeRemoteTest, ABuildIsFetchedAheadByWhatTheLastOneAskedFor) {
  const Arguments other{"g++", "-MD", "-MF", "b.d", "-c", "/s/b.cc", "-o", "b.o"};
  put("/s/b.cc", "int b;\n");
  compile();
  compile(other);
  cache_->remote_build_ended();
  forget();
  EXPECT_EQ(compile(), "hit");
  const int reads = server_.entry_reads + server_.blob_reads;
  EXPECT_EQ(compile(other), "hit");
  EXPECT_EQ(server_.entry_reads + server_.blob_reads, reads) << "it was here already";
  EXPECT_EQ(remote_hits(), 2U);
}

TEST_F(ExchangeRemoteTest, ABuildOfAPartIsNoPictureOfTheWhole) {
  const Arguments other{"g++", "-MD", "-MF", "b.d", "-c", "/s/b.cc", "-o", "b.o"};
  const Arguments third{"g++", "-MD", "-MF", "c.d", "-c", "/s/c.cc", "-o", "c.o"};
  put("/s/b.cc", "int b;\n");
  put("/s/c.cc", "int c;\n");
  for (const Arguments& argv : {usual(), other, third}) compile(argv);
  cache_->remote_build_ended();
  const auto places = server_.places;
  put("/s/x.h", "int other;\n");
  compile();
  cache_->remote_build_ended();
  forget();
  put("/s/x.h", "int x;\n");
  compile();
  const int reads = server_.entry_reads + server_.blob_reads;
  compile(other);
  compile(third);
  EXPECT_EQ(server_.entry_reads + server_.blob_reads, reads);
}

TEST_F(ExchangeRemoteTest, WithoutServersNothingIsAsked) {
  remotes_.clear();
  forget();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
  EXPECT_FALSE(cache_->has_remote());
  EXPECT_EQ(server_.entry_reads, 0);
}

}  // namespace
}  // namespace compiler_cache
