// A request for what another one is just bringing into the cache: it waits a little rather than compile
// again.
#include "helper/exchange.h"
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

class ExchangePendingTest : public ExchangeFixture {
 protected:
  /// A compile whose report is in, and whose outputs are still being read by a worker.
  Launcher being_stored() {
    compile({"g++", "-DOTHER", "-MD", "-MF", "o.d", "-c", "/s/a.cc", "-o", "o.o"});  // asks the compiler
    Launcher launcher = ask(usual());
    CompileReport report = run_as_told(*launcher.client);
    executor_.hold();
    launcher.exchange->on_compiled(std::move(report));
    return launcher;
  }
};

TEST_F(ExchangePendingTest, SecondRequestWaitsAndHits) {
  const Launcher first = being_stored();
  const Launcher second = ask(usual());
  EXPECT_EQ(second.client->last_type(), 0U);
  executor_.run_all();
  EXPECT_EQ(go_on(second), "hit");
  EXPECT_EQ(counted().misses, 2U);
}

TEST_F(ExchangePendingTest, SecondRequestMissesWhenTheFirstCannotBeStored) {
  const Launcher first = being_stored();
  const Launcher second = ask(usual());
  EXPECT_EQ(second.client->last_type(), 0U);
  disk_.delete_tree("/b/a.o");  // before its bytes are taken
  executor_.run_all();
  EXPECT_EQ(second.client->last_type(), protocol::kMiss);
}

TEST_F(ExchangePendingTest, SecondRequestDoesNotWaitForever) {
  const Launcher first = being_stored();
  const Launcher second = ask(usual());
  EXPECT_EQ(second.client->last_type(), 0U);
  executor_.run_later();
  EXPECT_EQ(second.client->last_type(), protocol::kMiss);
}

TEST_F(ExchangePendingTest, WhoHasWaitedLooksForItselfAgain) {
  const Arguments other{"g++", "-DOTHER", "-MD", "-MF", "o.d", "-c", "/s/a.cc", "-o", "o.o"};
  compile();
  compile(other);
  put("/s/x.h", "int changed;\n");
  const Launcher first = being_stored();
  const Launcher second = ask(usual());
  ASSERT_EQ(second.client->last_type(), 0U);
  put("/s/x.h", "int x;\n");  // as it was, and as a third one sees it
  EXPECT_EQ(ask(other).client->last_type(), protocol::kHit);
  put("/s/x.h", "int third;\n");
  executor_.run_later();
  EXPECT_EQ(second.client->last_type(), protocol::kMiss);
}

TEST_F(ExchangePendingTest, OtherCompilesGoOn) {
  const Launcher first = being_stored();
  const Launcher other = ask({"g++", "-DOTHER", "-MD", "-MF", "o.d", "-c", "/s/a.cc", "-o", "o.o"});
  EXPECT_EQ(other.client->last_type(), protocol::kHit);
}

TEST_F(ExchangePendingTest, AResultThatFailedAtItsLauncherHoldsNobodyUp) {
  const Launcher first = being_stored();
  executor_.run_all();
  EXPECT_EQ(cache_->publications->count(), 0U);
  put("/s/a.cc", "#error\n");
  const Launcher failing = ask(usual());
  failing.exchange->on_compiled(run_as_told(*failing.client));
  EXPECT_EQ(cache_->publications->count(), 0U);
}

}  // namespace
}  // namespace compiler_cache
