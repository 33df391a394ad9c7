// Commands that make or name precompiled headers.
#include <gtest/gtest.h>

#include "tests/unit/command_lines.h"

namespace compiler_cache {
namespace {

using Reason = UncacheableReason;

TEST(CommandPrecompiled, MakingOneNeedsNoDashC) {
  for (const char* line :
       {"gcc -x c-header p.h -o p.h.gch", "gcc -c p.h -o p.h.gch", "clang -x c-header p.h -o p.pch"}) {
    const Command command = command_of(line);
    EXPECT_TRUE(command.makes_precompiled_header()) << line;
    EXPECT_EQ(command.main_role(), OutputRole::precompiled_header);
  }
  EXPECT_TRUE(refused_for("gcc p.c -o p", Reason::not_a_compile));
  EXPECT_TRUE(refused_for("gcc p.h p.c -o p", Reason::not_a_compile));
  EXPECT_EQ(command_of("gcc -c a.c").main_role(), OutputRole::object);
}

TEST(CommandPrecompiled, NamesAreAsTheCompilersMakeThemUp) {
  EXPECT_EQ(command_of("gcc sub/p.h").output, "sub/p.h.gch");
  EXPECT_EQ(command_of("clang -c sub/p.h").output, "sub/p.h.gch");
  const Command command = command_of("gcc -MD -c sub/p.h");
  EXPECT_EQ(command.depfile, "p.d");
  EXPECT_EQ(joined(command.depfile_targets), "p.o");
  EXPECT_EQ(joined(command_of("gcc -MD -c p.h -o q.x.gch").depfile_targets), "q.x.gch");
  EXPECT_EQ(command_of("gcc -MD -c p.h -o q.x.gch").depfile, "q.x.d");
  EXPECT_EQ(command_of("clang -MD sub/p.h").depfile, "p.d");
}

TEST(CommandPrecompiled, WithoutDashCGccNamesOtherOutputsAsForALink) {
  EXPECT_TRUE(refused_for("gcc -MD sub/p.h", Reason::extra_output_name));
  EXPECT_TRUE(refused_for("gcc --coverage p.h -o p.h.gch", Reason::extra_output_name));
  EXPECT_EQ(verdict("gcc -MD p.h -o p.h.gch"), "cached");
  EXPECT_EQ(verdict("clang --coverage p.h -o p.h.gch"), "cached");
}

TEST(CommandPrecompiled, FewOtherOutputsAreWrittenWithOne) {
  EXPECT_EQ(extra_outputs(command_of("gcc --coverage -fstack-usage -c p.h -o p.h.gch")), "p.h.gcno p.h.su");
  EXPECT_EQ(extra_outputs(command_of("gcc -g -gsplit-dwarf -fsave-optimization-record -c p.h")), "");
  EXPECT_EQ(extra_outputs(command_of("clang --coverage -fstack-usage -g -gsplit-dwarf -c p.h")), "");
  EXPECT_EQ(extra_outputs(command_of("clang --serialize-diagnostics p.dia -c p.h")), "p.dia");
}

TEST(CommandPrecompiled, GccIsAskedForItsHeadersInARunOfItsOwn) {
  // Its result would hold a depfile's names otherwise.
  EXPECT_EQ(command_of("gcc -c p.h").dependencies, DependencySource::scan);
  EXPECT_EQ(command_of("gcc -MD -c p.h").dependencies, DependencySource::user_depfile);
  EXPECT_EQ(command_of("clang -c p.h").dependencies, DependencySource::private_depfile);
}

TEST(CommandPrecompiled, TimesOfHeadersCountForClangUnlessToldNotTo) {
  EXPECT_TRUE(command_of("clang -c p.h").header_times_count);
  EXPECT_FALSE(command_of("clang -Xclang -fno-pch-timestamp -c p.h").header_times_count);
  EXPECT_FALSE(command_of("gcc -c p.h").header_times_count);
  EXPECT_FALSE(command_of("clang -include-pch p.pch -c a.c").header_times_count);
  EXPECT_FALSE(same_key("clang -c p.h", "clang -Xclang -fno-pch-timestamp -c p.h"));
}

TEST(CommandPrecompiled, TheOutputsNameIsInTheKey) {
  EXPECT_FALSE(same_key("gcc -c p.h -o a.gch", "gcc -c p.h -o b.gch"));
  EXPECT_TRUE(same_key("gcc -c p.c -o a.o", "gcc -c p.c -o b.o"));
}

TEST(CommandPrecompiled, AsCMakeWritesItForClang) {
  const Command made = command_of(
      "clang -Winvalid-pch -fpch-instantiate-templates -Xclang -emit-pch -Xclang -include -Xclang "
      "/b/cmake_pch.h "
      "-x c-header -MMD -MF d -o /b/cmake_pch.h.pch -c /b/cmake_pch.h.c");
  ASSERT_EQ(made.forced_includes.size(), 1U);
  EXPECT_EQ(made.forced_includes[0].name, "/b/cmake_pch.h");
  EXPECT_TRUE(made.forced_includes[0].by_frontend);
  EXPECT_TRUE(made.precompiled_headers.empty());
  // A run that only lists headers must not write one.
  EXPECT_EQ(joined(scan_argv(made, "list")).find("-emit-pch"), std::string::npos);
  EXPECT_EQ(joined(scan_argv(made, "list")).find("-Xclang -x"), std::string::npos);

  const Command used = command_of(
      "clang -Xclang -include-pch -Xclang /b/cmake_pch.h.pch -Xclang -include -Xclang /b/cmake_pch.h -c a.c");
  EXPECT_EQ(joined(used.precompiled_headers), "/b/cmake_pch.h.pch");
  ASSERT_EQ(used.forced_includes.size(), 1U);
  EXPECT_EQ(joined(command_of("clang -include-pch x.pch -c a.c").precompiled_headers), "x.pch");
  EXPECT_FALSE(same_key("clang -include-pch x.pch -c a.c", "clang -include-pch y.pch -c a.c"));
  EXPECT_FALSE(same_key("clang -Xclang -include-pch -Xclang x.pch -c a.c",
                        "clang -Xclang -include-pch -Xclang y.pch -c a.c"));
}

TEST(CommandPrecompiled, WhatCannotBeFollowedIsRefused) {
  EXPECT_TRUE(refused_for("gcc -c a.c -o x.h.gch", Reason::precompiled_header));
  EXPECT_TRUE(refused_for("gcc -S p.h -o x.h.gch", Reason::precompiled_header));
  EXPECT_TRUE(refused_for("clang -emit-llvm -c p.h", Reason::precompiled_header));
  EXPECT_TRUE(refused_for("clang -Xclang -emit-pch -c a.c", Reason::precompiled_header));
  EXPECT_TRUE(refused_for("clang -include-pch a.pch -x c-header -c b.h", Reason::precompiled_header));
  EXPECT_TRUE(refused_for("clang -fpch-codegen -c b.h", Reason::precompiled_header));
  EXPECT_TRUE(refused_for("gcc -fpch-deps -MD -c a.c", Reason::precompiled_header));
  EXPECT_TRUE(refused_for("clang -c a.c -Xclang -include-pch", Reason::malformed_option));
  EXPECT_TRUE(refused_for("clang -c a.c -Xclang -include", Reason::malformed_option));
}

}  // namespace
}  // namespace compiler_cache
