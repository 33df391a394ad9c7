// Include notes that only the helper asks for, as of a compiler that writes no depfile: never seen by the
// user.
#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class PrivateNotes : public Situation {
 protected:
  static void SetUpTestSuite() { renew_shared_tree("header_list=notes\n"); }
  static void TearDownTestSuite() { renew_shared_tree(""); }

  void SetUp() override {
    Situation::SetUp();
    if (IsSkipped()) return;
    write("a.cpp", "#include \"a.h\"\n#include <sys.h>\nint a = A + B + S;\n");
    write("inc/a.h", "#pragma once\n#include \"deep er/b.h\"\n#define A 1\n");
    write("inc/deep er/b.h", "#define B 1\n");
    write("system/sys.h", "#define S 1\n");
  }
  static Words with(const Words& more) {
    Words words = {"/nologo", "/Brepro", "/c", "a.cpp", "/Foa.obj", "/Iinc", "-imsvc", "system"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  const Words plain_ = with({});
};
INSTANTIATE_MSVC_COMPILER(PrivateNotes);

TEST_P(PrivateNotes, are_not_seen) {
  write("a.cpp", "#warning first\n" + read("a.cpp") + "#warning last\n");
  expect_cached(plain_);
}

TEST_P(PrivateNotes, name_every_header) {
  expect_cached(plain_);
  for (const char* header : {"inc/a.h", "inc/deep er/b.h", "system/sys.h"}) {
    SCOPED_TRACE(header);
    write(header, read(header) + "\n#define CHANGED 1\n");
    expect_cached(plain_);
  }
  write("a.h", "#define A 7\n#define B 8\n");
  expect_cached(plain_);
}

TEST_P(PrivateNotes, are_not_seen_of_a_compile_that_fails) {
  write("a.cpp", read("a.cpp") + "int b = ;\n#include \"missing.h\"\n");
  expect_refused("miss", plain_);
}

TEST_P(PrivateNotes, do_not_hide_what_the_source_says) {
  write(
      "a.cpp",
      "#include \"a.h\"\n#pragma message(\"Note: including file: no such file\")\n#line 7 \"Note: including "
      "file: a.cpp\"\n#warning here\nint a = A;\n");
  expect_refused("include-notes", plain_);
}

TEST_P(PrivateNotes, of_a_translated_compiler_are_not_seen) {
  How how;
  how.compiler = path("clang-cl");
  write_script("clang-cl", std::string(GetParam().program) +
                               " \"$@\" | sed 's/^Note: including file:/Hinweis: Einlesen der Datei:/'\n");
  expect_cached(plain_, how);
  write("inc/deep er/b.h", "#define B 2\n");
  expect_cached(plain_, how);
}

TEST_P(PrivateNotes, of_a_compiler_that_prints_none_stop_nothing) {
  How how;
  how.compiler = path("clang-cl");
  write_script("clang-cl", std::string(GetParam().program) + " \"$@\" > /dev/null\n");
  expect_refused("include-notes", plain_, how);
}

TEST_P(PrivateNotes, are_not_asked_for_where_they_would_be_in_the_object) {
  expect_cached(with({"/Z7"}));
  write("inc/deep er/b.h", "#define B 2\n");
  expect_cached(with({"/Z7"}));
}

TEST_P(PrivateNotes, leave_the_users_own_alone) {
  expect_cached(with({"/showIncludes"}));
  expect_cached(with({"/showIncludes:user"}));
  write("system/sys.h", "#define S 2\n");
  expect_cached(with({"/showIncludes:user"}));
}

}  // namespace
}  // namespace compiler_cache::situations
