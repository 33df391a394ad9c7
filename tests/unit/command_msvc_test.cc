// The MSVC dialect: what the classifier makes of command lines of clang-cl and cl.exe.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "helper/command.h"
#include "tests/unit/command_lines.h"

namespace compiler_cache {
namespace {

using Reason = UncacheableReason;

std::string joined(const std::vector<std::string>& argv) {
  std::string text;
  for (const std::string& argument : argv) text += (text.empty() ? "" : " ") + argument;
  return text;
}

std::string output_of(std::string_view line) { return command_of(line).output; }

/// The refusal's detail, or "cached".
std::string refusal_of(const Classified& classified) {
  const auto* refusal = std::get_if<Refusal>(&classified);
  return refusal == nullptr ? "cached" : std::string(to_string(refusal->reason)) + " " + refusal->detail;
}

CommandInput input_with(std::string_view line, std::string before, std::string behind = {}) {
  CommandInput input;
  input.argv = words(line);
  input.cwd = "/build";
  input.family = CompilerFamily::clang_cl;
  input.options_before = std::move(before);
  input.options_behind = std::move(behind);
  return input;
}

TEST(CommandMsvcTest, WhatCMakeWritesIsCached) {
  const Command command = command_of(
      "clang-cl /nologo -TP -DNDEBUG -I/src/include -imsvc /src/sys /DWIN32 /D_WINDOWS /EHsc /O2 /Ob2 "
      "-std:c++17 "
      "-MD -Z7 /showIncludes /FoCMakeFiles/x.dir/a.cc.obj /FdCMakeFiles/x.dir/ -c -- /src/a.cc");
  EXPECT_EQ(command.input, "/src/a.cc");
  EXPECT_EQ(command.output, "CMakeFiles/x.dir/a.cc.obj");
  EXPECT_EQ(command.language, Language::cxx);
  EXPECT_EQ(command.include_notes, IncludeNotes::all);
  EXPECT_EQ(command.search_folders.size(), 2U);
  EXPECT_TRUE(command.depfile.empty()) << "-MD is the run-time library's";
}

TEST(CommandMsvcTest, ObjectsAreNamed) {
  EXPECT_EQ(output_of("clang-cl /c sub/a.c"), "a.obj");
  EXPECT_EQ(output_of("clang-cl /c a.b.c"), "a.b.obj");
  EXPECT_EQ(output_of("clang-cl /c a.c /Foout/"), "out/a.obj");
  EXPECT_EQ(output_of("clang-cl /c a.c /Foout"), "out.obj");
  EXPECT_EQ(output_of("clang-cl /c a.c /Foout/x.o"), "out/x.o");
  EXPECT_EQ(output_of("clang-cl /c a.c -o x"), "x.obj");
  EXPECT_EQ(output_of("clang-cl /c a.c /Foout\\x.obj"), "out\\x.obj");
  EXPECT_EQ(output_of("clang-cl /c a.c /Foout\\"), "out\\.obj");
  EXPECT_EQ(output_of("clang-cl /c a.c /Fo"), "a.obj");
}

TEST(CommandMsvcTest, SlashAndDashAreAlike) {
  for (const std::string_view option : {"/O2", "/EHsc", "/W4", "/GR-", "/Zc:inline", "/std:c++20", "/utf-8",
                                        "/bigobj", "/arch:AVX2", "/permissive-", "/diagnostics:caret"}) {
    const std::string slash = "clang-cl /c a.cc " + std::string(option);
    std::string dash = slash;
    dash[dash.rfind('/')] = '-';
    EXPECT_EQ(verdict(slash), "cached");
    EXPECT_EQ(verdict(dash), "cached");
    EXPECT_FALSE(same_key(slash, "clang-cl /c a.cc")) << option;
  }
  EXPECT_EQ(output_of("clang-cl -c a.c -Fox.obj"), "x.obj");
}

TEST(CommandMsvcTest, ASlashMayBeginAFileName) {
  EXPECT_EQ(command_of("clang-cl /c /home/x/a.c").input, "/home/x/a.c");
  EXPECT_EQ(command_of("clang-cl /c -- /Users/x/a.c").input, "/Users/x/a.c");
  // As clang-cl takes them: /U sers/x/a.c and /w ork/a.c.
  EXPECT_EQ(verdict("clang-cl /c /Users/x/a.c"), "no-input ");
  EXPECT_EQ(verdict("clang-cl /c /work/a.c"), "no-input ");
  EXPECT_EQ(verdict("clang-cl /c a.c /nonsense"), "unknown-option /nonsense");
  EXPECT_EQ(verdict("clang-cl /c a.c -nonsense"), "unknown-option -nonsense");
  EXPECT_EQ(verdict("cl /c a.c /home/x"), "unknown-option /home/x");
}

TEST(CommandMsvcTest, LanguagesAreGivenToOneOrAllSources) {
  EXPECT_EQ(command_of("clang-cl /c a.c /TP").language, Language::cxx);
  EXPECT_EQ(command_of("clang-cl /TC /c a.cc").language, Language::c);
  EXPECT_EQ(command_of("clang-cl /TC /TP /c a.cc").language, Language::cxx);
  EXPECT_EQ(command_of("clang-cl /c /Tp a.c").language, Language::cxx);
  EXPECT_EQ(command_of("clang-cl /c /Tca.cc").input, "a.cc");
  EXPECT_EQ(command_of("clang-cl /c /Tca.cc /TP").language, Language::c);
  EXPECT_EQ(verdict("clang-cl /c noext"), "unknown-language noext");
  EXPECT_EQ(verdict("clang-cl /c a.h"), "unknown-language a.h");
  EXPECT_EQ(verdict("clang-cl /c a.m"), "unknown-language a.m");
}

TEST(CommandMsvcTest, WhatIsNoSingleCompileIsRefused) {
  for (const char* line : {"clang-cl a.c", "clang-cl a.c /Fea.exe", "clang-cl /?", "clang-cl --version"}) {
    EXPECT_TRUE(refused_for(line, Reason::not_a_compile)) << line;
  }
  for (const char* line :
       {"clang-cl /c a.c /E", "clang-cl /EP a.c", "clang-cl a.c /P", "clang-cl -P -Fia.i a.c"}) {
    EXPECT_TRUE(refused_for(line, Reason::preprocess_only)) << line;
  }
  EXPECT_TRUE(refused_for("clang-cl /Zs a.c", Reason::syntax_only));
  EXPECT_TRUE(refused_for("clang-cl /MP /c a.c b.c", Reason::several_inputs));
  EXPECT_EQ(verdict("clang-cl /MP /c a.c"), "cached");
  EXPECT_TRUE(refused_for("clang-cl /c a.c /Foa.obj /Fob.obj", Reason::several_outputs));
  EXPECT_EQ(verdict("clang-cl /c a.c /link /out:x b.c"), "cached");
}

TEST(CommandMsvcTest, WhatIsNotCapturedIsRefused) {
  for (const char* option :
       {"/FA", "/FAcs", "/Faa.asm", "/FR", "/Fra.sbr", "/doca.xml", "/sourceDependencies x.json", "/Gm"}) {
    EXPECT_TRUE(refused_for("clang-cl /c a.c " + std::string(option), Reason::writes_extra_file)) << option;
  }
  EXPECT_TRUE(refused_for("clang-cl /c a.c /Zi", Reason::program_database));
  EXPECT_TRUE(refused_for("clang-cl /c a.c -ZI", Reason::program_database));
  EXPECT_NE(describe(Reason::program_database).hint.find("CMAKE_MSVC_DEBUG_INFORMATION_FORMAT"),
            std::string_view::npos);
  EXPECT_NE(describe(Reason::program_database).hint.find("COMPILER_CACHE_MSVC_EMBED_DEBUG"),
            std::string_view::npos);
  for (const char* option : {"/Ycx.h", "/Yux.h", "-Yu", "/Yc"}) {
    EXPECT_TRUE(refused_for("clang-cl /c a.c /Fpx.pch " + std::string(option), Reason::precompiled_header));
  }
  EXPECT_TRUE(refused_for("clang-cl /c a.c /headerUnit:quote x", Reason::modules));
  EXPECT_TRUE(refused_for("clang-cl /c a.c /external:env:DIRS", Reason::relative_to_sysroot));
  EXPECT_TRUE(refused_for("clang-cl /c a.c /clr", Reason::unknown_language));
  EXPECT_TRUE(refused_for("clang-cl /c a.c --coverage", Reason::extra_output_name));
}

TEST(CommandMsvcTest, DebugInformationHoldsTheCommandLine) {
  for (const char* option : {"/Z7", "-gcodeview", "-gline-tables-only", "-gdwarf"}) {
    const Command command = command_of("clang-cl /c a.c /Fox.obj " + std::string(option));
    EXPECT_TRUE(command.records_command_line) << option;
    EXPECT_EQ(command.dependencies, DependencySource::scan) << option;
    EXPECT_FALSE(command_of("clang-cl /c a.c /Foy.obj " + std::string(option)).key == command.key) << option;
  }
  EXPECT_TRUE(same_key("clang-cl /c a.c /Fox.obj", "clang-cl /c a.c /Foy.obj"));
  EXPECT_TRUE(command_of("clang --target=x86_64-pc-windows-msvc -g -c a.c").records_command_line);
  EXPECT_FALSE(command_of("clang --target=x86_64-linux-gnu -g -c a.c").records_command_line);
}

TEST(CommandMsvcTest, ObjectsWithoutATimeAreTheSameEachTime) {
  EXPECT_TRUE(command_of("clang-cl /c a.c").bytes_vary);
  EXPECT_FALSE(command_of("clang-cl /c a.c /Brepro").bytes_vary);
  EXPECT_TRUE(command_of("clang-cl /c a.c /Brepro /Brepro-").bytes_vary);
  EXPECT_TRUE(command_of("clang --target=x86_64-pc-windows-msvc -c a.c").bytes_vary);
  EXPECT_TRUE(command_of("clang -target aarch64-pc-win32 -c a.c").bytes_vary);
  EXPECT_FALSE(command_of("clang --target=aarch64-linux-gnu -c a.c").bytes_vary);
}

TEST(CommandMsvcTest, DriverOptionsAreReadAsClangsOwn) {
  const Command command =
      command_of("clang-cl /c sub/a.c -clang:-MD -clang:-MF -clang:x.d /clang:-MTfoo /Foout/b.obj");
  EXPECT_EQ(command.depfile, "x.d");
  EXPECT_EQ(command.depfile_mode, DepfileMode::md);
  EXPECT_EQ(command.depfile_targets, std::vector<std::string>{"foo"});
  EXPECT_EQ(command.dependencies, DependencySource::user_depfile);
  // Neither /Fo nor /o says anything about the depfile.
  EXPECT_EQ(command_of("clang-cl /c sub/a.c /clang:-MD /Foout/b.obj").depfile, "a.d");
  EXPECT_EQ(command_of("clang-cl /c sub/a.c /clang:-MD /Foout/b.obj").depfile_targets,
            std::vector<std::string>{"a.o"});
  EXPECT_EQ(command_of("clang-cl /c a.c /clang:-MMD").dependencies, DependencySource::scan);
  EXPECT_TRUE(same_key("clang-cl /c a.c /clang:-MD /clang:-MFx", "clang-cl /c a.c /clang:-MD /clang:-MFy"));
  EXPECT_FALSE(same_key("clang-cl /c a.c /clang:-O3", "clang-cl /c a.c /clang:-O2"));
  EXPECT_FALSE(same_key("clang-cl /c a.c /clang:-O3", "clang-cl /c a.c -O3"));
  EXPECT_EQ(verdict("clang-cl /c a.c /clang:-isystem /clang:x /clang:-std=c11"), "cached");
  EXPECT_EQ(verdict("clang-cl /c a.c /clang:-MFx.d"), "dependency-options-alone -MF");
  for (const char* option : {"-o", "-S", "-xc", "--coverage", "-gsplit-dwarf", "-c", "-emit-llvm"}) {
    EXPECT_EQ(verdict("clang-cl /c a.c /clang:" + std::string(option) + " /clang:x"),
              "unknown-option /clang:" + std::string(option));
  }
  EXPECT_TRUE(refused_for("clang-cl /c a.c /clang:-E", Reason::preprocess_only));
  EXPECT_TRUE(refused_for("clang-cl /c a.c /clang:-save-temps", Reason::writes_extra_file));
  EXPECT_TRUE(refused_for("clang-cl /c a.c /clang:b.c", Reason::several_inputs));
  EXPECT_EQ(verdict("cl /c a.c /clang:-O3"), "unknown-option /clang:-O3");
}

TEST(CommandMsvcTest, ClangsOwnOptionsAreTakenWhereClangClTakesThem) {
  for (const char* option :
       {"--target=x86_64-pc-windows-msvc", "-march=native", "-Wno-unused", "-fcolor-diagnostics",
        "-Xclang -disable-llvm-passes", "-mllvm -x86-asm-syntax=intel", "-flto=thin",
        "-fms-compatibility-version=19.30", "-fno-exceptions", "-m32", "-Werror"}) {
    EXPECT_EQ(verdict("clang-cl /c a.c " + std::string(option)), "cached");
    EXPECT_NE(verdict("cl /c a.c " + std::string(option)), "cached") << option;
  }
  for (const char* option : {"-isystem", "-std=c11", "-include", "-g", "-S", "-x", "-iquote", "-idirafter"}) {
    EXPECT_TRUE(refused_for("clang-cl /c a.c " + std::string(option), Reason::unknown_option)) << option;
  }
  EXPECT_TRUE(refused_for("clang-cl /c a.c -ftime-trace", Reason::writes_extra_file));
  EXPECT_TRUE(command_of("clang-cl /c a.c -march=native").uses_native_machine);
}

TEST(CommandMsvcTest, AMissAddsItsDepfileInFront) {
  const std::string line = "clang-cl /c --target=x86_64-pc-windows-msvc -- a.c";
  const Command command = command_of(line);
  EXPECT_EQ(joined(compile_argv(command, words(line), "p d")),
            "clang-cl /clang:-MD /clang:-MF /clang:p d /c --target=x86_64-pc-windows-msvc -- a.c");
  const Command debug = command_of("clang-cl /c /Z7 /Foa.obj /clang:-MMD a.c");
  EXPECT_EQ(joined(scan_argv(debug, "p")), "clang-cl /clang:-M /clang:-MF /clang:p /Z7 a.c");
}

TEST(CommandMsvcTest, MacrosMayBeGivenWithANumberSign) {
  EXPECT_TRUE(refused_for("clang-cl /c a.c /DX#__TIME__", Reason::time_macro));
  EXPECT_TRUE(refused_for("clang-cl /c a.c /D X=__TIME__", Reason::time_macro));
  EXPECT_EQ(verdict("clang-cl /c a.c /D__TIME__"), "cached");
  const std::vector<std::string> names = defined_macros(command_of("clang-cl /c a.c /DONE#1 -D TWO"));
  EXPECT_EQ(std::count(names.begin(), names.end(), "ONE"), 1);
  EXPECT_EQ(std::count(names.begin(), names.end(), "TWO"), 1);
}

TEST(CommandMsvcTest, SearchFoldersAreProbedInOrder) {
  const Command command =
      command_of("clang-cl /c a.c /I x -Iy /external:I z /imsvc w /X /O2 /clang:-isystem /clang:v /D X");
  EXPECT_EQ(joined(command.probe_arguments), "/I x -Iy /external:I z /imsvc w /X /clang:-isystem /clang:v");
  EXPECT_EQ(command_of("clang-cl /c a.c /FI x.h -FIy.h").forced_includes.size(), 2U);
}

// ---- Notes of includes

TEST(CommandMsvcTest, NotesOfIncludesAreTheUsers) {
  EXPECT_EQ(command_of("clang-cl /c a.c").include_notes, IncludeNotes::none);
  EXPECT_EQ(command_of("clang-cl /c a.c -showIncludes").include_notes, IncludeNotes::all);
  EXPECT_EQ(command_of("clang-cl /c a.c /showIncludes:user").include_notes, IncludeNotes::user_headers);
  // A list of the compiler's own is better than what it says, but nothing may be added to /Z7.
  EXPECT_EQ(command_of("clang-cl /c a.c /showIncludes").dependencies, DependencySource::private_depfile);
  EXPECT_EQ(command_of("clang-cl /c a.c /showIncludes /Z7").dependencies, DependencySource::user_notes);
  EXPECT_EQ(command_of("clang-cl /c a.c /showIncludes:user /Z7").dependencies, DependencySource::scan);
  EXPECT_EQ(command_of("cl /c a.c /showIncludes /Z7").dependencies, DependencySource::user_notes);
  EXPECT_EQ(command_of("cl /c a.c").dependencies, DependencySource::private_notes);
  EXPECT_EQ(joined(compile_argv(command_of("cl /c a.c"), words("cl /c a.c"), "")), "cl /showIncludes /c a.c");
  EXPECT_EQ(verdict("cl /c a.c /Z7"), "include-notes /showIncludes");
  EXPECT_EQ(verdict("cl /c a.c /showIncludes:user"), "unknown-option /showIncludes:user");
  EXPECT_EQ(command_of("clang-cl /c a.c /showIncludes:user").dependencies, DependencySource::scan);
  EXPECT_FALSE(same_key("clang-cl /c a.c", "clang-cl /c a.c /showIncludes"));
  EXPECT_FALSE(same_key("clang-cl /c a.c /showIncludes:user", "clang-cl /c a.c /showIncludes"));
}

// ---- CL and _CL_

TEST(CommandMsvcTest, OptionsOfTheEnvironmentCount) {
  const CommandInput input =
      input_with("clang-cl /c a.c", "/DX#1 /DY=2#3 \"/I a b\"", "/Foz.obj /showIncludes");
  const Classified classified = classify_command(input, no_files);
  ASSERT_EQ(refusal_of(classified), "cached");
  const auto& command = std::get<Command>(classified);
  EXPECT_EQ(command.output, "z.obj");
  EXPECT_EQ(command.include_notes, IncludeNotes::all);
  EXPECT_EQ(joined(command.expanded_argv), "clang-cl /DX=1 /DY=2=3 /I a b /c a.c /Foz.obj /showIncludes");
  EXPECT_EQ(command.search_folders.size(), 1U);
  // The compiler adds them itself to whatever is asked.
  EXPECT_EQ(command.probe_arguments, std::vector<std::string>{});
  EXPECT_EQ(joined(scan_argv(command, "p")), "clang-cl /clang:-M /clang:-MF /clang:p a.c");
  EXPECT_EQ(joined(compile_argv(command, input.argv, "p")), "clang-cl /clang:-MD /clang:-MF /clang:p /c a.c");
}

TEST(CommandMsvcTest, OptionsOfTheEnvironmentThatAreNotUnderstoodAreRefused) {
  const auto verdict_with = [](std::string before, std::string behind) {
    return refusal_of(
        classify_command(input_with("clang-cl /c a.c", std::move(before), std::move(behind)), no_files));
  };
  EXPECT_EQ(verdict_with("@x.rsp", ""), "response-file CL or _CL_");
  EXPECT_EQ(verdict_with("\"/DX", ""), "response-file CL or _CL_");
  EXPECT_EQ(verdict_with("", "--driver-mode=gcc"), "response-file CL or _CL_");
  EXPECT_EQ(verdict_with("/E", ""), "preprocess-only /E");
  EXPECT_EQ(verdict_with("", "b.c"), "several-inputs b.c");
  EXPECT_EQ(verdict_with("/nonsense", ""), "unknown-option /nonsense");
  EXPECT_EQ(verdict_with("", ""), "cached");
  // Behind "--" it is a file, and so clang-cl takes it.
  EXPECT_EQ(refusal_of(classify_command(input_with("clang-cl /c -- a.c", "", "/DX"), no_files)),
            "several-inputs /DX");
}

TEST(CommandMsvcTest, OptionsOfTheEnvironmentAreNotTheGnuDialects) {
  CommandInput input = input_with("clang -c a.c", "/nonsense");
  input.family = CompilerFamily::clang;
  EXPECT_EQ(refusal_of(classify_command(input, no_files)), "cached");
}

// ---- Response files

TEST(CommandMsvcTest, ResponseFilesAreReadTheWayOfWindows) {
  const auto reader = [](const std::string& path) -> Result<std::string> {
    if (path == "/build/x.rsp") return std::string("/Foa\\b.obj \"/I c d\" '/DX'");
    if (path == "/build/mode.rsp") return std::string("--driver-mode=gcc");
    return std::string("/c a.c /link x");
  };
  const auto with = [&](std::string_view line) { return classify_command(input_with(line, ""), reader); };
  EXPECT_EQ(refusal_of(with("clang-cl /c a.c @x.rsp")), "several-inputs '/DX'");
  EXPECT_EQ(refusal_of(with("clang-cl --rsp-quoting=posix /c a.c @x.rsp")), "cached");
  EXPECT_EQ(std::get<Command>(with("clang-cl --rsp-quoting=posix /c a.c @x.rsp")).output, "ab.obj");
  EXPECT_EQ(refusal_of(with("clang-cl /c a.c @mode.rsp")), "response-file ");
  EXPECT_EQ(refusal_of(with("clang-cl @link.rsp")), "response-file ");
}

// ---- cl.exe

TEST(CommandMsvcTest, OptionsOfClExeAreKnown) {
  for (const char* option : {"/GL",
                             "/Zc:preprocessor",
                             "/experimental:external",
                             "/external:anglebrackets",
                             "/external:W0",
                             "/await:strict",
                             "/Qspectre",
                             "/analyze-",
                             "/wd4996",
                             "/we4018",
                             "/w14242",
                             "/WX:4018",
                             "/FS",
                             "/sdl",
                             "/d2FH4",
                             "/Zo",
                             "/favor:AMD64",
                             "/openmp:llvm",
                             "/volatileMetadata",
                             "/jumptablerdata",
                             "/options:strict"}) {
    EXPECT_EQ(verdict("cl /c a.c " + std::string(option)), "cached");
  }
  for (const char* option : {"/d2cgsummary", "/d1reportTime", "/Bt+"}) {
    EXPECT_TRUE(refused_for("cl /c a.c " + std::string(option), Reason::measures_compiler)) << option;
  }
  EXPECT_TRUE(refused_for("cl /c a.c /d2unheard", Reason::unknown_option));
  EXPECT_TRUE(refused_for("cl /c a.c /analyze:log x", Reason::writes_extra_file));
  EXPECT_TRUE(refused_for("cl /c a.c /Zi", Reason::program_database));
}

}  // namespace
}  // namespace compiler_cache
