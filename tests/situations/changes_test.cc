// The cache is right when files change behind it: each change that makes the compiler see something else is a
// miss, and each way back is a hit.
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

namespace fs = std::filesystem;

class Changes : public Situation {
 protected:
  /// x.h comes by -I two; one is searched before it.
  void write_two_folders() const {
    make_folder("one");
    write("two/x.h", "#define X 2\n");
    write("s.c", "#include <x.h>\nint x = X;\n");
  }
  const Words in_two_folders_ = {"-Ione", "-Itwo", "-c", "s.c", "-o", "s.o"};
  const Words plain_ = {"-c", "s.c", "-o", "s.o"};
};
INSTANTIATE_COMPILERS(Changes);

TEST_P(Changes, an_edited_header_is_a_miss_and_its_old_text_a_hit_again) {
  write("h.h", "#define H 1\n");
  write("s.c", "#include \"h.h\"\nint h = H;\n");
  expect_cached(plain_);
  write("h.h", "#define H 2\n");
  expect_cached(plain_);
  write("h.h", "#define H 1\n");
  expect("hit", plain_);
}

TEST_P(Changes, a_header_that_appears_in_an_earlier_folder_is_a_miss) {
  write_two_folders();
  expect_cached(in_two_folders_);
  write("one/x.h", "#define X 1\n");
  expect_cached(in_two_folders_);
  remove("one/x.h");
  expect("hit", in_two_folders_);
}

TEST_P(Changes, a_header_appears_that_a_computed_include_finds) {
  make_folder("one");
  write("two/b.h", "#include \"x.h\"\n");
  write("two/x.h", "#ifndef X\n#define X 1\n#endif\n");
  write("s.c", "#include <b.h>\n#define LEAD <x.h>\n#include LEAD\nint x = X;\n");
  expect_cached(in_two_folders_);
  write("one/x.h", "#undef X\n#define X 2\n");
  expect("miss", in_two_folders_);
  expect("hit", in_two_folders_);
}

TEST_P(Changes, a_search_folder_that_appears_is_a_miss_if_it_holds_the_header) {
  write_two_folders();
  remove("one");
  expect_cached(in_two_folders_);
  write("one/x.h", "#define X 1\n");
  expect("miss", in_two_folders_);
}

TEST_P(Changes, a_file_in_the_place_of_an_earlier_folder_does_not_matter) {
  write("one/d", "no folder\n");
  write("two/d/x.h", "#define X 2\n");
  write("s.c", "#include <d/x.h>\n#if __has_include(<d/x.h/y.h>)\n#error\n#endif\nint x = X;\n");
  expect_cached(in_two_folders_);
  remove("one/d");
  expect("hit", in_two_folders_);
  write("one/d/x.h", "#define X 1\n");
  expect_cached(in_two_folders_);
}

TEST_P(Changes, the_answer_of_has_include_changes) {
  write("s.c", "#if __has_include(\"q/q.h\")\nint q = 1;\n#else\nint q = 0;\n#endif\n");
  expect_cached(plain_);
  write("q/q.h", "");
  expect_cached(plain_);
  remove("q");
  expect("hit", plain_);
}

TEST_P(Changes, a_macro_of_the_command_that_asks_for_the_time_is_refused) {
  write("s.c", "const char* when = WHEN;\n");
  expect_refused("time-macro", {"-DWHEN=__DATE__", "-c", "s.c", "-o", "s.o"});
  expect_refused("time-macro", {"-D", "WHEN=__TIMESTAMP__", "-c", "s.c", "-o", "s.o"});
}

TEST_P(Changes, a_command_that_replaces_the_time_macros_is_cached) {
  write("s.c", "int when;\n");
  expect_cached({"-Wno-builtin-macro-redefined", "-D__DATE__=\"redacted\"", "-c", "s.c", "-o", "s.o"});
}

TEST_P(Changes, sources_that_ask_for_the_time_are_refused) {
  write("s.c", "const char* when = __DATE__;\n");
  expect_refused("time-macro", plain_);
  write("s.c", "const char* when = __TIMESTAMP__;\n");
  expect_refused("time-macro", plain_);
}

// Made by hand; precompiled_test.cc has those that are made through the cache.
TEST_P(Changes, a_precompiled_header_appears_beside_an_included_one) {
  write("h.h", "#define H 1\n");
  write("s.c", "#include \"h.h\"\nint h = H;\n");
  write("other.h", "#define H 7\n");
  expect_cached(plain_);
  const char* outcome = is_gcc() ? "unknown-precompiled-header" : "hit";  // Clang does not look for it
  alone({"-x", "c-header", "other.h", "-o", "h.h.gch"});
  expect(outcome, plain_);
  write("other.h", "#define H 8\n");
  alone({"-x", "c-header", "other.h", "-o", "h.h.gch"});
  expect(outcome, plain_);
  remove("h.h.gch");
  expect("hit", plain_);
  make_folder("h.h.gch");
  alone({"-x", "c-header", "other.h", "-o", "h.h.gch/any"});
  expect(is_gcc() ? "precompiled-header" : "hit", plain_);
}

// GCC's depfile then names neither the header nor its precompiled twin.
TEST_P(Changes, a_precompiled_header_that_is_rebuilt_was_there_from_the_start) {
  write("h.h", "#define H 1\n");
  alone({"-x", "c-header", "h.h", "-o", "h.h.gch"});
  write("by_name.c", "#include \"h.h\"\nint h = H;\n");
  write("by_path.c", "#include \"" + path("h.h") + "\"\nint h = H;\n");
  write("by_macro.c", "#define NAME \"h.h\"\n#include NAME\nint h = H;\n");
  write("forced.c", "int h = H;\n");
  const std::vector<Words> includes = {
      {"-c", "by_name.c", "-o", "s.o"}, {"-c", "by_path.c", "-o", "s.o"}, {"-c", "by_macro.c", "-o", "s.o"}};
  const std::vector<Words> forced = {{"-include", "h.h", "-c", "forced.c", "-o", "s.o"},
                                     {"-include", path("h.h"), "-c", "forced.c", "-o", "s.o"}};
  for (const char* value : {"1", "2"}) {
    write("h.h", std::string("#define H ") + value + "\n");
    alone({"-x", "c-header", "h.h", "-o", "h.h.gch"});
    for (const Words& words : forced) expect_refused("unknown-precompiled-header", words);
    for (const Words& words : includes) {
      if (!is_gcc())
        expect_cached(words);
      else
        expect_refused(words[1] == "by_macro.c" ? "precompiled-header" : "unknown-precompiled-header", words);
    }
  }
}

TEST_P(Changes, a_precompiled_header_appears_where_no_header_is) {
  write_two_folders();
  expect_cached(in_two_folders_);
  write("other.h", "#define X 7\n");
  alone({"-x", "c-header", "other.h", "-o", "one/x.h.gch"});
  const Effect expected = alone(in_two_folders_);
  const Effect found = cached(in_two_folders_);
  EXPECT_NE(found.outcome, is_gcc() ? "hit" : "none");
  EXPECT_EQ(difference(expected.files, found.files, true), "");
}

TEST_P(Changes, a_header_that_is_gone_and_no_longer_included) {
  write("h.h", "#define H 1\n");
  write("s.c", "#include \"h.h\"\nint h = H;\n");
  const Words words = {"-MD", "-c", "s.c", "-o", "s.o"};
  expect_cached(words);
  remove("h.h");
  write("s.c", "int h = 1;\n");
  expect_cached(words);
  EXPECT_EQ(read("s.d").find("h.h"), std::string::npos);
}

TEST_P(Changes, a_header_replaced_by_a_folder) {
  write("one/x.h", "#define X 1\n");
  write("two/x.h", "#define X 2\n");
  write("s.c", "#include <x.h>\nint x = X;\n");
  expect_cached(in_two_folders_);
  remove("one/x.h");
  make_folder("one/x.h");
  expect_cached(in_two_folders_);
  remove("one/x.h");
  write("one/x.h", "#define X 3\n");
  expect("miss", in_two_folders_);
}

TEST_P(Changes, a_header_that_moves_to_an_earlier_folder_is_named_where_it_is) {
  write_two_folders();
  Words words = {"-MD"};
  words.insert(words.end(), in_two_folders_.begin(), in_two_folders_.end());
  expect_cached(words);
  rename("two/x.h", "one/x.h");
  expect_cached(words);
  EXPECT_NE(read("s.d").find("one/x.h"), std::string::npos);
  rename("one/x.h", "two/x.h");
  expect("hit", words);
  EXPECT_EQ(read("s.d").find("one/x.h"), std::string::npos);
}

TEST_P(Changes, a_header_whose_name_changes_in_case_only) {
  write("h.h", "#define H 1\n");
  write("s.c", "#include \"h.h\"\nint h = H;\n");
  expect_cached(plain_);
  rename("h.h", "H.h");
  const Effect expected = alone(plain_);
  const Effect found = cached(plain_);
  EXPECT_NE(found.outcome, "hit");
  EXPECT_EQ(expected.ending.status, found.ending.status);
  EXPECT_EQ(expected.ending.error, found.ending.error);
  write("s.c", "#include \"H.h\"\nint h = H;\n");
  expect_cached(plain_);
}

TEST_P(Changes, one_file_in_relative_and_absolute_spelling) {
  write("inc/h.h", "#define H 1\n");
  write("s.c", "#include <h.h>\nconst char* name = __FILE__;\nint h = H;\n");
  for (const char* text : {"#define H 1\n", "#define H 2\n"}) {
    write("inc/h.h", text);
    for (const std::string& source : {std::string("s.c"), path("s.c"), std::string("./inc/../s.c")}) {
      expect_cached({"-Iinc", "-c", source, "-o", "s.o"});
      expect_cached({"-I" + path("inc"), "-c", source, "-o", "s.o"});
    }
  }
}

TEST_P(Changes, a_symlinked_header_that_points_elsewhere) {
  write("a.h", "#define H 1\n");
  write("b.h", "#define H 2\n");
  link("a.h", "h.h");
  write("s.c", "#include \"h.h\"\nint h = H;\n");
  expect_cached(plain_);
  link("b.h", "h.h");
  expect_cached(plain_);
  link("a.h", "h.h");
  expect("hit", plain_);
}

TEST_P(Changes, a_symlinked_folder_that_points_elsewhere) {
  write("v1/x.h", "#define X 1\n");
  write("v2/x.h", "#define X 2\n");
  link("v1", "one");
  write("s.c", "#include <x.h>\nint x = X;\n");
  expect_cached({"-Ione", "-c", "s.c", "-o", "s.o"});
  link("v2", "one");
  expect("miss", {"-Ione", "-c", "s.c", "-o", "s.o"});
}

TEST_P(Changes, a_link_to_nowhere_in_an_earlier_folder_or_in_its_place) {
  write_two_folders();
  remove("one");
  link("nowhere", "one");
  make_folder("first");
  link("../nowhere/x.h", "first/x.h");
  const std::vector<std::string> command{"-Ifirst", "-Ione", "-Itwo", "-c", "s.c", "-o", "s.o"};
  expect_cached(command);
  write("nowhere/y.h", "");
  expect_cached(command);
  write("nowhere/x.h", "#define X 3\n");
  expect("miss", command);
  remove("nowhere");
  expect("hit", command);
}

// GCC's depfile has the shorter name.
TEST_P(Changes, a_system_header_behind_a_link_with_a_longer_name) {
  write("1.h", "#define X 1\n");
  write("2.h", "#define X 2\n");
  make_folder("some/rather/long/folder");
  link(path("1.h"), "some/rather/long/folder/x.h");
  write("s.c", "#include <x.h>\nint x = X;\n");
  const Words words = {"-isystem", path("some/rather/long/folder"), "-MD", "-c", "s.c", "-o", "s.o"};
  expect_cached(words);
  link(path("2.h"), "some/rather/long/folder/x.h");
  expect("miss", words);
}

TEST_P(Changes, a_twin_of_a_header_with_pragma_once_is_edited) {
  write("one/x.h", "#pragma once\nint one;\n");
  make_folder("two");
  fs::copy_file(path("one/x.h"), path("two/x.h"));
  fs::last_write_time(path("two/x.h"), fs::last_write_time(path("one/x.h")));
  write("s.c", "#include \"one/x.h\"\n#include \"two/x.h\"\n");
  // GCC passes over the second one, and whether it does hangs on the time of both.
  if (is_gcc()) return expect_refused("depfile-unreadable", plain_);
  expect("miss", plain_);
  write("two/x.h", "#pragma once\nint two;\n");
  expect("miss", plain_);
}

TEST_P(Changes, a_file_that_a_warning_quotes_is_edited) {
  write("g.y", "first text\n");
  write("s.c", "#line 1 \"g.y\"\nint f(void) { int unused; return 1; }\n");
  const Words words{"-Wall", "-c", "s.c", "-o", "s.o"};
  expect_cached(words);
  write("g.y", "other text\n");
  expect("miss", words);
  remove("g.y");
  expect("miss", words);
}

TEST_P(Changes, a_linked_twin_of_a_header_with_pragma_once_becomes_a_file_of_its_own) {
  write("one/x.h", "#pragma once\nint one;\n");
  make_folder("two");
  link("../one/x.h", "two/x.h");
  write("s.c", "#include \"one/x.h\"\n#include \"two/x.h\"\n");
  expect_cached(plain_);
  remove("two/x.h");
  write("two/x.h", "#pragma once\nint two;\n");
  expect("miss", plain_);
}

TEST_P(Changes, a_search_folder_that_is_a_link_to_another_one_is_not_kept) {
  write("a/other.h", "");
  write("c/x.h", "#define X 1\n");
  write("d/x.h", "#define X 2\n");
  link("a", "b");
  write("s.c", "#include <x.h>\nint x = X;\n");
  const Words words = {"-Ia", "-Ib", "-Ic", "-c", "s.c", "-o", "s.o"};
  expect_refused("depfile-unreadable", words);
  link("d", "b");
  expect("miss", words);
}

TEST_P(Changes, a_search_folder_given_twice_is_cached) {
  write("a/x.h", "#define X 1\n");
  write("s.c", "#include <x.h>\nint x = X;\n");
  expect_cached({"-Ia", "-Ia/", "-I./a", "-I" + path("a"), "-c", "s.c", "-o", "s.o"});
}

TEST_P(Changes, a_file_among_the_search_folders_becomes_one) {
  write("one", "no folder");
  write("two/x.h", "#define X 2\n");
  write("s.c", "#include <x.h>\nint x = X;\n");
  cached(in_two_folders_);
  remove("one");
  write("one/x.h", "#define X 1\n");
  expect("miss", in_two_folders_);
}

TEST_P(Changes, the_same_source_in_two_folders_finds_two_headers) {
  for (const char* folder : {"one", "two"}) {
    write(std::string(folder) + "/s.c", "#include \"h.h\"\nconst char* f = __FILE__; int h = H;\n");
    write(std::string(folder) + "/h.h", std::string("#define H ") + (folder[0] == 'o' ? "1\n" : "2\n"));
  }
  expect_cached({"-c", "one/s.c", "-o", "s.o"});
  expect_cached({"-c", "two/s.c", "-o", "s.o"});
  How inside;
  inside.cwd = "one";
  expect_cached({"-c", "s.c", "-o", "s.o"}, inside);
  inside.cwd = "two";
  expect_cached({"-c", "s.c", "-o", "s.o"}, inside);
}

TEST_P(Changes, a_hard_linked_twin_of_a_header_is_edited_in_place) {
  write("h.h", "#define H 1\n");
  make_folder("elsewhere");
  fs::create_hard_link(path("h.h"), path("elsewhere/twin.h"));
  write("s.c", "#include \"h.h\"\nint h = H;\n");
  expect_cached(plain_);
  write("elsewhere/twin.h", "#define H 2\n");
  expect("miss", plain_);
}

TEST_P(Changes, other_bytes_with_the_same_size_and_time_are_seen) {
  write("h.h", "#define H 1\n");
  write("s.c", "#include \"h.h\"\nint h = H;\n");
  expect_cached(plain_);
  const auto time = fs::last_write_time(path("h.h"));
  write("h.h", "#define H 2\n");
  fs::last_write_time(path("h.h"), time);
  expect("miss", plain_);
}

TEST_P(Changes, another_time_with_the_same_bytes_is_a_hit) {
  write("h.h", "#define H 1\n");
  write("s.c", "#include \"h.h\"\nint h = H;\n");
  expect_cached(plain_);
  fs::last_write_time(path("h.h"), fs::file_time_type::clock::now() + std::chrono::hours(48));
  expect("hit", plain_);
}

TEST_P(Changes, files_dated_in_the_future_and_the_past) {
  const auto now = fs::file_time_type::clock::now();
  const auto header = [&](const char* text, int years) {
    write("h.h", text);
    fs::last_write_time(path("h.h"), now + std::chrono::hours(years * 365 * 24));
  };
  write("s.c", "#include \"h.h\"\nint h = H;\n");
  header("#define H 1\n", 10);
  fs::last_write_time(path("s.c"), now + std::chrono::hours(24));
  expect_cached(plain_);
  header("#define H 2\n", 10);
  expect("miss", plain_);
  expect("hit", plain_);
  header("#define H 1\n", -40);
  expect("hit", plain_);
}

TEST_P(Changes, a_folder_moved_away_and_back) {
  write("one/x.h", "#define X 1\n");
  write("two/x.h", "#define X 2\n");
  write("s.c", "#include <x.h>\nint x = X;\n");
  expect_cached(in_two_folders_);
  rename("one", "away");
  expect("miss", in_two_folders_);
  rename("away", "one");
  expect("hit", in_two_folders_);
}

TEST_P(Changes, a_folder_far_above_is_swapped) {
  write("g/deep/inc/x.h", "#define X 1\n");
  write("g2/deep/inc/x.h", "#define X 2\n");
  write("s.c", "#include <x.h>\nint x = X;\n");
  const Words words = {"-Ig/deep/inc", "-c", "s.c", "-o", "s.o"};
  expect_cached(words);
  rename("g", "g1");
  rename("g2", "g");
  expect("miss", words);
}

TEST_P(Changes, include_next_finds_a_nearer_header) {
  write("one/x.h", "#include_next <x.h>\n");
  make_folder("two");
  write("three/x.h", "#define X 3\n");
  write("s.c", "#include <x.h>\nint x = X;\n");
  const Words words = {"-Ione", "-Itwo", "-Ithree", "-c", "s.c", "-o", "s.o"};
  expect_cached(words);
  write("two/x.h", "#define X 2\n");
  expect("miss", words);
}

TEST_P(Changes, forced_includes_are_looked_for_in_the_working_folder_first) {
  for (const char* option : {"-include", "-imacros"}) {
    SCOPED_TRACE(option);
    write_two_folders();
    write("s.c", "int x = X;\n");
    const Words words = {"-Ione", "-Itwo", option, "x.h", "-c", "s.c", "-o", "s.o"};
    expect_cached(words);
    write("one/x.h", "#define X 1\n");
    expect("miss", words);
    write("x.h", "#define X 0\n");
    expect("miss", words);
    remove("x.h");
    remove("one/x.h");
  }
}

TEST_P(Changes, includes_in_unusual_spellings_are_seen) {
  make_folder("one");
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
    write(std::string("two/") + name + ".h", std::string("#define ") + name + " 1\n");
  }
  write("s.c",
        "%:include <a.h>\n?\?=include <b.h>\n#inc\\\nlude <c.h>\n/**/ # /* */ include /* */ <d.h>\n"
        "#define Q <e.h>\n#include Q\n#define NAME(x) <x.h>\n#include NAME(f)\nint x[] = {a, b, c, d, e, "
        "f};\n");
  const Words words = {"-trigraphs", "-Ione", "-Itwo", "-c", "s.c", "-o", "s.o"};
  expect_cached(words);
  for (const std::string name : {"a", "b", "c", "d", "e", "f"}) {
    SCOPED_TRACE(name);
    write("one/" + name + ".h", "#define " + name + " 7\n");
    expect("miss", words);
    remove("one/" + name + ".h");
    expect("hit", words);
  }
}

TEST_P(Changes, files_read_by_the_assembler_are_not_overlooked) {
  write("b.bin", "1");
  write("s.c", "__asm__(\".inc\" \"bin \\\"b.bin\\\"\");\n");
  expect_refused("incbin", plain_);
  write("b.bin", "2");
  expect_refused("incbin", plain_);
  write("s.c", "__asm__(\".include \\\"b.inc\\\"\");\n");
  write("b.inc", "nop\n");
  expect_refused("asm-include", plain_);
}

TEST_P(Changes, a_source_edited_while_it_compiles_is_not_kept) {
  write("s.c", "int s = 1;\n");
  for (const char* when : {"before", "after"}) {
    SCOPED_TRACE(when);
    const std::string edit = "case \" $* \" in *\" -c \"*) echo 'int s = 2;' > s.c;; esac\n";
    const std::string compile = std::string(GetParam().program) + " \"$@\"\n";
    write_script("wrapper", when[0] == 'b' ? edit + "exec " + compile
                                           : compile + "status=$?\n" + edit + "exit $status\n");
    How how;
    how.compiler = path("wrapper");
    write("s.c", "int s = 1;\n");
    EXPECT_EQ(cached(plain_, how).outcome, "miss");
    write("s.c", "int s = 1;\n");
    EXPECT_EQ(cached(plain_, how).outcome, "miss");
    const Effect left = cached(plain_);
    remove("s.o");
    const Effect expected = alone(plain_);
    EXPECT_EQ(difference(expected.files, left.files, true), "");
  }
}

}  // namespace
}  // namespace compiler_cache::situations
