#include "helper/note_prefixes.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/fake_processes.h"
#include "tests/unit/inline_executor.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class NotePrefixesTest : public testing::Test {
 protected:
  NotePrefixesTest() {
    disk_.put_folder("/b");
    processes_.set_answer([this](const FakeProcesses::Call& call) -> Result<ProcessOutput> {
      if (error_) return *error_;
      ProcessOutput output;
      output.exit_code = exit_code_;
      source_ = call.argv.back().substr(3);
      text_ = disk_.files()[source_];
      header_is_there_ = disk_.files().contains("/b/t/77-1.d.h");
      output.standard_output = "77-1.d.c\r\n" + note_ + " /b/t/77-1.d.h\r\n";
      if (on_error_) std::swap(output.standard_output, output.standard_error);
      return output;
    });
  }

  static NotePrefixQuestion question() {
    return {hash_bytes("cl"),     "/usr/bin/cl",
            {"--driver-mode=cl"}, {"LC_ALL=de_DE", "CL=/Wall", "_CL_=/X", "CLX=1", "TMP=/t"},
            {"LC_ALL=de_DE"},     "/b/t/77-1.d"};
  }
  std::string ask(const NotePrefixQuestion& asked = question()) {
    std::string answer = "no answer";
    prefixes_.get(asked, [&](const Result<std::string>& prefix) {
      answer = prefix.ok() ? *prefix : std::string(to_string(prefix.error().kind));
    });
    return answer;
  }

  std::string note_ = "Hinweis: Einlesen der Datei:";
  bool on_error_ = false;
  int exit_code_ = 0;
  std::optional<Error> error_;
  std::string source_;
  std::string text_;
  bool header_is_there_ = false;
  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  InlineExecutor executor_;
  FakeProcesses processes_;
  NotePrefixes prefixes_{executor_, processes_, disk_, "Remarque : inclusion du fichier : "};
};

TEST_F(NotePrefixesTest, TheCompilerIsAskedInItsOwnLanguageAndWithoutOptionsOfTheEnvironment) {
  EXPECT_EQ(ask(), note_);
  ASSERT_EQ(processes_.calls().size(), 1U);
  const FakeProcesses::Call& call = processes_.calls().front();
  EXPECT_EQ(call.argv, (std::vector<std::string>{"/usr/bin/cl", "--driver-mode=cl", "/nologo",
                                                 "/showIncludes", "/Zs", "/Tc/b/t/77-1.d.c"}));
  EXPECT_EQ(call.environment, (std::vector<std::string>{"LC_ALL=de_DE", "CLX=1", "TMP=/t"}));
  EXPECT_EQ(text_, "#include \"77-1.d.h\"\n");
  EXPECT_TRUE(header_is_there_);
}

TEST_F(NotePrefixesTest, NothingIsLeftBehind) {
  ask();
  EXPECT_TRUE(disk_.files().empty());
  error_ = Error{ErrorKind::timed_out, ""};
  NotePrefixQuestion other = question();
  other.compiler = "/usr/bin/other";
  EXPECT_EQ(ask(other), "timed-out");
  EXPECT_TRUE(disk_.files().empty());
}

TEST_F(NotePrefixesTest, NotesOnStandardErrorAreSeenToo) {
  on_error_ = true;
  EXPECT_EQ(ask(), note_);
}

TEST_F(NotePrefixesTest, WhatCMakeFoundIsTriedFirst) {
  note_ = "Remarque : inclusion du fichier : C:\\SHORT~1\\77-1.d.h or";
  EXPECT_EQ(ask(), "Remarque : inclusion du fichier :");
}

TEST_F(NotePrefixesTest, EachQuestionIsAskedOnce) {
  EXPECT_EQ(ask(), note_);
  EXPECT_EQ(ask(), note_);
  EXPECT_EQ(processes_.calls().size(), 1U);
  NotePrefixQuestion other = question();
  other.keyed_environment = {"LC_ALL=C"};
  note_ = "Note: including file:";
  EXPECT_EQ(ask(other), note_);
  other = question();
  other.identity = hash_bytes("another");
  EXPECT_EQ(ask(other), note_);
  other = question();
  other.arguments = {};
  EXPECT_EQ(ask(other), note_);
  EXPECT_EQ(processes_.calls().size(), 4U);
}

TEST_F(NotePrefixesTest, ThoseWhoAskMeanwhileWaitForTheSameAnswer) {
  executor_.hold();
  std::vector<std::string> answers;
  for (int i = 0; i < 3; ++i)
    prefixes_.get(question(), [&](const Result<std::string>& prefix) { answers.push_back(*prefix); });
  EXPECT_EQ(executor_.queued(), 1U);
  executor_.run_all();
  EXPECT_EQ(answers, (std::vector<std::string>{note_, note_, note_}));
}

TEST_F(NotePrefixesTest, ACompilerWithoutNotesIsNotAskedAgain) {
  exit_code_ = 2;
  EXPECT_EQ(ask(), "invalid");
  exit_code_ = 0;
  EXPECT_EQ(ask(), "invalid");
  NotePrefixQuestion other = question();
  other.identity = hash_bytes("another");
  note_ = "";
  EXPECT_EQ(ask(other), "invalid");
}

TEST_F(NotePrefixesTest, WhatWentWrongOnceIsAskedAgain) {
  error_ = Error{ErrorKind::timed_out, ""};
  EXPECT_EQ(ask(), "timed-out");
  error_.reset();
  EXPECT_EQ(ask(), note_);
}

}  // namespace
}  // namespace compiler_cache
