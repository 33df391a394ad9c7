// Precompiled headers: made, used, changed, and lying about.
#include <chrono>
#include <filesystem>

#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class Precompiled : public Situation {
 protected:
  void SetUp() override {
    Situation::SetUp();
    if (IsSkipped()) return;
    write("in.h", "#pragma once\ninline int in(void) { return 1; }\n");
    write("p.h", "#include \"in.h\"\n#define P 1\n");
    write("u.c", "int u(void) { return P; }\n");
    made_ = is_gcc() ? "p.h.gch" : "p.h.pch";
    make_ = {"-x", "c-header", "p.h", "-o", made_};
    use_ = {"-g", "-include", "p.h", "-MD", "-c", "u.c", "-o", "u.o"};
  }
  /// GCC's differ each time.
  Compare bytes() const { return is_gcc() ? Compare::all_but_bytes : Compare::everything; }
  void edit(const std::string& name, const std::string& text) const {
    let_file_clock_tick();
    write(name, text);
  }
  void date(const std::string& name, int year) const {
    std::filesystem::last_write_time(path(name), std::filesystem::file_time_type::clock::now() -
                                                     std::chrono::hours(24 * 365 * (2030 - year)));
  }

  std::string made_;
  Words make_;
  Words use_;
};
INSTANTIATE_COMPILERS(Precompiled);

TEST_P(Precompiled, making_one_is_cached_in_every_form) {
  make_folder("sub");
  write("sub/s.h", "int s;\n");
  write("empty.c", "/* generated */\n");
  expect_cached(make_, {}, bytes());
  expect_cached({"-x", "c-header", "-c", "p.h", "-o", "sub/" + made_}, {}, bytes());
  expect_cached({"-MD", "-MF", "p.d", "-MT", "other", "-MP", "-x", "c-header", "-c", "p.h", "-o", made_}, {},
                bytes());
  expect("hit", {"-MD", "-MF", "q.d", "-MT", "third", "-MP", "-x", "c-header", "-c", "p.h", "-o", made_}, {},
         bytes());
  remove("p.d");
  remove("q.d");
  expect_cached({"-MMD", "-x", "c-header", "p.h", "-o", made_}, {}, bytes());
  remove("p.h.d");
  expect_cached({"-MD", "-c", "sub/s.h"}, {}, bytes());  // its name is made up
  remove("sub/s.h.gch");
  remove("s.d");
  expect_cached({"sub/s.h"}, {}, bytes());
  remove("sub/s.h.gch");
  if (is_gcc()) {
    expect_refused("extra-output-name", {"-MD", "sub/s.h"}, {}, bytes());
    expect_refused("extra-output-name", {"--coverage", "sub/s.h"}, {}, Compare::all_but_bytes);
    expect_cached({"-Winvalid-pch", "-x", "c-header", "-include", path("p.h"), "-MD", "-MT", made_, "-MF",
                   made_ + ".d", "-o", made_, "-c", path("empty.c")},
                  {}, bytes());
  } else {
    expect_cached({"-Winvalid-pch", "-fpch-instantiate-templates", "-Xclang", "-emit-pch", "-Xclang",
                   "-include", "-Xclang", path("p.h"), "-x", "c-header", "-MD", "-MT", made_, "-MF",
                   made_ + ".d", "-o", made_, "-c", path("empty.c")},
                  {}, bytes());
  }
}

TEST_P(Precompiled, a_hit_restores_the_bytes_mode_and_diagnostics) {
  write("w.h", "static int unused(void) { return 'ab'; }\n");
  How how;
  how.umask = 027;
  const Words words = {"-Wall", "-x", "c-header", "w.h", "-o", "w.h.gch"};
  const Effect miss = expect("miss", words, how, bytes());
  EXPECT_NE(miss.ending.error, "");
  remove("w.h.gch");
  const Effect hit = cached(words, how);
  EXPECT_EQ(hit.outcome, "hit");
  EXPECT_EQ(hit.ending.error, miss.ending.error);
  EXPECT_EQ(difference(miss.files, hit.files, true), "");
}

TEST_P(Precompiled, who_uses_one_hits_until_something_inside_changes) {
  const auto make_and_use = [&](const char* outcome) {
    SCOPED_TRACE(outcome);
    remove(made_);
    EXPECT_EQ(cached(make_).outcome, outcome);
    expect(outcome, use_);
    remove("u.o");
    remove("u.d");
  };
  make_and_use("miss");
  make_and_use("hit");
  edit("in.h", "#pragma once\ninline int in(void) { return 2; }\n");
  make_and_use("miss");
  edit("p.h", "#include \"in.h\"\n#define P 2\n");
  make_and_use("miss");
  make_and_use("hit");
  cached({"-include", "p.h", "-S", "u.c", "-o", "u.s"});
  EXPECT_NE(read("u.s").find("$2, %eax"), std::string::npos);
  edit("p.h", "#include \"in.h\"\n#define P 1\n");
  remove(made_);
  // Clang's hold the times of their headers, which are others now.
  EXPECT_EQ(cached(make_).outcome, is_gcc() ? "hit" : "miss");
  expect("hit", use_);
}

TEST_P(Precompiled, a_header_changed_back_gives_hits) {
  const Words make =
      is_gcc() ? make_ : Words{"-Xclang", "-fno-pch-timestamp", "-x", "c-header", "p.h", "-o", made_};
  const auto make_and_use = [&](const char* outcome) {
    SCOPED_TRACE(outcome);
    remove(made_);
    EXPECT_EQ(cached(make).outcome, outcome);
    expect(outcome, use_);
  };
  make_and_use("miss");
  edit("p.h", "#define P 2\n");
  make_and_use("miss");
  edit("p.h", "#include \"in.h\"\n#define P 1\n");
  make_and_use("hit");
  edit("p.h", "#define P 2\n");
  make_and_use("hit");
}

TEST_P(Precompiled, one_that_was_touched_is_made_anew_where_the_compiler_would_refuse_it) {
  EXPECT_EQ(cached(make_).outcome, "miss");
  expect("miss", use_);
  let_file_clock_tick();
  date("in.h", 2020);
  if (is_gcc()) {
    expect("hit", use_);
    remove(made_);
    EXPECT_EQ(cached(make_).outcome, "hit");
    return expect("hit", use_), void();
  }
  // The compiler alone fails now, and so must we.
  const Effect expected = alone(use_);
  EXPECT_NE(expected.ending.exit_code(), 0);
  const Effect found = cached(use_);
  EXPECT_EQ(found.outcome, "miss");
  EXPECT_EQ(found.ending.status, expected.ending.status);
  EXPECT_EQ(found.ending.error, expected.ending.error);
  remove(made_);
  EXPECT_EQ(cached(make_).outcome, "miss");
  expect("hit", use_);  // other bytes of the same origin
}

TEST_P(Precompiled, without_times_inside_one_survives_a_touch) {
  if (is_gcc()) GTEST_SKIP() << "GCC's hold no times";
  const Words make = {"-Xclang", "-fno-pch-timestamp", "-x", "c-header", "p.h", "-o", made_};
  expect_cached(make);
  EXPECT_EQ(cached(make).outcome, "hit");
  expect_cached(use_);
  let_file_clock_tick();
  date("in.h", 2020);
  expect("hit", make);
  expect("hit", use_);
}

TEST_P(Precompiled, one_that_was_made_by_hand_is_of_unknown_origin) {
  EXPECT_EQ(alone(make_).ending.exit_code(), 0);
  expect_refused("unknown-precompiled-header", use_);
  remove(made_);
  How disabled;
  disabled.environment["COMPILER_CACHE_DISABLE"] = "1";
  EXPECT_EQ(cached(make_, disabled).outcome, "bypassed");
  expect_refused("unknown-precompiled-header", use_);
  write(made_, "garbage");
  expect(is_gcc() ? "unknown-precompiled-header" : "miss", use_);  // Clang fails
  remove(made_);
  EXPECT_EQ(cached(make_).outcome, "miss");
  expect_cached(use_);
}

TEST_P(Precompiled, an_outdated_one_is_used_as_the_compiler_does_and_nothing_is_kept) {
  if (!is_gcc()) GTEST_SKIP() << "Clang refuses to use it";
  EXPECT_EQ(cached(make_).outcome, "miss");
  edit("p.h", "#define P 3\n");
  const Effect found = expect("outdated-precompiled-header", use_);
  EXPECT_EQ(found.ending.exit_code(), 0);
  edit("p.h", "#include \"in.h\"\n#define P 1\n");
  expect_cached(use_);
  edit("p.h", "#define P 3\n");
  expect("outdated-precompiled-header", use_);
  remove(made_);
  expect_cached(use_);
}

TEST_P(Precompiled, one_that_appears_disappears_or_is_replaced_counts) {
  expect_cached(use_);
  EXPECT_EQ(cached(make_).outcome, "miss");
  expect_cached(use_);
  remove(made_);
  expect("hit", use_);
  EXPECT_EQ(cached(make_).outcome, "hit");
  expect("hit", use_);
  // Made of something else.
  edit("other.h", "#define P 7\n");
  EXPECT_EQ(cached({"-x", "c-header", "other.h", "-o", made_}).outcome, "miss");
  expect_cached(use_);
  EXPECT_EQ(cached(make_).outcome, "hit");
  expect("hit", use_);
}

TEST_P(Precompiled, beside_an_included_header_only_gcc_takes_it) {
  write("v.c", "#include \"p.h\"\nint v(void) { return P; }\n");
  const Words use = {"-MD", "-c", "v.c", "-o", "v.o"};
  expect_cached(use);
  edit("other.h", "#define P 9\n");
  EXPECT_EQ(cached({"-x", "c-header", "other.h", "-o", "p.h.gch"}).outcome, "miss");
  expect(is_gcc() ? "miss" : "hit", use);
  expect("hit", use);
  remove("p.h.gch");
  expect("hit", use);
}

TEST_P(Precompiled, in_a_folder_searched_before_gcc_takes_it) {
  if (!is_gcc()) GTEST_SKIP() << "Clang does not look there";
  for (const char* name : {"first", "second", "third"}) make_folder(name);
  write("third/x.h", "#define X 3\n");
  write("two.h", "#define X 2\n");
  write("one.h", "#define X 1\n");
  write("v.c", "#include <x.h>\nint v(void) { return X; }\n");
  const Words use = {"-Ifirst", "-Isecond", "-Ithird", "-c", "v.c", "-o", "v.o"};
  expect_cached(use);
  EXPECT_EQ(cached({"two.h", "-o", "second/x.h.gch"}).outcome, "miss");
  expect("miss", use);
  expect("hit", use);
  EXPECT_EQ(cached({"one.h", "-o", "first/x.h.gch"}).outcome, "miss");
  expect("miss", use);
  expect("hit", use);
  edit("first/x.h", "#define X 0\n");
  expect("miss", use);
  remove("first/x.h");
  remove("first/x.h.gch");
  expect("hit", use);
  remove("second/x.h.gch");
  expect("hit", use);
}

TEST_P(Precompiled, a_time_of_day_inside_is_not_cached) {
  edit("p.h", "#define P 1\n#define STAMP __TIME__\n");
  write("t.c", "const char* t = STAMP;\n");
  const Words use = {"-include", "p.h", "-c", "t.c", "-o", "t.o"};
  EXPECT_EQ(cached(make_).outcome, "time-macro");
  const char* reason =
      is_gcc() ? "unknown-precompiled-header" : "time-macro";  // whose depfile names the headers
  EXPECT_EQ(cached(use).outcome, reason);
  EXPECT_EQ(cached(use).outcome, reason);
}

TEST_P(Precompiled, a_time_of_day_fixed_while_it_was_made_is_not_fixed_for_who_uses_it) {
  if (!is_gcc()) GTEST_SKIP() << "Clang 14 does not fix the time";
  edit("p.h", "#define P 1\n#define STAMP __TIME__\n");
  write("t.c", "const char* t = STAMP;\n");
  const Words use = {"-include", "p.h", "-c", "t.c", "-o", "t.o"};
  How fixed;
  fixed.environment["SOURCE_DATE_EPOCH"] = "1000000000";
  EXPECT_EQ(cached(make_, fixed).outcome, "miss");
  EXPECT_EQ(cached(use).outcome, "time-macro");
  expect_cached(use, fixed);
}

TEST_P(Precompiled, one_made_with_other_options_is_passed_over_as_the_compiler_does) {
  edit("p.h", "#ifdef OTHER\n#define P 5\n#else\n#define P 1\n#endif\n");
  Words make = make_;
  make.insert(make.begin(), is_gcc() ? "-DOTHER" : "-O2");
  EXPECT_EQ(cached(make).outcome, "miss");
  Words use = use_;
  use.insert(use.begin(), "-Winvalid-pch");
  if (is_gcc()) {
    expect_cached(use);
    EXPECT_NE(read("u.d").find("p.h"), std::string::npos);  // the header itself was read
    edit("p.h", "#define P 6\n");
    expect("outdated-precompiled-header", use);
  } else {
    expect_cached({"-O2", "-include", "p.h", "-c", "u.c", "-o", "u.o"});
    const Effect expected = alone({"-O0", "-std=c89", "-include", "p.h", "-c", "u.c", "-o", "z.o"});
    EXPECT_NE(expected.ending.exit_code(), 0);
    const Effect found = cached({"-O0", "-std=c89", "-include", "p.h", "-c", "u.c", "-o", "z.o"});
    EXPECT_EQ(found.outcome, "miss");
    EXPECT_EQ(found.ending.error, expected.ending.error);
  }
}

TEST_P(Precompiled, headers_inside_that_are_included_again_are_followed) {
  for (const char* name : {"before", "after"}) make_folder(name);
  edit("p.h", "#include <twice.h>\n#define HAS __has_include(<late.h>)\n#define P 1\n");
  write("after/twice.h", "#pragma once\n#define TWICE 1\n");
  write("u.c",
        "#include <twice.h>\n#if HAS\n#include <late.h>\n#else\n#define LATE 0\n#endif\nint u = TWICE + "
        "LATE;\n");
  const Words folders = {"-Ibefore", "-Iafter"};
  Words make = make_;
  make.insert(make.begin(), folders.begin(), folders.end());
  Words use = {"-Ibefore", "-Iafter", "-include", "p.h", "-c", "u.c", "-o", "u.o"};
  EXPECT_EQ(cached(make).outcome, "miss");
  expect_cached(use);
  edit("before/late.h", "#define LATE 1\n");
  expect_cached(use);
  edit("before/twice.h", "#define TWICE 2\n#undef TWICE\n#define TWICE 2\n");
  expect("miss", use);
  remove("before/twice.h");
  remove("before/late.h");
  expect("hit", use);
  // The same bytes in a folder searched before: `#pragma once` passes them over.
  edit("before/twice.h", read("after/twice.h"));
  const Effect twin = expect("miss", use);
  EXPECT_EQ(twin.ending.exit_code(), 0);
  edit("before/twice.h", "#undef TWICE\n#define TWICE 2\n");
  expect("miss", use);
}

TEST_P(Precompiled, two_at_once_and_one_too_late) {
  write("b.h", "#define B 1\n");
  write("v.c", "int v(void) { return P + B; }\n");
  EXPECT_EQ(cached(make_).outcome, "miss");
  EXPECT_EQ(cached({"-x", "c-header", "b.h", "-o", is_gcc() ? "b.h.gch" : "b.h.pch"}).outcome, "miss");
  const Words use = {"-include", "p.h", "-include", "b.h", "-c", "v.c", "-o", "v.o"};
  expect_cached(use);
  edit("b.h", "#define B 2\n");
  expect("outdated-precompiled-header", use);
  EXPECT_EQ(cached({"-x", "c-header", "b.h", "-o", is_gcc() ? "b.h.gch" : "b.h.pch"}).outcome, "miss");
  expect_cached(use);
}

TEST_P(Precompiled, a_folder_of_them_is_refused) {
  make_folder(made_);
  EXPECT_EQ(cached({"-x", "c-header", "p.h", "-o", made_ + "/one"}).outcome, "miss");
  expect_refused("precompiled-header", use_);
}

TEST_P(Precompiled, one_made_with_another_is_refused) {
  if (is_gcc()) GTEST_SKIP() << "GCC uses none while it makes one";
  EXPECT_EQ(cached(make_).outcome, "miss");
  write("b.h", "#define B P\n");
  expect_refused("precompiled-header", {"-include", "p.h", "-x", "c-header", "b.h", "-o", "b.h.pch"});
  expect_refused("precompiled-header", {"-include-pch", "p.h.pch", "-x", "c-header", "b.h", "-o", "b.h.pch"});
}

TEST_P(Precompiled, clang_takes_one_by_every_way_to_name_it) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no -include-pch";
  EXPECT_EQ(cached(make_).outcome, "miss");
  expect_cached({"-include-pch", "p.h.pch", "-MD", "-c", "u.c", "-o", "u.o"});
  expect_cached({"-include-pch", "p.h.pch", "-MMD", "-c", "u.c", "-o", "u.o"});
  expect_cached({"-include-pch", "p.h.pch", "-c", "u.c", "-o", "u.o"});
  const Words as_cmake = {"-Xclang",  "-include-pch", "-Xclang",   path("p.h.pch"), "-Xclang",
                          "-include", "-Xclang",      path("p.h"), "-MD",           "-c",
                          "u.c",      "-o",           "u.o"};
  expect_cached(as_cmake);
  rename("p.h.pch", "p.h.gch");
  expect("miss", use_);
  expect("hit", use_);
  rename("p.h.gch", "moved.pch");
  expect_cached({"-include-pch", "moved.pch", "-c", "u.c", "-o", "u.o"});
  const Effect gone = cached(as_cmake);
  EXPECT_NE(gone.ending.exit_code(), 0);
  edit("p.h", "#define P 4\n");
  EXPECT_EQ(cached(make_).outcome, "miss");
  expect("miss", as_cmake);
  expect("hit", as_cmake);
}

TEST_P(Precompiled, preprocessed_text_can_name_one) {
  if (!is_gcc()) GTEST_SKIP() << "GCC only";
  EXPECT_EQ(cached(make_).outcome, "miss");
  write("pp.i", "#pragma GCC pch_preprocess \"p.h.gch\"\nint pp;\n");
  expect_refused("precompiled-header", {"-c", "pp.i", "-o", "pp.o"});
}

TEST_P(Precompiled, what_else_is_written_with_one_is_restored) {
  write("c.h", "static int f(int x) { return x; }\n");
  for (const char* option :
       {"--coverage", "-fstack-usage", "-fcallgraph-info", "-fsave-optimization-record"}) {
    if (!is_gcc() && std::string(option) == "-fcallgraph-info") continue;
    SCOPED_TRACE(option);
    expect_cached({option, "-O2", "-x", "c-header", "-c", "c.h", "-o", "c.h.gch"}, {},
                  Compare::all_but_bytes);
    for (const char* left : {"c.h.gch", "c.h.gcno", "c.h.su", "c.h.ci"}) remove(left);
  }
  expect_cached({"-g", "-gsplit-dwarf", "-x", "c-header", "-c", "c.h", "-o", "c.h.gch"}, {},
                Compare::all_but_bytes);
}

TEST_P(Precompiled, a_source_cannot_be_made_into_one) {
  write("empty.c", "int x;\n");
  expect_refused("precompiled-header", {"-c", "empty.c", "-o", "x.h.gch"}, {}, Compare::all_but_bytes);
}

}  // namespace
}  // namespace compiler_cache::situations
