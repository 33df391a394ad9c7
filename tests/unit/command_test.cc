#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "helper/command.h"
#include "tests/unit/command_lines.h"

namespace compiler_cache {
namespace {

using Reason = UncacheableReason;

TEST(CommandTest, UsualCMakeLineIsUnderstood) {
  const Command command = command_of(
      "g++ -DNDEBUG -I/src/include -isystem /opt/x -O3 -std=c++20 -MD -MT a.o -MF a.o.d -o a.o -c /src/a.cc");
  EXPECT_EQ(command.language, Language::cxx);
  EXPECT_EQ(command.action, Action::compile);
  EXPECT_EQ(command.input, "/src/a.cc");
  EXPECT_EQ(command.output, "a.o");
  EXPECT_TRUE(command.output_given);
  EXPECT_EQ(command.depfile_mode, DepfileMode::md);
  EXPECT_EQ(command.depfile, "a.o.d");
  EXPECT_EQ(command.depfile_targets, std::vector<std::string>{"a.o"});
  EXPECT_EQ(command.dependencies, DependencySource::user_depfile);
  ASSERT_EQ(command.search_folders.size(), 2U);
  EXPECT_EQ(command.search_folders[0].path, "/src/include");
  EXPECT_EQ(command.search_folders[0].kind, SearchFolderKind::angle);
  EXPECT_EQ(command.search_folders[1].path, "/opt/x");
  EXPECT_EQ(command.search_folders[1].kind, SearchFolderKind::system);
  EXPECT_EQ(
      key_text(command),
      "F<|-DNDEBUG>P<-I|/src/include>P<-isystem |/opt/x>F<|-O3>F<|-std=c++20>F<|-MD>F<|-c>F<language |c++>");
  EXPECT_EQ(joined(command.probe_arguments), "-I/src/include -isystem /opt/x -std=c++20");
}

// ---- What the command asks for ----

TEST(CommandTest, OnlyCompilesAreCached) {
  EXPECT_EQ(verdict("gcc -c a.c"), "cached");
  EXPECT_EQ(verdict("gcc -S a.c"), "cached");
  EXPECT_EQ(verdict("gcc --compile a.c"), "cached");
  EXPECT_TRUE(refused_for("gcc a.c -o a", Reason::not_a_compile));
  EXPECT_TRUE(refused_for("gcc a.o b.o -o a -lm -Wl,-x --unheard-of", Reason::not_a_compile));
  EXPECT_TRUE(refused_for("gcc --version", Reason::not_a_compile));
  EXPECT_TRUE(refused_for("gcc -print-prog-name=as", Reason::not_a_compile));
  EXPECT_TRUE(refused_for("clang -### -c a.c", Reason::not_a_compile));
  EXPECT_TRUE(refused_for("gcc -E a.c", Reason::preprocess_only));
  EXPECT_TRUE(refused_for("gcc -c -E a.c", Reason::preprocess_only));
  EXPECT_TRUE(refused_for("gcc -fsyntax-only a.c", Reason::syntax_only));
  EXPECT_TRUE(refused_for("gcc -v -c a.c", Reason::verbose));
  EXPECT_TRUE(refused_for("gcc -ftime-report -c a.c", Reason::measures_compiler));
}

TEST(CommandTest, NamesThatItMayDefineAsMacrosAreTold) {
  const auto defines = [](const std::string& line, const std::string& name) {
    const std::vector<std::string> names = defined_macros(command_of(line));
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const char* line : {"gcc -c a.c -DX", "gcc -c a.c -D X=1", "gcc -c a.c --define-macro=X",
                           "gcc -c a.c -Wp,-DX", "gcc -c a.c -Xpreprocessor -DX"}) {
    EXPECT_TRUE(defines(line, "X")) << line;
  }
  EXPECT_FALSE(defines("gcc -c a.c -DY -IX -UX", "X"));
}

TEST(CommandTest, DashSWinsOverDashC) {
  EXPECT_EQ(command_of("gcc -c -S a.c").action, Action::assemble);
  EXPECT_EQ(command_of("gcc -S -c a.c").action, Action::assemble);
}

TEST(CommandTest, InputsAreCounted) {
  EXPECT_TRUE(refused_for("gcc -c", Reason::no_input));
  EXPECT_EQ(verdict("gcc -c a.c b.c"), "several-inputs b.c");
  EXPECT_TRUE(refused_for("gcc -c -x c -", Reason::stdin_input));
  EXPECT_TRUE(refused_for("gcc -c -o", Reason::malformed_option));
}

TEST(CommandTest, DoubleDashEndsOptionsForClangOnly) {
  const Command command = command_of("clang -c -o a.o -- -odd.c");
  EXPECT_EQ(command.input, "-odd.c");
  EXPECT_EQ(verdict("gcc -c -o a.o -- a.c"), "unknown-option --");
}

TEST(CommandTest, EveryReasonHasItsOwnNameAndASentence) {
  std::set<std::string_view> names;
  for (const UncacheableReasonText& row : kUncacheableReasons) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.sentence.empty()) << row.name;
    EXPECT_EQ(uncacheable_reason_from_name(row.name), row.reason);
  }
  EXPECT_EQ(uncacheable_reason_from_name("of-another-version"), std::nullopt);
}

// ---- Languages ----

TEST(CommandTest, LanguageComesFromTheExtension) {
  EXPECT_EQ(command_of("gcc -c a.c").language, Language::c);
  EXPECT_EQ(command_of("gcc -c a.C").language, Language::cxx);
  EXPECT_EQ(command_of("g++ -c a.c").language, Language::cxx);
  EXPECT_EQ(command_of("gcc -c a.i").language, Language::c_preprocessed);
  EXPECT_EQ(command_of("gcc -c a.ii").language, Language::cxx_preprocessed);
  EXPECT_EQ(command_of("gcc -c a.s").language, Language::assembler);
  EXPECT_EQ(command_of("gcc -c a.S").language, Language::assembler_with_cpp);
  EXPECT_EQ(command_of("clang -c a.m").language, Language::objective_c);
  EXPECT_EQ(command_of("clang -c a.mm").language, Language::objective_cxx);
  EXPECT_EQ(command_of("clang -c a.ll").language, Language::llvm_ir);
  EXPECT_TRUE(refused_for("gcc -c a.ll", Reason::unknown_language));
  EXPECT_TRUE(refused_for("gcc -c a.f90", Reason::unknown_language));
  EXPECT_TRUE(refused_for("gcc -c plain", Reason::unknown_language));
  EXPECT_EQ(command_of("gcc -c a.h").language, Language::c_header);
  EXPECT_EQ(command_of("g++ -c a.h").language, Language::cxx_header);
  EXPECT_EQ(command_of("gcc -c a.hpp").language, Language::cxx_header);
  EXPECT_TRUE(refused_for("clang -c a.cppm", Reason::modules));
  EXPECT_TRUE(refused_for("clang --precompile a.cppm -o a.pcm", Reason::modules));
}

TEST(CommandTest, LastDashXBeforeTheInputCounts) {
  EXPECT_EQ(command_of("gcc -xc++ -c a.c").language, Language::cxx);
  EXPECT_EQ(command_of("gcc -x c -x c++ -c a.txt").language, Language::cxx);
  EXPECT_EQ(command_of("gcc -x c++ -x none -c a.c").language, Language::c);
  EXPECT_EQ(command_of("gcc -c a.c -x c++").language, Language::c);
  EXPECT_EQ(command_of("gcc --language=c++ -c a.c").language, Language::cxx);
  EXPECT_TRUE(refused_for("gcc -x klingon -c a.c", Reason::unknown_language));
  EXPECT_EQ(command_of("gcc -x c++-header -c a.h").language, Language::cxx_header);
  EXPECT_TRUE(refused_for("g++ -x c++-system-header -c vector", Reason::modules));
  EXPECT_FALSE(same_key("gcc -xc -c a.c", "gcc -xc++ -c a.c"));
}

TEST(CommandTest, CallerMayKnowTheDriverBetter) {
  CommandInput input;
  input.argv = {"my-wrapper", "-c", "a.c"};
  input.cxx_driver = true;
  EXPECT_EQ(std::get<Command>(classify_command(input, no_files)).language, Language::cxx);
}

// ---- Options ----

TEST(CommandTest, UnknownOptionsAreRefusedByName) {
  EXPECT_EQ(verdict("gcc -c a.c --inc=x"), "unknown-option --inc");
  EXPECT_EQ(verdict("gcc -c a.c -fbrand-new=secret"), "unknown-option -fbrand-new");
  EXPECT_EQ(verdict("gcc -c a.c -qfoo"), "unknown-option -qfoo");
  EXPECT_EQ(verdict("gcc -c a.c -gfoo"), "unknown-option -gfoo");
  EXPECT_EQ(verdict("gcc -c a.c -remap"), "unknown-option -remap");
  EXPECT_EQ(verdict("clang -c a.c -emit-module"), "unknown-option -emit-module");
}

TEST(CommandTest, SafeFamiliesNeedNoRow) {
  EXPECT_EQ(verdict("gcc -c a.c -Wbrand-new -Werror=brand-new=2 -fbrand-new -mbrand-new -Obrand"), "cached");
}

TEST(CommandTest, OrderOfFlagsIsKept) {
  EXPECT_FALSE(same_key("gcc -c a.c -O2 -O0", "gcc -c a.c -O0 -O2"));
  EXPECT_FALSE(same_key("gcc -c a.c -Ix -Iy", "gcc -c a.c -Iy -Ix"));
  EXPECT_FALSE(same_key("gcc -c a.c -DA -UA", "gcc -c a.c -UA -DA"));
}

TEST(CommandTest, MacrosAreInTheKeyInEverySpelling) {
  EXPECT_FALSE(same_key("gcc -c a.c -DA=1", "gcc -c a.c -DA=2"));
  EXPECT_FALSE(same_key("gcc -c a.c -D A=1", "gcc -c a.c -D A=2"));
  EXPECT_FALSE(same_key("gcc -c a.c -UA", "gcc -c a.c -UB"));
  EXPECT_FALSE(same_key("gcc -c a.c --define-macro A", "gcc -c a.c --define-macro B"));
  EXPECT_EQ(command_of("gcc -c -D a.c a.c").input, "a.c");
}

TEST(CommandTest, SearchFoldersAreTakenInEverySpelling) {
  const Command command = command_of(
      "clang -c a.c -Ia -I b -iquote c -iquotef -isystem d -isysteme -idirafter g --include-directory h "
      "--include-directory=i -cxx-isystem j -F k -iframework l -iprefix /p/ -iwithprefix m "
      "-iwithprefixbefore n");
  std::string text;
  for (const SearchFolder& folder : command.search_folders) {
    text += std::to_string(static_cast<int>(folder.kind)) + folder.path + " ";
  }
  EXPECT_EQ(text, "1a 1b 0c 0f 2d 2e 3g 1h 1i 2j 4k 4l 3/p/m 1/p/n ");
  EXPECT_TRUE(refused_for("gcc -c a.c -I=x", Reason::relative_to_sysroot));
  EXPECT_TRUE(refused_for("gcc -c a.c -isystem $SYSROOT/x", Reason::relative_to_sysroot));
  EXPECT_TRUE(refused_for("gcc -c a.c -iwithprefix x", Reason::relative_to_sysroot));
  EXPECT_TRUE(refused_for("gcc -c a.c -I-", Reason::unknown_option));
}

TEST(CommandTest, ForcedIncludesAndSysrootAreKnown) {
  const Command command =
      command_of("gcc -c a.c -include x.h -includey.h -imacros z.h --sysroot=/s -isysroot /i --include w.h");
  ASSERT_EQ(command.forced_includes.size(), 4U);
  EXPECT_EQ(command.forced_includes[1].name, "y.h");
  EXPECT_TRUE(command.forced_includes[2].macros_only);
  EXPECT_EQ(command.forced_includes[3].name, "w.h");
  EXPECT_EQ(command.sysroot, "/i");
  EXPECT_EQ(joined(command.probe_arguments), "--sysroot=/s -isysroot /i");
}

TEST(CommandTest, PathsAreTaggedForTheKey) {
  const Command command =
      command_of("gcc -c a.c -I/r/x -I /r/x -fdebug-prefix-map=/r=. -B/r/bin -include /r/h");
  EXPECT_EQ(key_text(command),
            "F<|-c>P<-I|/r/x>P<-I |/r/x>P<-fdebug-prefix-map=|/r>F<|=.>P<-B|/r/bin>P<-include "
            "|/r/h>F<language |c>");
}

TEST(CommandTest, NativeMachineIsSeen) {
  EXPECT_TRUE(command_of("gcc -c a.c -march=native").uses_native_machine);
  EXPECT_TRUE(command_of("gcc -c a.c -mtune=native").uses_native_machine);
  EXPECT_TRUE(command_of("clang -c a.c -mcpu=native").uses_native_machine);
  EXPECT_FALSE(command_of("gcc -c a.c -march=x86-64").uses_native_machine);
}

TEST(CommandTest, ColoursMayBeDecided) {
  EXPECT_FALSE(command_of("gcc -c a.c").color_decided);
  EXPECT_TRUE(command_of("gcc -c a.c -fdiagnostics-color=always").color_decided);
  EXPECT_TRUE(command_of("gcc -c a.c -fdiagnostics-color").color_decided);
  EXPECT_TRUE(command_of("clang -c a.c -fno-color-diagnostics").color_decided);
  EXPECT_FALSE(command_of("gcc -c a.c -fdiagnostics-color=never -fdiagnostics-color=auto").color_decided);
}

TEST(CommandTest, ArchitecturesAreOne) {
  EXPECT_EQ(verdict("clang -c a.c -arch x86_64"), "cached");
  EXPECT_TRUE(refused_for("clang -c a.c -arch x86_64 -arch arm64", Reason::several_architectures));
  EXPECT_TRUE(refused_for("clang -c a.c -Xarch_x86_64 -O2", Reason::several_architectures));
}

TEST(CommandTest, HandedOnArgumentsAreAClosedList) {
  EXPECT_EQ(verdict("gcc -c a.c -Wa,--noexecstack,--defsym,X=1 -Xassembler --defsym -Xassembler Y=2"),
            "cached");
  EXPECT_EQ(verdict("gcc -c a.c -Wa,-adhln=x.lst"), "assembler-option -adhln=x.lst");
  EXPECT_EQ(verdict("gcc -c a.c -Wa,--noexecstack,-o,x"), "assembler-option -o");
  EXPECT_EQ(verdict("gcc -c a.c -Wa,--MD,x"), "assembler-option --MD");
  EXPECT_EQ(verdict("gcc -c a.c -Wp,-D_FORTIFY_SOURCE=2,-U_X -Xpreprocessor -DX"), "cached");
  EXPECT_EQ(verdict("gcc -c a.c -Wp,-I,x"), "preprocessor-option -I");
  EXPECT_EQ(verdict("clang -c a.c -Xclang -target-feature -Xclang +avx -mllvm -inline-threshold=5"),
            "cached");
  EXPECT_EQ(verdict("clang -c a.c -Xclang -load -Xclang x.so"), "frontend-option -load");
  EXPECT_EQ(verdict("clang -c a.c -mllvm -info-output-file -mllvm x"), "frontend-option -info-output-file");
  EXPECT_EQ(verdict("clang -c a.c -mllvm -x86-lvi-load-dot"), "frontend-option -x86-lvi-load-dot");
  EXPECT_TRUE(refused_for("clang -c a.c -Xclang -target-feature", Reason::malformed_option));
}

TEST(CommandTest, LinkerOptionsDoNoHarm) {
  EXPECT_EQ(verdict("gcc -c a.c -Wl,-x -lm -L/x -s -rdynamic -shared -z now -Xlinker y -fuse-ld=lld"),
            "cached");
}

TEST(CommandTest, FilesNamedByOptionsAreInputs) {
  EXPECT_EQ(named_inputs(command_of("clang -c a.c -fsanitize=address -fsanitize-ignorelist=i.txt")), "i.txt");
  EXPECT_EQ(named_inputs(command_of("gcc -c a.c -fauto-profile=x.afdo")), "x.afdo");
  EXPECT_EQ(named_inputs(command_of("clang -c a.c -fprofile-sample-use=x.prof")), "x.prof");
  EXPECT_EQ(named_inputs(command_of("clang -c a.c -fprofile-use=x.prof")), "x.prof");
  EXPECT_EQ(named_inputs(command_of("clang -c a.c -fprofile-use=x/")), "x/default.profdata");
  EXPECT_EQ(named_inputs(command_of("clang -c a.c -fprofile-instr-use")), "default.profdata");
  EXPECT_EQ(named_inputs(command_of("gcc -c a.c -specs=/usr/share/x.specs")), "/usr/share/x.specs");
  const Command gcc = command_of("gcc -c a.c -fprofile-use -o x/a.o");
  EXPECT_EQ(named_inputs(gcc), "x/a.gcda");
  EXPECT_TRUE(gcc.named_inputs[0].may_be_absent);
  EXPECT_FALSE(same_key("gcc -c a.c -fprofile-use -o x.o", "gcc -c a.c -fprofile-use -o y.o"));
}

TEST(CommandTest, InputsThatCannotBeFollowedAreRefused) {
  EXPECT_TRUE(refused_for("gcc -c a.c --specs=nano.specs", Reason::specs_file));
  EXPECT_TRUE(refused_for("gcc -c a.c -fprofile-use=folder", Reason::profile_data));
  EXPECT_TRUE(refused_for("clang -c a.c --config x", Reason::config_file));
  EXPECT_TRUE(refused_for("clang -c a.c -ivfsoverlay x", Reason::vfs_overlay));
  EXPECT_TRUE(refused_for("clang -c a.c -fthinlto-index=x", Reason::thin_lto_index));
  EXPECT_TRUE(refused_for("gcc -c a.c -fplugin=x.so", Reason::plugin));
  EXPECT_TRUE(refused_for("clang -c a.c -fpass-plugin=x.so", Reason::plugin));
  EXPECT_TRUE(refused_for("gcc -c a.c -o x.h.gch", Reason::precompiled_header));
  EXPECT_TRUE(refused_for("g++ -c a.cc -fmodules-ts", Reason::modules));
  EXPECT_TRUE(refused_for("g++ -c a.cc -fmodule-mapper=x", Reason::modules));
  EXPECT_TRUE(refused_for("clang -c a.cc -fmodule-file=x=y", Reason::modules));
  EXPECT_TRUE(refused_for("clang -c a.cc -fprebuilt-module-path=x", Reason::modules));
  EXPECT_TRUE(refused_for("clang -c a.cc -fmodule-output", Reason::modules));
}

TEST(CommandTest, OptionsThatWriteUncapturedFilesAreRefused) {
  for (const char* line :
       {"gcc -c a.c -save-temps", "gcc -c a.c -save-temps=obj", "gcc -c a.c -fdump-tree-all",
        "gcc -c a.c -da", "clang -c a.c -ftime-trace", "clang -c a.c -ftime-trace=x", "gcc -c a.c -frepo",
        "gcc -c a.c -fvtv-counts", "gcc -c a.c -fopt-info-vec=x.txt", "clang -c a.c -fproc-stat-report=x",
        "gcc -c a.c -aux-info x", "gcc -c a.c -fprofile-note=x.gcno",
        "clang -c a.c -foptimization-record-file=x"}) {
    EXPECT_TRUE(refused_for(line, Reason::writes_extra_file)) << line;
  }
}

// ---- Response files ----

TEST(CommandTest, ResponseFilesAreExpandedForClassificationOnly) {
  CommandInput input{{"gcc", "@x.rsp"}, "/build", CompilerFamily::gcc, std::nullopt};
  std::string asked;
  const auto reader = [&](const std::string& path) -> Result<std::string> {
    asked = path;
    return std::string("-c 'a b.c' -o a.o");
  };
  const Command command = std::get<Command>(classify_command(input, reader));
  EXPECT_EQ(asked, "/build/x.rsp");
  EXPECT_EQ(command.input, "a b.c");
  EXPECT_EQ(joined(compile_argv(command, input.argv, "p")), "gcc -MD -MF p @x.rsp");
  EXPECT_TRUE(refused_for("gcc @missing", Reason::response_file));
}

}  // namespace
}  // namespace compiler_cache
