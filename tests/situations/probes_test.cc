// What macros ask for with __has_include.
#include "tests/situations/situation.h"

namespace compiler_cache::situations {
namespace {

class Probes : public Situation {
 protected:
  const Words in_two_folders_ = {"-Ione", "-Itwo", "-c", "s.c", "-o", "s.o"};
  const Words plain_ = {"-c", "s.c", "-o", "s.o"};
};
INSTANTIATE_COMPILERS(Probes);

TEST_P(Probes, a_probe_in_a_macro_is_made_from_the_file_that_uses_it) {
  write("macros/m.h", "#define HAS __has_include(\"opt.h\")\n");
  write("s.c", "#include \"macros/m.h\"\n#if HAS\nint there = 1;\n#else\nint there = 2;\n#endif\n");
  expect_cached(plain_);
  write("opt.h", "");
  expect("miss", plain_);
  expect("hit", plain_);
  remove("opt.h");
  expect("hit", plain_);
}

TEST_P(Probes, a_macro_that_hands_its_parameter_to_a_probe) {
  write("two/other.h", "");
  write("macros/m.h", "#define MY_HAS_INCLUDE(x) __has_include(x)\n");
  write("s.c",
        "#include \"macros/m.h\"\nint there = 0\n#if MY_HAS_INCLUDE(<opt.h>)\n+ 1\n#endif\n#if "
        "MY_HAS_INCLUDE(\"own.h\")\n"
        "+ 2\n#endif\n;\n");
  expect_cached(in_two_folders_);
  write("two/opt.h", "");
  expect("miss", in_two_folders_);
  write("own.h", "");
  expect("miss", in_two_folders_);
  remove("two/opt.h");
  expect("miss", in_two_folders_);
  remove("own.h");
  expect("hit", in_two_folders_);
}

TEST_P(Probes, a_probe_in_a_macro_whose_name_is_expanded_is_refused) {
  write("s.c",
        "#define part other\n#define HAS __has_include(<part/opt.h>)\n#if HAS\nint there = 1;\n#else\nint "
        "there = 2;\n"
        "#endif\n");
  expect_refused("computed-probe", in_two_folders_);
  write("one/other/opt.h", "");
  expect_refused("computed-probe", in_two_folders_);
}

TEST_P(Probes, a_macro_of_the_command_that_probes_is_refused) {
  write("s.c", "#if Q\nint q = 1;\n#else\nint q = 0;\n#endif\n");
  const Words words = {"-DQ=__has_include(\"q.h\")", "-c", "s.c", "-o", "s.o"};
  expect_refused("computed-probe", words);
  write("q.h", "");
  expect_refused("computed-probe", words);
}

}  // namespace
}  // namespace compiler_cache::situations
