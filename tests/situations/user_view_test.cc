// What the user sees: diagnostics, colours, statuses.
#include <signal.h>

#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class UserView : public Situation {
 protected:
  const Words plain_ = {"-c", "s.c", "-o", "s.o"};
};
INSTANTIATE_COMPILERS(UserView);

TEST_P(UserView, warnings_are_replayed) {
  write("s.c", "int* p = 5L;\n");
  expect_cached(plain_);
  expect_cached({"-Wall", "-fdiagnostics-color=always", "-c", "s.c", "-o", "s.o"});
}

TEST_P(UserView, a_megabyte_of_warnings_is_replayed) {
  // Few and long ones: GCC's time for diagnostics grows with the square of their number.
  const std::string letters(2000, 'p');
  std::string text;
  for (int i = 0; i < 400; ++i) text += "int* " + letters + std::to_string(i) + " = 5L;\n";
  write("s.c", text);
  const Words words = {"-fmax-errors=0", "-c", "s.c", "-o", "s.o"};
  const Effect found = alone(is_gcc() ? words : plain_);
  EXPECT_GT(found.ending.error.size(), std::size_t{1} << 20);
  remove("s.o");
  expect_cached(is_gcc() ? words : plain_);
}

TEST_P(UserView, binary_diagnostics_are_replayed) {
  write("s.c", std::string("int* p = 5L; // \xff\xfe\x01 ") + '\0' + "\x80 x\n");
  expect_cached(plain_);
}

TEST_P(UserView, output_on_both_streams_is_replayed) {
  write("s.c", "int s;\n");
  write_script("wrapper", "echo to output\necho to error >&2\nprintf 'no end'\nexec " +
                              std::string(GetParam().program) + " \"$@\"\n");
  How how;
  how.compiler = path("wrapper");
  expect_cached(plain_, how);
}

TEST_P(UserView, a_terminal_gets_colours_and_a_pipe_does_not) {
  write("s.c", "int* p = 5L;\n");
  How terminal;
  terminal.terminal = true;
  terminal.environment["TERM"] = "linux";
  const Effect miss = cached(plain_, terminal);
  EXPECT_NE(miss.ending.error.find("\x1b["), std::string::npos);
  const Effect hit = cached(plain_, terminal);
  EXPECT_EQ(hit.outcome, "hit");
  EXPECT_EQ(hit.ending.error, miss.ending.error);
  const Effect piped = cached(plain_);
  EXPECT_EQ(piped.outcome, "miss");
  EXPECT_EQ(piped.ending.error.find('\x1b'), std::string::npos);
  terminal.environment["TERM"] = "dumb";
  EXPECT_EQ(cached(plain_, terminal).ending.error.find('\x1b'), std::string::npos);
}

TEST_P(UserView, colours_of_the_users_choice) {
  if (!is_gcc()) GTEST_SKIP() << "Clang does not read GCC_COLORS";
  write("s.c", "int* p = 5L;\n");
  How how;
  how.terminal = true;
  how.environment = {{"TERM", "linux"}, {"GCC_COLORS", "warning=01;36"}};
  const Effect one = cached(plain_, how);
  EXPECT_NE(one.ending.error.find("\x1b[01;36"), std::string::npos);
  how.environment["GCC_COLORS"] = "warning=01;32";
  const Effect other = cached(plain_, how);
  EXPECT_EQ(other.outcome, "miss");
  EXPECT_NE(other.ending.error.find("\x1b[01;32"), std::string::npos);
}

TEST_P(UserView, a_failed_compile_is_passed_on_and_never_stored) {
  write("s.c", "int s = ;\n");
  expect_refused("miss", plain_);
  write("s.c", "#include \"missing.h\"\n");
  expect_refused("miss", plain_);
  write("missing.h", "int s;\n");
  expect_cached(plain_);
}

TEST_P(UserView, a_killed_compile_is_passed_on_and_never_stored) {
  write("s.c", "int s;\n");
  write_script("wrapper", "case \" $* \" in *\" -c \"*) echo partial > s.o; kill -" +
                              std::to_string(SIGTERM) + " $$;; esac\nexec " +
                              std::string(GetParam().program) + " \"$@\"\n");
  How how;
  how.compiler = path("wrapper");
  for (int i = 0; i < 2; ++i) {
    const Effect found = cached(plain_, how);
    EXPECT_EQ(found.ending.signal(), SIGTERM);
    EXPECT_EQ(found.outcome, "miss");
  }
}

TEST_P(UserView, a_compiler_that_cannot_run_is_said_so) {
  write("s.c", "int s;\n");
  write("text", "no program");
  How how;
  how.compiler = path("missing");
  Effect found = cached(plain_, how);
  EXPECT_EQ(found.ending.exit_code(), 127);
  EXPECT_NE(found.ending.error.find("missing"), std::string::npos);
  how.compiler = path("text");
  found = cached(plain_, how);
  EXPECT_EQ(found.ending.exit_code(), 126);
  EXPECT_NE(found.ending.error.find("text"), std::string::npos);
}

}  // namespace
}  // namespace compiler_cache::situations
