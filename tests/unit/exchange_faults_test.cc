// A disk that fails at any one operation of a request, or from it on: a miss at most, never another object
// than the compiler would make, and a good cache as soon as the disk is well again.
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

struct Failure {
  ErrorKind kind;
  bool forever;
};
// A disk that says of something that it is not there is believed: a compiler believes it, too.
constexpr Failure kFailures[] = {
    {ErrorKind::no_space, true}, {ErrorKind::io, false}, {ErrorKind::denied, true}};
constexpr std::uint64_t kMany = 2'000;

class ExchangeFaultsTest : public ExchangeFixture {
 protected:
  ExchangeFaultsTest() { compile(); }

  /// One compile, and whatever the helper does behind it. Told to run, the launcher runs what the user asked
  /// for.
  std::string compile_and_settle() {
    for (const char* name : {"/b/a.o", "/b/a.d"}) disk_.delete_tree(name);
    std::string outcome = compile();
    if (outcome.starts_with("run ") || outcome == "nothing") run_compiler(usual());
    cache_->checkpoint();
    cache_->publish();
    return outcome;
  }
  void expect_built(const std::string& text, const std::string& what) {
    EXPECT_EQ(built("a.o"), "object of " + text) << what;
    EXPECT_NE(built("a.d").find("a.o: /s/a.cc"), std::string::npos) << what;
  }

  /// `arrange` sets the scene anew each time and returns what the compiler then reads; each operation of the
  /// compile after that fails in turn.
  void try_each_operation(const std::function<std::string()>& arrange) {
    for (const auto& [kind, forever] : kFailures) {
      std::uint64_t n = 0;
      for (bool failed = true; failed; ++n) {
        ASSERT_LT(n, kMany);
        // What came before may be collected, and the disk fills no more than in life.
        clock_.tick(20 * SteppedClock::kTicksPerSecond);
        const std::string text = arrange();
        const std::string what = "operation " + std::to_string(n) + (forever ? " and all after it" : "");
        const std::uint64_t before = disk_.operations();
        disk_.fail_operation(n, kind, forever);
        compile_and_settle();
        disk_.fail_nothing();
        failed = disk_.operations() - before > n;
        expect_built(text, what);
        compile_and_settle();
        expect_built(text, what + ", afterwards");
        EXPECT_EQ(compile_and_settle(), "hit") << what;
        expect_built(text, what + ", in the end");
      }
      EXPECT_GT(n, 5U) << "hardly an operation failed";
    }
  }

  int round_ = 0;
};

TEST_F(ExchangeFaultsTest, AMissOnAFailingDisk) {
  try_each_operation([this] {
    const std::string text = "int round" + std::to_string(++round_) + ";\n";
    put("/s/x.h", text);
    return text + "int a;\n";
  });
}

TEST_F(ExchangeFaultsTest, AHitOnAFailingDisk) {
  try_each_operation([this] {
    if (++round_ % 5 == 0) restart_helper();  // from the disk, not from memory
    return std::string("int x;\nint a;\n");
  });
}

TEST_F(ExchangeFaultsTest, AChangedHeaderOnAFailingDisk) {
  put("/s/x.h", "int y;\n");
  compile();
  try_each_operation([this] {
    const std::string text = ++round_ % 2 == 0 ? "int x;\n" : "int y;\n";
    put("/s/x.h", text);
    return text + "int a;\n";
  });
}

TEST_F(ExchangeFaultsTest, AHeaderThatHidesAnotherOnAFailingDisk) {
  put("/usr/include/y.h", "int far;\n");
  put("/s/a.cc", "#include \"y.h\"\nint a;\n");
  compile();
  put("/s/y.h", "int near;\n");
  compile();
  try_each_operation([this] {
    if (++round_ % 2 != 0) {
      EXPECT_TRUE(disk_.remove("/s/y.h").ok());
      clock_.settle();
      return std::string("int far;\nint a;\n");
    }
    put("/s/y.h", "int near;\n");
    return std::string("int near;\nint a;\n");
  });
}

}  // namespace
}  // namespace compiler_cache
