// Include notes that the user asks for (/showIncludes): what a result depends on, and what a hit prints.
#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class UserNotes : public Situation {
 protected:
  void SetUp() override {
    Situation::SetUp();
    if (IsSkipped()) return;
    write("a.cpp", "#include \"a.h\"\n#include <sys.h>\n#include <stddef.h>\nint a = A + B + S;\n");
    write("inc/a.h", "#pragma once\n#include \"deep er/b.h\"\n#define A 1\n");
    write("inc/deep er/b.h", "#define B 1\n");
    write("system/sys.h", "#define S 1\n");
  }
  /// Without the time of its making, so that objects can be compared.
  static Words with(const Words& more, const std::string& source = "a.cpp") {
    Words words = {"/nologo", "/Brepro", "/c", source, "/Foa.obj", "/Iinc", "-imsvc", "system"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  const Words plain_ = with({});
  const Words noted_ = with({"/showIncludes"});
  /// Nothing may be added to it, so that the notes are all there is.
  const Words debug_ = with({"/showIncludes", "/Z7"});
};
INSTANTIATE_MSVC_COMPILER(UserNotes);

TEST_P(UserNotes, are_replayed) {
  EXPECT_NE(alone(noted_).ending.output.find("Note: including file:  inc/deep er/b.h\n"), std::string::npos);
  remove("a.obj");
  expect_cached(noted_);
  write("inc/a.h", "#warning between\n" + read("inc/a.h"));
  expect_cached(noted_);
  expect_cached(debug_);
  expect_cached(with({"-showIncludes", "/DX"}));
}

TEST_P(UserNotes, with_and_without_them_are_two_entries) {
  expect_cached(plain_);
  expect_cached(noted_);
  expect_cached(with({"/showIncludes:user"}));
  EXPECT_EQ(expect("hit", plain_).ending.output, "");
  EXPECT_NE(expect("hit", noted_).ending.output, "");
}

TEST_P(UserNotes, come_with_the_users_depfile) {
  for (const char* kind : {"-clang:-MD", "-clang:-MMD"}) {
    for (const char* notes : {"/showIncludes", "/showIncludes:user", "/DNONE"}) {
      SCOPED_TRACE(std::string(kind) + notes);
      expect_cached(with({notes, kind, "-clang:-MFa.d"}));
      expect_cached(with({notes, kind, "-clang:-MFa.d", "/Z7"}));
    }
  }
  write("system/sys.h", "#define S 2\n");
  expect_cached(with({"/showIncludes:user", "-clang:-MMD", "-clang:-MFa.d"}));
}

TEST_P(UserNotes, every_header_counts) {
  write("forced.h", "#define F 1\n");
  const std::string absolute = path("absolute.h");
  write("absolute.h", "#define ABS 1\n");
  write("a.cpp", read("a.cpp") + "#include \"" + absolute + "\"\n");
  for (const Words& more : {Words{"/showIncludes", "/FIforced.h"}, Words{"/showIncludes:user", "/FIforced.h"},
                            Words{"/FIforced.h"}, Words{"/Z7", "/showIncludes", "/FIforced.h"},
                            Words{"/Z7", "/FIforced.h"}, Words{"/Z7", "/showIncludes:user", "/FIforced.h"}}) {
    const Words words = with(more);
    SCOPED_TRACE(more.front() + " " + more.back());
    expect_cached(words);
    for (const char* header : {"inc/a.h", "inc/deep er/b.h", "system/sys.h", "forced.h", "absolute.h"}) {
      SCOPED_TRACE(header);
      write(header, read(header) + "\n#define CHANGED 1\n");
      expect_cached(words);
    }
  }
}

TEST_P(UserNotes, a_header_in_front_of_another_counts) {
  const Words words = with({"/Iempty", "/Ilater", "/showIncludes", "/Z7"});
  make_folder("empty");
  write("later/late.h", "#define L 1\n");
  write("a.cpp", "#include \"late.h\"\nint a = L;\n");
  expect_cached(words);
  write("empty/late.h", "#define L 2\n");
  expect_cached(words);
  remove("empty/late.h");
  expect("hit", words);
  write("late.h", "#define L 3\n");
  expect_cached(words);
}

TEST_P(UserNotes, another_name_of_a_header_that_is_not_read_twice_counts) {
  write("inc/g.h", "#ifndef G\n#define G 1\n#endif\n");
  write("inc/h.h", "#define G 2\n");
  link("g.h", "inc/other.h");
  write("a.cpp", "#include \"g.h\"\n#undef G\n#define G 5\n#include \"other.h\"\nint a = G;\n");
  expect_cached(debug_);
  link("h.h", "inc/other.h");
  expect_cached(debug_);
}

TEST_P(UserNotes, of_a_compile_that_fails_are_passed_on) {
  write("a.cpp", "#include \"a.h\"\nint a = ;\n");
  expect_refused("miss", noted_);
  expect_refused("miss", debug_);
}

TEST_P(UserNotes, are_not_confused_with_what_the_source_says) {
  write(
      "a.cpp",
      "#include \"a.h\"\n#pragma message(\"Note: including file: no such file\")\n#line 7 \"Note: including "
      "file: a.cpp\"\n#warning here\nint a = A;\n");
  // There may be a note in it that is none, so nothing is kept.
  expect_refused("include-notes", debug_);
  expect_cached(noted_);
  expect_cached(plain_);
}

TEST_P(UserNotes, that_stand_behind_other_output_are_not_trusted) {
  const std::string wrapped = "exec " + std::string(GetParam().program) + " \"$@\"\n";
  How how;
  how.compiler = path("clang-cl");
  write_script("clang-cl", "case \" $* \" in *\" /c \"*) printf 'compiling ' ;; esac\n" + wrapped);
  expect_refused("include-notes", debug_, how);
  expect_cached(plain_, how);
  write_script("clang-cl", "case \" $* \" in *\" /c \"*) echo compiling ;; esac\n" + wrapped);
  expect_cached(debug_, how);
}

TEST_P(UserNotes, of_a_translated_compiler_are_read) {
  How how;
  how.compiler = path("clang-cl");
  write_script(
      "clang-cl",
      std::string(GetParam().program) +
          " \"$@\" | sed 's/^Note: including file:/Remarque\xc2\xa0: inclusion du fichier\xc2\xa0:/'\n");
  EXPECT_NE(alone(debug_, how).ending.output.find("fichier\xc2\xa0:  inc/deep er/b.h"), std::string::npos);
  remove("a.obj");
  expect_cached(debug_, how);
  write("inc/deep er/b.h", "#define B 2\n");
  expect_cached(debug_, how);
}

TEST_P(UserNotes, with_a_path_that_they_cannot_spell_are_not_trusted) {
  const std::string source = "#include \"o.h\"\nint a = O;\n";
  // Reads as a note of "odd" and a line of text.
  write("odd\nfolder/o.h", "#define O 1\n");
  write("odd\nfolder/a.cpp", source);
  write("odd", "");
  expect_refused("include-notes", with({"/showIncludes", "/Z7"}, "odd\nfolder/a.cpp"));
  // Reads as a note one level deeper.
  write(" blank/o.h", "#define O 1\n");
  write("a.cpp", source);
  expect_refused("include-notes", with({"/I blank", "/showIncludes", "/Z7"}));
  write("a.cpp", "#include \"deep er/b.h\"\n" + source);
  write("blank/o.h", "#define O 1\n");
  expect_refused("include-notes", with({"/I blank", "/showIncludes", "/Z7"}));
}

TEST_P(UserNotes, are_replayed_when_rechecked) {
  expect_cached(debug_);
  How how;
  how.environment["COMPILER_CACHE_RECHECK"] = "100";
  Counts before = shared_tree().counts();
  const Effect found = cached(debug_, how);
  EXPECT_EQ(found.ending.error, "");
  Counts after = shared_tree().counts();
  EXPECT_EQ(after.numbers["rechecked"] - before.numbers["rechecked"], 1);
  EXPECT_EQ(after.numbers["recheck_differences"], before.numbers["recheck_differences"]);
}

}  // namespace
}  // namespace compiler_cache::situations
