// What a result depends on, and how the user hears of it: depfiles, their names and targets.
#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class Dependencies : public Situation {
 protected:
  void SetUp() override {
    Situation::SetUp();
    if (IsSkipped()) return;
    write("a.c", "#include \"h.h\"\n#include <stddef.h>\nsize_t f(void) { return H; }\n");
    write("h.h", "#define H 1\n");
  }
};
INSTANTIATE_COMPILERS(Dependencies);

TEST_P(Dependencies, a_depfile_without_a_name_is_named_after_the_object) {
  make_folder("out");
  write("out/x/keep", "");
  for (const char* object :
       {"a.o", "out/a", "out/a.foo.bar", "out/.foo", "out/x/a.c.o", "./b.o", "out/a.b/c"}) {
    SCOPED_TRACE(object);
    make_folder("out/a.b");
    expect("miss", {"-MD", "-c", "a.c", "-o", object, std::string("-DN=") + std::to_string(object[0])});
    write("a.c", read("a.c") + "\n");
  }
}

TEST_P(Dependencies, a_depfile_without_object_name_is_named_after_the_source) {
  write("sub/b.x.c", "int b;\n");
  expect_cached({"-MD", "-c", "sub/b.x.c"});
  expect_cached({"-MMD", "-c", "sub/b.x.c"});
}

TEST_P(Dependencies, the_last_name_of_a_depfile_wins_and_is_not_in_the_key) {
  expect_cached({"-MD", "-MF", "one.d", "-MFtwo.d", "-c", "a.c", "-o", "a.o"});
  expect("hit", {"-MD", "-MF", "three.d", "-c", "a.c", "-o", "a.o"});
  expect("hit", {"-MD", "-MF=four.d", "-c", "a.c", "-o", "a.o"});
  expect("hit", {"-MD", "-c", "a.c", "-o", "a.o"});
}

TEST_P(Dependencies, a_depfile_to_the_null_device_is_not_written) {
  expect_cached({"-MD", "-MF", "/dev/null", "-c", "a.c", "-o", "a.o"});
  write("h.h", "#define H 2\n");
  expect_cached({"-MD", "-MF", "/dev/null", "-c", "a.c", "-o", "a.o"});
}

TEST_P(Dependencies, a_depfile_in_a_missing_folder_is_the_compilers_own_error) {
  expect_cached({"-MD", "-MF", "a.d", "-c", "a.c", "-o", "a.o"});
  const Effect failed = alone({"-MD", "-MF", "no/a.d", "-c", "a.c", "-o", "b.o"});
  remove("b.o");
  const Effect found = cached({"-MD", "-MF", "no/a.d", "-c", "a.c", "-o", "b.o"});
  EXPECT_EQ(failed.ending.status, found.ending.status);
  EXPECT_EQ(failed.ending.error, found.ending.error);
  EXPECT_EQ(difference(failed.files, found.files, true), "");
}

TEST_P(Dependencies, a_hit_has_the_targets_of_its_own_command) {
  const Words base = {"-MD", "-MF", "a.d", "-c", "a.c", "-o", "a.o"};
  expect_cached(base);
  const std::string longer(90, 'n');
  for (const Words& targets :
       {Words{"-MT", "x"}, Words{"-MTx", "-MT", "y"}, Words{"-MQ", "a$b c#d"}, Words{"-MT", "a$b c#d"},
        Words{"-MQ", "p", "-MT", "q"}, Words{"-MT", longer}, Words{"-MQ", "a:b%c\\d e\\"},
        Words{"-MT", "a.o b.o"}, Words{"-MT", ""}, Words{"-MQ", "\xc3\xa9t\xc3\xa9.o"}}) {
    Words words = base;
    words.insert(words.begin(), targets.begin(), targets.end());
    SCOPED_TRACE(targets.back());
    expect("hit", words);
  }
}

TEST_P(Dependencies, another_object_name_is_a_hit_with_its_own_target) {
  expect_cached({"-MD", "-MF", "a.d", "-c", "a.c", "-o", "a.o"});
  make_folder("out");
  for (const std::string object :
       {"b.o", "out/b c.o", "out/$b.o", "out/b#.o", "./c.o", "out/../d.o",
        "out/a_rather_long_name_of_an_object_file_so_that_lines_wrap_elsewhere_than_they_did.o"}) {
    SCOPED_TRACE(object);
    expect("hit", {"-MD", "-MF", "a.d", "-c", "a.c", "-o", object});
    expect("hit", {"-MD", "-MF", "a.d", "-c", "a.c", "-o", path(object)});
  }
}

TEST_P(Dependencies, phony_targets_are_part_of_the_depfile) {
  expect_cached({"-MD", "-MP", "-c", "a.c", "-o", "a.o"});
  expect_cached({"-MD", "-c", "a.c", "-o", "a.o"});
  expect_cached({"-MMD", "-Wp,-MP", "-c", "a.c", "-o", "a.o"});
}

TEST_P(Dependencies, the_preprocessors_own_depfile_options_are_cached) {
  expect_cached({"-Wp,-MD,a.d", "-c", "a.c", "-o", "a.o"});
  expect("hit", {"-Wp,-MD,b.d", "-c", "a.c", "-o", "b.o"});
  expect_cached({"-Wp,-MMD,a.d", "-c", "a.c", "-o", "a.o"});
}

TEST_P(Dependencies, the_preprocessors_depfile_beside_another_is_refused) {
  expect_refused("wp-with-mf", {"-Wp,-MD,a.d", "-MD", "-MF", "b.d", "-c", "a.c", "-o", "a.o"});
}

TEST_P(Dependencies, other_options_for_the_preprocessor_are_in_the_key) {
  expect_cached({"-Wp,-DN=1,-DM", "-c", "a.c", "-o", "a.o"});
  expect_cached({"-Wp,-DN=2,-DM", "-c", "a.c", "-o", "a.o"});
  expect_cached({"-Xpreprocessor", "-DN=3", "-c", "a.c", "-o", "a.o"});
}

TEST_P(Dependencies, commands_that_only_list_dependencies_are_refused) {
  expect_refused("dependency-only", {"-M", "a.c"});
  expect_refused("dependency-only", {"-MM", "a.c"});
  expect_refused("dependency-only", {"-M", "-MF", "a.d", "-c", "a.c"});
}

TEST_P(Dependencies, depfile_options_without_a_depfile_are_refused) {
  expect_refused("dependency-options-alone", {"-MF", "a.d", "-c", "a.c"});
  expect_refused("dependency-options-alone", {"-MT", "a", "-c", "a.c"});
  expect_refused("dependency-options-alone", {"-MP", "-c", "a.c"});
}

TEST_P(Dependencies, the_compilation_database_of_clang_is_refused) {
  if (is_gcc()) GTEST_SKIP() << "GCC has no -MJ";
  expect_refused("writes-extra-file", {"-MJ", "a.json", "-c", "a.c", "-o", "a.o"});
}

TEST_P(Dependencies, a_system_header_counts_even_when_the_depfile_leaves_it_out) {
  write("sys/s.h", "#define S 1\n");
  write("b.c", "#include <s.h>\nint s = S;\n");
  const Words words = {"-isystem", "sys", "-MMD", "-MF", "b.d", "-c", "b.c", "-o", "b.o"};
  expect_cached(words);
  write("sys/s.h", "#define S 2\n");
  expect_cached(words);
  write("sys/s.h", "#define S 1\n");
  expect("hit", words);
}

TEST_P(Dependencies, headers_count_without_any_depfile_and_no_private_one_is_seen) {
  const Words words = {"-c", "a.c", "-o", "a.o"};
  expect_cached(words);
  write("h.h", "#define H 2\n");
  expect_cached(words);
}

TEST_P(Dependencies, an_old_depfile_beside_an_assembler_source_means_nothing) {
  write("x.s", ".globl g\ng:\n  nop\n");
  write("x.d", "x.o: no/such/file.h\n");
  write("other.d", "x.o: no/such/file.h\n");
  expect_cached({"-MD", "-c", "x.s", "-o", "x.o"});
  expect_cached({"-MD", "-MF", "other.d", "-c", "x.s", "-o", "x.o"});
  EXPECT_EQ(read("x.d"), "x.o: no/such/file.h\n");
}

TEST_P(Dependencies, an_old_depfile_beside_intermediate_code_means_nothing) {
  if (is_gcc()) GTEST_SKIP() << "GCC reads no LLVM code";
  alone({"-S", "-emit-llvm", "a.c", "-o", "a.ll"});
  write("x.d", "x.o: no/such/file.h\n");
  expect_cached({"-MD", "-MF", "x.d", "-c", "a.ll", "-o", "x.o"});
}

TEST_P(Dependencies, preprocessed_source_has_a_depfile_only_where_the_compiler_writes_one) {
  write("p.i", "int p;\n");
  expect_cached({"-MD", "-MF", "p.d", "-c", "p.i", "-o", "p.o"});
  expect_cached({"-c", "p.i", "-o", "p.o"});
}

TEST_P(Dependencies, names_with_special_letters_are_read_and_written_as_the_compiler_does) {
  write("dir $x/h #1.h", "#define N 1\n");
  write("h%y.h", "#define M 1\n");
  write("\xc3\xbc.h", "#define U 1\n");
  write("s a$.c",
        "#include \"dir $x/h #1.h\"\n#include \"h%y.h\"\n#include \"\xc3\xbc.h\"\nint n = N + M + U;\n");
  const Words words = {"-MD", "-MP", "-MF", "d $.d", "-c", "s a$.c", "-o", "o #1.o"};
  expect_cached(words);
  write("dir $x/h #1.h", "#define N 2\n");
  expect_cached(words);
}

TEST_P(Dependencies, names_with_a_colon) {
  write("h:c.h", "#define M 1\n");
  write("s.c", "#include \"h:c.h\"\nint n = M;\n");
  const Words words = {"-MD", "-c", "s.c", "-o", "s.o"};
  expect_cached(words);
  write("h:c.h", "#define M 2\n");
  expect_cached(words);
}

// Clang writes a slash for a backslash, and so names a file that is not there.
TEST_P(Dependencies, a_name_with_a_backslash_is_cached_where_the_depfile_tells_it) {
  write("h\\b.h", "#define N 1\n");
  write("s.c", "#include \"h\\b.h\"\nint n = N;\n");
  const Words words = {"-MD", "-c", "s.c", "-o", "s.o"};
  expect("miss", words);
  expect(is_gcc() ? "hit" : "miss", words);
  write("h\\b.h", "#define N 2\n");
  expect("miss", words);
}

TEST_P(Dependencies, environment_that_makes_the_compiler_write_dependencies_is_refused) {
  for (const char* name : {"DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES"}) {
    SCOPED_TRACE(name);
    How how;
    how.environment[name] = "env.d";
    expect_refused("dependency-environment", {"-c", "a.c", "-o", "a.o"}, how);
  }
}

}  // namespace
}  // namespace compiler_cache::situations
