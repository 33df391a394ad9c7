// Which compiler it is, and the environment that it reads.
#include <filesystem>

#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class Compilers : public Situation {
 protected:
  void SetUp() override {
    Situation::SetUp();
    if (!IsSkipped()) write("s.c", "int s;\n");
  }
  std::string call() const { return "exec " + std::string(GetParam().program) + " \"$@\"\n"; }
  const Words plain_ = {"-c", "s.c", "-o", "s.o"};
};
INSTANTIATE_COMPILERS(Compilers);

TEST_P(Compilers, a_wrapper_script_is_cached_until_its_text_changes) {
  How how;
  how.compiler = path("wrapper");
  write_script("wrapper", "set -- -DW=1 \"$@\"\n" + call());
  write("s.c", "int w = W;\n");
  expect_cached(plain_, how);
  write_script("wrapper", "set -- -DW=2 \"$@\"\n" + call());
  expect_cached(plain_, how);
}

TEST_P(Compilers, a_wrapper_script_may_read_any_variable) {
  How how;
  how.compiler = path("wrapper");
  write_script("wrapper", "set -- -DW=$MINE \"$@\"\n" + call());
  write("s.c", "int w = W;\n");
  how.environment["MINE"] = "1";
  expect_cached(plain_, how);
  how.environment["MINE"] = "2";
  expect_cached(plain_, how);
}

TEST_P(Compilers, a_compiler_replaced_in_place_is_another_one) {
  How how;
  how.compiler = path("driver");
  std::filesystem::copy_file(std::filesystem::canonical(GetParam().program), path("driver"));
  // Without the libraries beside it, a copied driver finds only what is named.
  const Effect first = cached(plain_, how);
  if (first.ending.exit_code() != 0) GTEST_SKIP() << "a copied driver does not run: " << first.ending.error;
  write("driver2", read("driver") + "more");
  std::filesystem::permissions(path("driver2"), std::filesystem::perms(0755));
  remove("s.o");
  rename("driver2", "driver");
  expect("miss", plain_, how);
}

TEST_P(Compilers, a_symlinked_compiler_that_points_elsewhere_is_another_one) {
  write_script("one", "set -- -DW=1 \"$@\"\n" + call());
  write_script("two", "set -- -DW=2 \"$@\"\n" + call());
  write("s.c", "int w = W;\n");
  How how;
  how.compiler = path("cc");
  link("one", "cc");
  expect_cached(plain_, how);
  link("two", "cc");
  expect_cached(plain_, how);
}

TEST_P(Compilers, another_assembler_earlier_in_the_path_counts) {
  if (!is_gcc()) GTEST_SKIP() << "Clang has its own assembler";
  How how;
  make_folder("bin");
  how.environment["PATH"] = path("bin") + ":/usr/bin:/bin";
  expect_cached(plain_, how);
  write_script("bin/as", "exec /usr/bin/as --defsym MARK=1 \"$@\"\n");
  expect("miss", plain_, how);
}

TEST_P(Compilers, an_assembler_appears_in_a_folder_that_is_named_for_programs) {
  make_folder("tools");
  Words words = plain_;
  if (!is_gcc()) words.push_back("-fno-integrated-as");
  Words by_option = words;
  by_option.push_back("-B" + path("tools"));
  How by_variable;
  by_variable.environment["COMPILER_PATH"] = path("tools");
  expect_cached(by_option);
  expect_cached(words, by_variable);
  for (const char* mark : {"1", "2"}) {
    SCOPED_TRACE(mark);
    write_script("tools/as", std::string("exec /usr/bin/as --defsym MARK=") + mark + " \"$@\"\n");
    expect("miss", by_option);
    expect("miss", words, by_variable);
  }
}

TEST_P(Compilers, a_cache_as_compiler_is_refused) {
  std::filesystem::create_symlink(GetParam().program, path("ccache"));
  How how;
  how.compiler = path("ccache");
  expect_refused("compiler-is-cache", plain_, how);
}

TEST_P(Compilers, search_folders_of_the_environment_count) {
  write("one/x.h", "#define X 1\n");
  write("two/x.h", "#define X 2\n");
  write("s.c", "#include <x.h>\nint x = X;\n");
  for (const char* name : {"CPATH", "C_INCLUDE_PATH"}) {
    SCOPED_TRACE(name);
    How how;
    how.environment[name] = "one:two";
    expect_cached(plain_, how);
    how.environment[name] = "two:one";
    expect_cached(plain_, how);
    how.environment[name] = "none:two";
    expect_cached(plain_, how);
    write("none/x.h", "#define X 0\n");
    expect("miss", plain_, how);
    remove("none");
  }
}

TEST_P(Compilers, the_date_of_the_sources_is_in_the_key) {
  write("s.c", "const char* date = __DATE__;\n");
  How how;
  how.environment["SOURCE_DATE_EPOCH"] = "86400";
  if (!is_gcc()) return expect_refused("time-macro", plain_, how);
  expect_cached(plain_, how);
  how.environment["SOURCE_DATE_EPOCH"] = "864000000";
  expect_cached(plain_, how);
}

TEST_P(Compilers, variables_that_may_change_messages_are_in_the_key) {
  write("s.c", "int* p = 5L;\n");
  for (const char* name : {"LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "TMPDIR", "TZ"}) {
    SCOPED_TRACE(name);
    How how;
    how.environment[name] = std::string(name) == "TMPDIR" ? folder() : "C.UTF-8";
    expect_cached(plain_, how);
  }
}

TEST_P(Compilers, variables_that_mean_nothing_are_not_in_the_key) {
  expect_cached(plain_);
  How how;
  how.environment["CFLAGS"] = "-O3";
  how.environment["MAKEFLAGS"] = "-j";
  expect("hit", plain_, how);
}

}  // namespace
}  // namespace compiler_cache::situations
