// Compilers that tell of their headers by /showIncludes: what is learned from the notes, what is not trusted,
// and what a hit prints.
#include "depscan/include_notes.h"
#include "tests/unit/exchange_fixture.h"

namespace compiler_cache {
namespace {

class ExchangeNotesTest : public ExchangeFixture {
 protected:
  ExchangeNotesTest() {
    disk_.put("/usr/bin/clang-cl", elf_program("clang"), 0755);
    disk_.put("/usr/bin/wrapped-cl", "#!/bin/sh\nexec clang-cl \"$@\" | translate\n", 0755);
    compiler_.processes.set_answer([this](const FakeProcesses::Call& call) { return answer(call); });
    put("/s/a.cc", "#include \"x.h\"\nint a;\n");
    put("/s/x.h", "#include \"y.h\"\n");
    put("/s/y.h", "int y;\n");
  }

  Result<ProcessOutput> answer(const FakeProcesses::Call& call) {
    ProcessOutput output;
    if (call.has("-###")) {
      output.standard_error =
          "clang version 14.0.6\n \"/usr/bin/clang-cl\" \"-cc1\" \"-fms-compatibility\"\n";
      return output;
    }
    if (call.has("-v")) {
      output.standard_error = compiler_.search_path;
      return output;
    }
    if (!call.has("/showIncludes")) return compiler_.answer(call);
    ++questions_;
    output.exit_code = probe_status_;
    const std::string source = call.argv.back().substr(3);
    output.standard_output = prefix_ + " " + source.substr(0, source.size() - 2) + ".h\n";
    return output;
  }

  static Arguments noted(const std::string& compiler = "clang-cl") {
    return {compiler, "/c", "/Z7", "/showIncludes", "/Foa.obj", "--", "/s/a.cc"};
  }
  static Arguments plain(const std::string& compiler = "clang-cl") {
    return {compiler, "/c", "/Foa.obj", "--", "/s/a.cc"};
  }
  void use_notes_instead_of_depfiles() {
    notes_instead_of_depfile_ = true;
    restart_helper();
  }

  /// "hit", "miss", or "run" with the reason; what the user sees is in seen_.
  std::string build(const Arguments& argv) {
    const Launcher launcher = ask(argv);
    seen_.clear();
    switch (launcher.client->last_type()) {
      case protocol::kRun:
        return "run " + launcher.client->text(1);
      case protocol::kHit:
        seen_ = launcher.client->text(2);
        restore(launcher);
        launcher.exchange->on_gone();
        return "hit";
      default:
        return build_as_told(launcher);
    }
  }
  std::string build_as_told(const Launcher& launcher) {
    asked_ = launcher.client->strings(1);
    const std::string stripped = launcher.client->text(5);
    CompileReport report = run_cl(asked_);
    seen_ = stripped.empty() ? report.standard_output : split_notes(report.standard_output, stripped).text;
    launcher.exchange->on_compiled(std::move(report));
    return "miss";
  }

  CompileReport run_cl(const Arguments& argv) {
    clock_.settle();
    std::string text;
    std::string read;
    preprocess(disk_.files(), argv.back(), text, read);
    CompileReport report;
    report.microseconds = 5'000'000;
    report.standard_output = first_words_;
    const bool notes = std::find(argv.begin(), argv.end(), "/showIncludes") != argv.end();
    std::string list = "a.o: " + argv.back();
    for (std::size_t at = 0; at < read.size();) {
      const std::size_t end = std::min(read.find(' ', at + 1), read.size());
      const std::string path = read.substr(at + 1, end - at - 1);
      if (notes) report.standard_output += prefix_ + (at == 0 ? " " : "  ") + path + end_;
      list += " " + path;
      at = end;
    }
    report.standard_output += last_words_;
    report.standard_error = error_;
    if (text.find("#error") != std::string::npos) {
      report.wait_status = 256;
    } else {
      disk_.put("/b/a.obj", "object of " + text);
    }
    for (const std::string& word : argv) {
      if (word.starts_with("/clang:/")) disk_.put(word.substr(7), list + "\n");
    }
    clock_.settle();
    return report;
  }

  void expect_kept(const Arguments& argv, const std::string& output) {
    EXPECT_EQ(build(argv), "miss");
    EXPECT_EQ(seen_, output);
    EXPECT_EQ(build(argv), "hit");
    EXPECT_EQ(seen_, output);
  }
  void expect_not_kept(const Arguments& argv) {
    const std::size_t before = cache_->graph.variant_count();
    EXPECT_EQ(build(argv), "miss");
    EXPECT_EQ(cache_->graph.variant_count(), before);
    EXPECT_EQ(counted().uncacheable_reasons.count("include-notes"), 1U);
  }

  std::string prefix_ = "Note: including file:";
  std::string end_ = "\n";
  std::string first_words_;
  std::string last_words_ = "a.cc\n";
  std::string error_;
  int probe_status_ = 0;
  int questions_ = 0;
  std::string seen_;
  Arguments asked_;
};

TEST_F(ExchangeNotesTest, TheUsersNotesAreReadAndReplayed) {
  const std::string notes = "Note: including file: /s/x.h\r\nNote: including file:  /s/y.h\r\na.cc\n";
  end_ = "\r\n";
  expect_kept(noted(), notes);
  EXPECT_EQ(asked_, noted()) << "nothing is added to the user's command";
  put("/s/y.h", "int changed;\n");
  expect_kept(noted(), notes);
  EXPECT_EQ(questions_, 0) << "Clang says it in one language only";
}

TEST_F(ExchangeNotesTest, WithAndWithoutNotesAreTwoEntries) {
  expect_kept(plain(), "a.cc\n");
  EXPECT_EQ(std::count(asked_.begin(), asked_.end(), "/showIncludes"), 0);
  expect_kept(noted(), "Note: including file: /s/x.h\nNote: including file:  /s/y.h\na.cc\n");
  EXPECT_EQ(build(plain()), "hit");
  EXPECT_EQ(seen_, "a.cc\n");
}

TEST_F(ExchangeNotesTest, PrivateNotesAreReadAndNeverStored) {
  use_notes_instead_of_depfiles();
  expect_kept(plain(), "a.cc\n");
  EXPECT_EQ(asked_, (Arguments{"clang-cl", "/showIncludes", "/c", "/Foa.obj", "--", "/s/a.cc"}));
  for (const char* header : {"/s/x.h", "/s/y.h"}) {
    put(header, (header[3] == 'x' ? "#include \"y.h\"\nint changed;\n" : "int changed;\n"));
    expect_kept(plain(), "a.cc\n");
  }
}

TEST_F(ExchangeNotesTest, TheUsersOwnWayIsNotChangedByTheConfiguration) {
  use_notes_instead_of_depfiles();
  expect_kept(noted(), "Note: including file: /s/x.h\nNote: including file:  /s/y.h\na.cc\n");
  EXPECT_EQ(asked_, noted());
  const Arguments without_debug = {"clang-cl", "/c", "/showIncludes", "/Foa.obj", "--", "/s/a.cc"};
  expect_kept(without_debug, "Note: including file: /s/x.h\nNote: including file:  /s/y.h\na.cc\n");
  const Arguments user = {"clang-cl", "/c", "/showIncludes:user", "/Foa.obj", "--", "/s/a.cc"};
  const Launcher launcher = ask(user);
  ASSERT_EQ(launcher.client->last_type(), protocol::kMiss);
  EXPECT_EQ(launcher.client->strings(1), user);
  EXPECT_FALSE(launcher.client->strings(2).empty()) << "its headers are listed in a run of its own";
  EXPECT_EQ(launcher.client->text(5), "");
}

TEST_F(ExchangeNotesTest, AFailedCompileIsSeenWithoutPrivateNotes) {
  use_notes_instead_of_depfiles();
  put("/s/y.h", "#error\n");
  EXPECT_EQ(build(plain()), "miss");
  EXPECT_EQ(seen_, "a.cc\n");
  EXPECT_EQ(build(plain()), "miss");
}

TEST_F(ExchangeNotesTest, TheCompilerIsAskedHowItsNotesBegin) {
  prefix_ = "Hinweis: Einlesen der Datei:";
  const std::string notes =
      "Hinweis: Einlesen der Datei: /s/x.h\nHinweis: Einlesen der Datei:  /s/y.h\na.cc\n";
  expect_kept(noted("wrapped-cl"), notes);
  put("/s/y.h", "int changed;\n");
  expect_kept(noted("wrapped-cl"), notes);
  EXPECT_EQ(questions_, 1);
}

TEST_F(ExchangeNotesTest, PrivateNotesAreStrippedByWhatTheCompilerSays) {
  note_prefix_ = "Note: including file: ";  // as CMake found it at another time
  use_notes_instead_of_depfiles();
  prefix_ = "Hinweis: Einlesen der Datei:";
  expect_kept(plain("wrapped-cl"), "a.cc\n");
  put("/s/y.h", "int changed;\n");
  expect_kept(plain("wrapped-cl"), "a.cc\n");
}

TEST_F(ExchangeNotesTest, NotesThatCannotBeToldAreNotAskedFor) {
  use_notes_instead_of_depfiles();
  probe_status_ = 1;
  EXPECT_EQ(build(plain("wrapped-cl")), "run include-notes");
  expect_not_kept(noted("wrapped-cl"));
}

TEST_F(ExchangeNotesTest, NotesInDoubtAreNotTrusted) {
  first_words_ = "50 %";
  expect_not_kept(noted());
  first_words_ = "Note: including file:   /s/z.h\n";
  expect_not_kept(noted());
  first_words_ = "";
  error_ = "x: Note: including file: /s/z.h\n";
  expect_not_kept(noted());
  error_ = "";
  EXPECT_EQ(build(noted()), "miss");
  EXPECT_EQ(build(noted()), "hit");
}

TEST_F(ExchangeNotesTest, NotesOfPathsThatCannotBeReadAgainAreNotTrusted) {
  compiler_.search_path =
      "#include \"...\" search starts here:\n#include <...> search starts here:\n  blank\nEnd of search "
      "list.\n";
  disk_.put_folder("/b/ blank");
  expect_not_kept(noted());
}

TEST_F(ExchangeNotesTest, WhatLooksLikeANoteIsAnInputTooMany) {
  put("/s/said.h", "1\n");
  first_words_ = "Note: including file: /s/said.h\n";
  EXPECT_EQ(build(noted()), "miss");
  EXPECT_EQ(build(noted()), "hit");
  put("/s/said.h", "2\n");
  EXPECT_EQ(build(noted()), "miss");
  first_words_ = "Note: including file: /s/no such file\n";
  put("/s/a.cc", "int changed;\n");
  EXPECT_EQ(build(noted()), "miss");
  EXPECT_EQ(build(noted()), "miss") << "it cannot be read";
}

TEST_F(ExchangeNotesTest, NotesOnStandardErrorCountToo) {
  put("/s/error.h", "1\n");
  error_ = "Note: including file: /s/error.h\nwarning\n";
  EXPECT_EQ(build(noted()), "miss");
  EXPECT_EQ(build(noted()), "hit");
  put("/s/error.h", "2\n");
  EXPECT_EQ(build(noted()), "miss");
}

}  // namespace
}  // namespace compiler_cache
