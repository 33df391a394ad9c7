// A clock that is set back and forward, as when a machine gets the right time late: results may not be kept,
// but none is another than the compiler's.
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

constexpr std::int64_t kDay = 24 * 3600 * SteppedClock::kTicksPerSecond;

class ExchangeClockTest : public ExchangeFixture {
 protected:
  void edit_and_expect(const std::string& text) {
    put("/s/x.h", text);
    compile();
    EXPECT_EQ(built("a.o"), "object of " + text + "int a;\n");
  }
};

TEST_F(ExchangeClockTest, EditsAroundEachJumpAreSeen) {
  int edits = 0;
  const auto edit = [&] { edit_and_expect("int n" + std::to_string(++edits % 3) + ";\n"); };
  for (const std::int64_t jump : {-kDay, kDay, 2 * kDay, -3 * kDay, std::int64_t{-1}, std::int64_t{1}}) {
    edit();
    clock_.tick(jump);
    edit();
    edit();
    cache_->publish();
    restart_helper();
    edit();
  }
}

// Read while the clock was behind the file, which is written again, as long as before, when that tick comes
// for the second time: nothing but the read's own time tells.
TEST_F(ExchangeClockTest, AnEditInATickThatComesTwiceIsSeen) {
  edit_and_expect("int a1;\n");
  clock_.tick();
  const std::int64_t tick = clock_.file_now_ns();
  disk_.put("/s/x.h", "int a1;\n");
  clock_.tick(-200);
  EXPECT_EQ(compile(), "hit");
  clock_.tick((tick - clock_.file_now_ns()) / SteppedClock::kTickNs);
  disk_.put("/s/x.h", "int a2;\n");
  clock_.settle();
  compile();
  EXPECT_EQ(built("a.o"), "object of int a2;\nint a;\n");
}

// What was written yesterday by a clock that was a day ahead cannot be told from what changes during the
// compile.
TEST_F(ExchangeClockTest, ResultsAreKeptAgainOnceFilesAreOfThePast) {
  clock_.tick(-kDay);
  edit_and_expect("int later;\n");
  EXPECT_EQ(compile(), "miss");
  clock_.tick(kDay);
  clock_.settle();
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), "object of int later;\nint a;\n");
}

TEST_F(ExchangeClockTest, AHeaderFromTheFutureIsNoObstacle) {
  put("/s/x.h", "int future;\n");
  disk_.set_times("/s/x.h", clock_.file_now_ns() + 1'000'000'000'000'000,
                  clock_.file_now_ns() - 1'000'000'000);
  compile();
  EXPECT_EQ(compile(), "hit");
  EXPECT_EQ(built("a.o"), "object of int future;\nint a;\n");
}

}  // namespace
}  // namespace compiler_cache
