#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "helper/command.h"
#include "tests/unit/command_lines.h"

namespace compiler_cache {
namespace {

using Reason = UncacheableReason;

// ---- Outputs ----

TEST(CommandOutputsTest, OutputIsTakenInEverySpelling) {
  EXPECT_EQ(command_of("gcc -c a.c -o x/a.o").output, "x/a.o");
  EXPECT_EQ(command_of("gcc -c a.c -ox/a.o").output, "x/a.o");
  EXPECT_EQ(command_of("gcc -c a.c --output=x/a.o").output, "x/a.o");
  EXPECT_EQ(command_of("gcc -c a.c --output x/a.o").output, "x/a.o");
  EXPECT_TRUE(refused_for("gcc -c a.c -o x.o -o y.o", Reason::several_outputs));
}

TEST(CommandOutputsTest, OutputIsDerivedFromTheSource) {
  EXPECT_EQ(command_of("gcc -c ../src/a.b.c").output, "a.b.o");
  EXPECT_EQ(command_of("gcc -S ../src/a.c").output, "a.s");
  EXPECT_EQ(command_of("gcc -x c -c src.d/plain").output, "plain.o");
  EXPECT_EQ(command_of("clang -c -emit-llvm a.c").output, "a.bc");
  EXPECT_EQ(command_of("clang -S -emit-llvm a.c").output, "a.ll");
  EXPECT_FALSE(command_of("gcc -c a.c").output_given);
}

TEST(CommandOutputsTest, OutputsThatAreNoFilesAreRefused) {
  EXPECT_TRUE(refused_for("clang -c a.c -o -", Reason::output_to_stdout));
  EXPECT_TRUE(refused_for("gcc -c a.c -o /dev/null", Reason::output_not_regular));
  EXPECT_TRUE(refused_for("gcc -c a.c -o folder/", Reason::output_not_regular));
  EXPECT_TRUE(refused_for("gcc -c a.c -MD -MF -", Reason::output_to_stdout));
  EXPECT_TRUE(refused_for("gcc -c a.c -MD -MF /dev/stderr", Reason::output_not_regular));
  EXPECT_TRUE(refused_for("gcc -c a.c -o a.c", Reason::output_collision));
  EXPECT_TRUE(refused_for("gcc -c a.c -o a.o -MD -MF a.o", Reason::output_collision));
  EXPECT_TRUE(refused_for("gcc -c a.c -o a.d -MD", Reason::output_collision));
}

TEST(CommandOutputsTest, OutputNameIsNotInTheKey) {
  EXPECT_TRUE(same_key("gcc -c a.c -o x.o", "gcc -c a.c -o y.o"));
  EXPECT_TRUE(same_key("gcc -c a.c -MD -MF x.d -MT x", "gcc -c a.c -MD -MF y.d -MQ y"));
  EXPECT_FALSE(same_key("gcc -c a.c -o x.o", "gcc -c a.c -o x.o -MD"));
  EXPECT_FALSE(same_key("gcc -c a.c -MD", "gcc -c a.c -MMD"));
  EXPECT_FALSE(same_key("gcc -c a.c -MD", "gcc -c a.c -MD -MP"));
  EXPECT_FALSE(same_key("gcc -c a.c -MD -MF x", "gcc -c a.c -MD -MF /dev/null"));
}

// ---- Depfiles ----

TEST(CommandOutputsTest, DepfileIsNamedAfterTheObject) {
  EXPECT_EQ(command_of("gcc -c a.c -MD -o x/foo.o").depfile, "x/foo.d");
  EXPECT_EQ(command_of("gcc -c a.c -MMD -o x/foo").depfile, "x/foo.d");
  EXPECT_EQ(command_of("gcc -c a.c -MD -o x.y/foo").depfile, "x.y/foo.d");
  EXPECT_EQ(command_of("gcc -c a.c -MD -o x/.foo").depfile, "x/.d");
  EXPECT_EQ(command_of("gcc -c a.c -MD -o .foo.bar").depfile, ".foo.d");
  EXPECT_EQ(command_of("gcc -c a.c -MD -o foo.").depfile, "foo.d");
  EXPECT_EQ(command_of("gcc -c x/a.b.c -MD").depfile, "a.b.d");
}

TEST(CommandOutputsTest, LastDepfileNameWins) {
  EXPECT_EQ(command_of("gcc -c a.c -MD -MFx -MF y").depfile, "y");
  EXPECT_EQ(command_of("gcc -c a.c -MD -MF=x").depfile, "=x");
}

TEST(CommandOutputsTest, DiscardedDepfileIsLearntOfByAScan) {
  const Command command = command_of("gcc -c a.c -MD -MF /dev/null");
  EXPECT_TRUE(command.depfile.empty());
  EXPECT_TRUE(command.depfile_discarded);
  EXPECT_TRUE(command.depfile_targets.empty());
  EXPECT_EQ(command.dependencies, DependencySource::scan);
}

TEST(CommandOutputsTest, DepfileTargetsAreAsTheyWillStandInTheFile) {
  EXPECT_EQ(joined(command_of("gcc -c a.c -MD -o x.o").depfile_targets), "x.o");
  EXPECT_EQ(joined(command_of("gcc -c a.c -MD -o x$.o").depfile_targets), "x$$.o");
  EXPECT_EQ(joined(command_of("gcc -S a.c -MD").depfile_targets), "a.o");
  EXPECT_EQ(joined(command_of("gcc -c a.c -MD -MTx -MQ y$").depfile_targets), "x y$$");
  EXPECT_EQ(joined(command_of("gcc -c a.c -MD -MT x$").depfile_targets), "x$");
  EXPECT_TRUE(command_of("gcc -c a.c -MD -MT x").targets_given);
  EXPECT_FALSE(command_of("gcc -c a.c -MD").targets_given);
  EXPECT_TRUE(command_of("gcc -c a.c -MD -MP").phony_targets);
}

TEST(CommandOutputsTest, UserDepfileWithoutSystemHeadersNeedsAScan) {
  const Command command = command_of("gcc -c a.c -MMD -MF x.d -MT t -MP -o a.o -I inc -O2");
  EXPECT_EQ(command.dependencies, DependencySource::scan);
  EXPECT_EQ(joined(scan_argv(command, "p.d")), "gcc -M -MF p.d a.c -I inc -O2");
  EXPECT_EQ(joined(compile_argv(command, {"gcc", "-c", "a.c"}, "p.d")), "gcc -c a.c");
  EXPECT_EQ(command_of("gcc -c a.c -MD -MMD").depfile_mode, DepfileMode::mmd);
  EXPECT_EQ(command_of("gcc -c a.c -MMD -MD").depfile_mode, DepfileMode::mmd);
}

TEST(CommandOutputsTest, WithoutDepfileOptionAPrivateOneIsAskedFor) {
  const Command command = command_of("clang -c -o a.o -- a.c");
  EXPECT_EQ(command.dependencies, DependencySource::private_depfile);
  EXPECT_EQ(joined(compile_argv(command, command.expanded_argv, "p.d")),
            "clang -MD -MF p.d -c -o a.o -- a.c");
  EXPECT_TRUE(command.depfile.empty());
}

TEST(CommandOutputsTest, RecordedCommandLineIsNotAddedTo) {
  const Command clang = command_of("clang -c a.c -frecord-gcc-switches");
  EXPECT_TRUE(clang.records_command_line);
  EXPECT_EQ(clang.dependencies, DependencySource::scan);
  EXPECT_TRUE(command_of("clang -c a.c -grecord-command-line").records_command_line);
  EXPECT_TRUE(command_of("clang -c a.c -fembed-bitcode").records_command_line);
  // GCC leaves names and depfile options out of what it records.
  EXPECT_FALSE(command_of("gcc -c a.c -frecord-gcc-switches").records_command_line);
}

TEST(CommandOutputsTest, SourcesThatAreNotPreprocessedHaveNoDepfile) {
  for (const char* line : {"gcc -c a.s -MD -MF x", "gcc -c a.i -MMD -MF x", "clang -c a.ll -MD -MF x"}) {
    const Command command = command_of(line);
    EXPECT_EQ(command.depfile_mode, DepfileMode::none) << line;
    EXPECT_EQ(command.depfile, "") << line;
    EXPECT_EQ(command.dependencies, DependencySource::none) << line;
  }
  EXPECT_EQ(command_of("gcc -c a.S -MD").depfile, "a.d");
  // Clang's warning names the option's value.
  EXPECT_FALSE(same_key("clang -c a.s -MD -MF x", "clang -c a.s -MD -MF y"));
}

TEST(CommandOutputsTest, PreprocessorDepfileDiffersBetweenCompilers) {
  const Command gcc = command_of("gcc -c a.c -Wp,-MD,x.d -o x/y.o");
  EXPECT_EQ(gcc.depfile, "x.d");
  EXPECT_EQ(joined(gcc.depfile_targets), "a.o");
  EXPECT_EQ(joined(command_of("clang -c a.c -Wp,-MD,x.d -o x/y.o").depfile_targets), "x/y.o");
  EXPECT_EQ(joined(command_of("gcc -c a.c -Wp,-MD,x.d -MT t -o x/y.o").depfile_targets), "t");
  EXPECT_TRUE(command_of("gcc -c a.c -Wp,-MD,x.d -Wp,-MP").phony_targets);
  const Command user = command_of("gcc -c a.c -Wp,-MMD,x.d -o y.o");
  EXPECT_EQ(user.depfile_mode, DepfileMode::mmd);
  EXPECT_EQ(joined(scan_argv(user, "p")), "gcc -M -MF p a.c");
  EXPECT_TRUE(same_key("gcc -c a.c -Wp,-MD,x.d", "gcc -c a.c -Wp,-MD,y.d"));
  EXPECT_FALSE(same_key("gcc -c a.c -Wp,-MD,x.d", "gcc -c a.c -MD -MF x.d"));
}

TEST(CommandOutputsTest, PreprocessorDepfileMixedWithOthersIsRefused) {
  EXPECT_TRUE(refused_for("gcc -c a.c -Wp,-MD,x.d -MF y.d", Reason::wp_with_mf));
  EXPECT_TRUE(refused_for("gcc -c a.c -Wp,-MD,x.d -MD", Reason::wp_with_mf));
  EXPECT_TRUE(refused_for("gcc -c a.c -Wp,-MD,x.d -Wp,-MD,y.d", Reason::wp_with_mf));
  EXPECT_TRUE(refused_for("gcc -c a.c -Wp,-MD", Reason::preprocessor_option));
  EXPECT_TRUE(refused_for("gcc -c a.c -Wp,-MD,x.d,-MP", Reason::preprocessor_option));
  EXPECT_TRUE(refused_for("gcc -c a.c -Xpreprocessor -MD", Reason::preprocessor_option));
}

TEST(CommandOutputsTest, DepfileOptionsWithoutADepfileAreRefused) {
  for (const char* line : {"gcc -c a.c -MF x", "clang -c a.c -MT x", "clang -c a.c -MP"}) {
    EXPECT_TRUE(refused_for(line, Reason::dependency_options_alone)) << line;
  }
  for (const char* line : {"gcc -c -M a.c", "gcc -c -MM a.c", "gcc -c -MD -MG a.c"}) {
    EXPECT_TRUE(refused_for(line, Reason::dependency_only)) << line;
  }
  EXPECT_TRUE(refused_for("clang -c a.c -MJ f", Reason::writes_extra_file));
}

// ---- Outputs beyond the object ----

TEST(CommandOutputsTest, ExtraOutputsAreNamedAfterTheObject) {
  EXPECT_EQ(extra_outputs(command_of("gcc -c a.c -gsplit-dwarf -o x/b.o")), "x/b.dwo");
  EXPECT_EQ(extra_outputs(command_of("gcc -c a.c --coverage -o x/b.o")), "x/b.gcno");
  EXPECT_EQ(extra_outputs(command_of("gcc -c x/a.c -ftest-coverage")), "a.gcno");
  EXPECT_EQ(extra_outputs(command_of("gcc -c a.c -fstack-usage -o x/b.y.o")), "x/b.y.su");
  EXPECT_EQ(extra_outputs(command_of("gcc -c a.c -fcallgraph-info=su -o x/b")), "x/b.ci");
  EXPECT_EQ(extra_outputs(command_of("gcc -c a.c -fsave-optimization-record -o x/b.o")),
            "x/b.c.opt-record.json.gz");
  EXPECT_EQ(extra_outputs(command_of("clang -c a.c -fsave-optimization-record -o x/b.o")), "x/b.opt.yaml");
  EXPECT_EQ(extra_outputs(command_of("clang -c a.c --serialize-diagnostics x.dia")), "x.dia");
}

TEST(CommandOutputsTest, NamesThatLandInTheObjectAreInTheKey) {
  for (const char* option : {"-gsplit-dwarf", "--coverage", "-fprofile-arcs", "-fprofile-generate"}) {
    const std::string line = std::string("gcc -c a.c ") + option;
    EXPECT_FALSE(same_key(line + " -o x.o", line + " -o y.o")) << option;
  }
  for (const char* option : {"-fstack-usage", "-fsave-optimization-record"}) {
    const std::string line = std::string("gcc -c a.c ") + option;
    EXPECT_TRUE(same_key(line + " -o x.o", line + " -o y.o")) << option;
  }
  EXPECT_TRUE(same_key("clang -c a.c --serialize-diagnostics x", "clang -c a.c --serialize-diagnostics y"));
  EXPECT_FALSE(same_key("gcc -c a.c -frandom-seed=1", "gcc -c a.c -frandom-seed=2"));
  EXPECT_FALSE(same_key("gcc -c a.c -fprofile-dir=x", "gcc -c a.c -fprofile-dir=y"));
}

TEST(CommandOutputsTest, ClangSplitsOnlyWhatHasDebugInformation) {
  EXPECT_EQ(extra_outputs(command_of("clang -c a.c -g -gsplit-dwarf")), "a.dwo");
  EXPECT_EQ(extra_outputs(command_of("clang -c a.c -gsplit-dwarf")), "");
  EXPECT_EQ(extra_outputs(command_of("clang -c a.c -gsplit-dwarf -g -g0")), "");
  EXPECT_EQ(extra_outputs(command_of("gcc -c a.c -gsplit-dwarf -g0")), "a.dwo");
  EXPECT_EQ(extra_outputs(command_of("clang -c a.c -g -gsplit-dwarf=single")), "");
  EXPECT_EQ(extra_outputs(command_of("gcc -c a.c -g -gsplit-dwarf -gno-split-dwarf")), "");
  EXPECT_EQ(extra_outputs(command_of("gcc -S a.c -g -gsplit-dwarf")), "");
}

TEST(CommandOutputsTest, DoubtfulExtraNamesAreRefused) {
  for (const char* line :
       {"gcc -c a.c --coverage -o .foo", "gcc -c a.c --coverage -dumpbase x", "gcc -c a.c -MD -dumpdir x/",
        "gcc -c a.c --coverage -fno-test-coverage", "gcc -c a.c -flto -fstack-usage",
        "clang -S a.c -g -gsplit-dwarf", "clang -c a.c -emit-llvm --coverage",
        "gcc -x c -c noext -o x.o "
        "-fsave-optimization-record"}) {
    EXPECT_TRUE(refused_for(line, Reason::extra_output_name)) << line;
  }
  EXPECT_EQ(verdict("gcc -c a.c -dumpbase x -o a.o -MD"), "cached");
}

TEST(CommandOutputsTest, AssemblerSourcesHaveNoCompilerReports) {
  EXPECT_EQ(extra_outputs(command_of("gcc -c a.S --coverage -fstack-usage -gsplit-dwarf")), "a.dwo");
}

TEST(CommandOutputsTest, ScanLeavesOutEveryOutput) {
  const Command command = command_of(
      "clang -c a.c -MMD -o a.o --serialize-diagnostics a.dia -g -gsplit-dwarf -fsave-optimization-record "
      "-DX");
  EXPECT_EQ(joined(scan_argv(command, "p")), "clang -M -MF p a.c -g -DX");
}

}  // namespace
}  // namespace compiler_cache
