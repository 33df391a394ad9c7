// Requests of one build, while changes are told of: what was looked at once is not looked at again.
#include "helper/exchange.h"
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

class ExchangeWatchTest : public ExchangeFixture {
 protected:
  ExchangeWatchTest() {
    watched_.emplace();
    restart_helper();
    build_ = 1;
  }
  static Arguments compile_of(const std::string& name) {
    return {"g++", "-MD", "-MF", name + ".d", "-c", "/s/" + name + ".cc", "-o", name + ".o"};
  }
  void add_source(const std::string& name, int headers) {
    std::string text;
    for (int i = 0; i < headers; ++i) text += "#include \"h" + std::to_string(i) + ".h\"\n";
    put("/s/" + name + ".cc", text + "int " + name + ";\n");
  }
  void remove_outputs() {
    for (const auto& [path, bytes] : disk_.files()) {
      if (path.starts_with("/b/") && (path.ends_with(".o") || path.ends_with(".d"))) disk_.delete_tree(path);
    }
  }
  /// What a hit asks of the disk.
  std::vector<std::string> operations_of_a_hit(const std::string& name) {
    disk_.take_recorded();
    const Launcher launcher = ask(compile_of(name));
    std::vector<std::string> asked = disk_.take_recorded();
    EXPECT_EQ(launcher.client->last_type(), protocol::kHit) << name;
    go_on(launcher);
    return asked;
  }
};

TEST_F(ExchangeWatchTest, AHitInTheMiddleOfABuildAsksTheSameOfTheDiskForAnyNumberOfHeaders) {
  for (int i = 0; i < 2420; ++i) disk_.put("/s/h" + std::to_string(i) + ".h", "int h;\n");
  clock_.settle();
  std::vector<std::vector<std::string>> asked;
  for (const int headers : {24, 242, 2420}) {
    const std::string number = std::to_string(headers);
    for (const char* name : {"first", "second"}) {
      add_source(name + number, headers);
      ASSERT_EQ(compile(compile_of(name + number)), "miss");
    }
    ++build_;
    remove_outputs();
    const std::size_t cold = operations_of_a_hit("first" + number).size();
    EXPECT_GT(cold, static_cast<std::size_t>(headers));
    asked.push_back(operations_of_a_hit("second" + number));
  }
  EXPECT_EQ(asked[0].size(), asked[1].size());
  EXPECT_EQ(asked[0].size(), asked[2].size());
  EXPECT_LT(asked[2].size(), 20U) << testing::PrintToString(asked[2]);
}

TEST_F(ExchangeWatchTest, EventsDecideWithinABuildAndTheDiskDoesInTheNext) {
  compile();
  ++build_;
  ASSERT_EQ(compile(), "hit");
  put("/s/x.h", "int y;\n");
  EXPECT_EQ(compile(), "hit") << "nothing was told";
  watched_->happen("/s", WatchChange::content, "x.h");
  EXPECT_EQ(compile(), "miss");
  EXPECT_EQ(compile(), "hit");
  put("/s/x.h", "int z;\n");
  ++build_;
  EXPECT_EQ(compile(), "miss");
}

TEST_F(ExchangeWatchTest, WhatACompileHasReadIsLookedAtWhateverWasTold) {
  compile();
  ++build_;
  ASSERT_EQ(compile(), "hit");
  // Seen as it was; then somebody edits it during a compile, without a word of that.
  put("/s/b.cc", "#include \"x.h\"\nint b;\n");
  during_compile_ = [this] { put("/s/x.h", "int during;\n"); };
  ASSERT_EQ(compile(compile_of("b")), "miss");
  during_compile_ = nullptr;
  EXPECT_EQ(compile(compile_of("b")), "miss") << "the first one was not to be kept";
}

TEST_F(ExchangeWatchTest, TheCompilerIsLookedAtOnceInABuild) {
  compile();
  ++build_;
  ASSERT_EQ(compile(), "hit");
  remove_outputs();
  for (const std::string& asked : operations_of_a_hit("a")) {
    EXPECT_EQ(asked.find("/usr/"), std::string::npos) << asked;
    EXPECT_EQ(asked.find("/lib/"), std::string::npos) << asked;
  }
  put("/usr/bin/as", elf_program("new"));
  EXPECT_EQ(compile(), "hit") << "nothing was told";
  watched_->happen("/usr/bin", WatchChange::content, "as");
  EXPECT_EQ(compile(), "miss");
}

TEST_F(ExchangeWatchTest, WhatHappensWhileTheCompilerIsAskedIsSeen) {
  compile();
  ++build_;
  ASSERT_EQ(compile(), "hit");
  put("/usr/bin/as", elf_program("assembler"));  // written anew, and the same
  watched_->happen("/usr/bin", WatchChange::content, "as");
  executor_.hold();
  const Launcher launcher = ask(usual());
  ASSERT_EQ(launcher.client->last_type(), 0U);
  put("/s/x.h", "int y;\n");
  watched_->happen("/s", WatchChange::content, "x.h");
  executor_.run_all();
  EXPECT_EQ(launcher.client->last_type(), protocol::kMiss);
}

TEST_F(ExchangeWatchTest, AMountThatComesBeforeAllIsLearnedKeepsTheResultOut) {
  during_compile_ = [this] { watched_->lost = true; };
  ASSERT_EQ(compile(), "miss");
  during_compile_ = nullptr;
  ASSERT_EQ(compile(), "miss") << "the first one was not to be kept";
  // The compile has ended and the launcher has gone on; its inputs have not been looked at yet.
  put("/s/b.cc", "#include \"x.h\"\nint b;\n");
  const Launcher launcher = ask(compile_of("b"));
  CompileReport report = run_as_told(*launcher.client);
  executor_.hold();
  launcher.exchange->on_compiled(std::move(report));
  watched_->lost = true;
  build_ = 0;
  executor_.run_all();
  build_ = 1;
  EXPECT_EQ(ask(compile_of("b")).client->last_type(), protocol::kMiss);
  EXPECT_EQ(compile(), "hit") << "others are";
}

TEST_F(ExchangeWatchTest, ARequestOfNoKnownBuildTrustsNothing) {
  build_ = 0;
  compile();
  ASSERT_EQ(compile(), "hit");
  put("/s/x.h", "int y;\n");
  EXPECT_EQ(compile(), "miss");
  EXPECT_TRUE(watched_->watches.empty());
}

}  // namespace
}  // namespace compiler_cache
