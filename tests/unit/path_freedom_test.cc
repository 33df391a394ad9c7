#include "helper/path_freedom.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

struct Asked {
  std::vector<std::string> options;
  std::string source = "/s/x.cc";
  std::string cwd = "/w/build";
  std::string logical_cwd = {};
  std::vector<std::string> environment = {};
  std::string compiler = "g++";
  std::string version = "gcc version 12.2.0 (Debian)";
  CompilerFamily family = CompilerFamily::gcc;
  bool script = false;
  std::string output = "x.o";
};

CommandFreedom judge(const Asked& asked) {
  CommandInput input;
  input.argv = asked.options;
  input.argv.insert(input.argv.begin(), asked.compiler);
  input.argv.insert(input.argv.end(), {"-c", asked.source, "-o", asked.output});
  input.cwd = asked.cwd;
  input.family = asked.family;
  Classified classified = classify_command(input, [](const std::string&) -> Result<std::string> {
    return Error{ErrorKind::not_found, ""};
  });
  const Command* command = std::get_if<Command>(&classified);
  if (command == nullptr) return {Freedom::bound, BoundReason::option, "refused"};
  Identity identity;
  identity.family = asked.family;
  identity.name = asked.version;
  identity.is_script = asked.script;
  const RootTokens roots("/s", "/w/build");
  return judge_command({identity,
                        *command,
                        input.argv,
                        asked.environment,
                        asked.cwd,
                        asked.logical_cwd,
                        "/s",
                        "/w/build",
                        false,
                        {}},
                       roots);
}

void expect_bound(BoundReason reason, const Asked& asked) {
  const CommandFreedom freedom = judge(asked);
  EXPECT_EQ(freedom.freedom, Freedom::bound) << testing::PrintToString(asked.options);
  EXPECT_EQ(describe(freedom.reason).name, describe(reason).name) << testing::PrintToString(asked.options);
}

TEST(PathFreedomTest, WithoutDebugInformationTheSourcesDecide) {
  EXPECT_EQ(judge({{}}).freedom, Freedom::unmapped);
  EXPECT_EQ(judge({{"-O2", "-DNDEBUG", "-std=gnu++17", "-Wall", "-fPIC", "-I/s/include", "-isystem", "/usr/x",
                    "-pthread", "-MD", "-MF", "x.d", "-fvisibility=hidden", "-Wp,-D_FORTIFY_SOURCE=2",
                    "-msse4.2", "-g0"}})
                .freedom,
            Freedom::unmapped);
}

TEST(PathFreedomTest, DebugInformationBindsUnlessBothRootsAreMapped) {
  const std::string source = "-ffile-prefix-map=/s=/S";
  const std::string build = "-ffile-prefix-map=/w/build=/B";
  expect_bound(BoundReason::debug_information, {{"-g"}});
  expect_bound(BoundReason::debug_information, {{"-ggdb3", source}});
  expect_bound(BoundReason::debug_information, {{"-g", build}});
  expect_bound(BoundReason::debug_information, {{"-g", "-ffile-prefix-map=/s/inner=/S", build}});
  expect_bound(BoundReason::debug_information,
               {{"-g", "-fmacro-prefix-map=/s=/S", "-fmacro-prefix-map=/w/build=/B"}});
  EXPECT_EQ(judge({{"-g", source, build}}).freedom, Freedom::mapped);
  EXPECT_EQ(judge({{"-O2", source, build}}).freedom, Freedom::mapped);
  EXPECT_EQ(judge({{"-O2", source}}).freedom, Freedom::unmapped);
  EXPECT_EQ(judge({{"-g", "-ffile-prefix-map=/s/=", build}}).freedom, Freedom::mapped);
  expect_bound(BoundReason::debug_information, {{"-g", source, "-ffile-prefix-map=/w/build/="}});
  EXPECT_EQ(judge({{"-g", "-fdebug-prefix-map=/s=/S", "-fmacro-prefix-map=/s=/S", build}}).freedom,
            Freedom::mapped);
  expect_bound(BoundReason::debug_information, {{"-g", "-fdebug-prefix-map=/s=/S", build}});
}

TEST(PathFreedomTest, SplitDebugInformationIsFreeWhereItsNameIs) {
  expect_bound(BoundReason::debug_information, {{"-g", "-gsplit-dwarf"}});
  Asked asked{{"-g", "-gsplit-dwarf", "-ffile-prefix-map=/s=/S", "-ffile-prefix-map=/w/build=/B"}};
  EXPECT_EQ(judge(asked).freedom, Freedom::mapped);
  asked.output = "/w/build/x.o";
  expect_bound(BoundReason::extra_output, asked);
  asked.output = "x.o";
  for (const char* option : {"-g3", "-ggdb3", "-gz", "-gz=zlib"}) {
    asked.options[0] = option;
    expect_bound(BoundReason::option, asked);
  }
}

TEST(PathFreedomTest, OldCompilersMayNotMapAll) {
  Asked asked{{"-ffile-prefix-map=/s=/S", "-ffile-prefix-map=/w/build=/B"}};
  asked.version = "gcc version 9.4.0";
  expect_bound(BoundReason::old_compiler, asked);
  asked.family = CompilerFamily::clang;
  asked.version = "Debian clang version 14.0.6";
  EXPECT_EQ(judge(asked).freedom, Freedom::mapped);
  asked.version = "clang version 12.0.1";
  expect_bound(BoundReason::old_compiler, asked);
  asked.version = "clang";
  expect_bound(BoundReason::old_compiler, asked);
}

TEST(PathFreedomTest, OptionsThatAreNotListedBind) {
  for (const char* option : {"-fsanitize=undefined", "-flto", "-fprofile-arcs", "-frandom-seed=1", "-fopenmp",
                             "-mllvm", "-frecord-gcc-switches", "-Wa,-L", "-DX=/s/y", "-Wp,-D_X=/w/build",
                             "-ffile-prefix-map=/x=/s", "-fxray-instrument", "-fno-such-option",
                             "-Wp,-DA,-DB", "-Wp,-D", "-finput-charset=latin1", "-fms-extensions"})
    EXPECT_EQ(judge({{option}}).freedom, Freedom::bound) << option;
  expect_bound(BoundReason::extra_output, {{"-fstack-usage"}});
  expect_bound(BoundReason::precompiled_header, {{"-x", "c++-header"}});
  expect_bound(BoundReason::language, {{"-S"}});
  expect_bound(BoundReason::language, {{}, "/s/x.S"});
  expect_bound(BoundReason::language, {{}, "/s/x.ii"});
}

TEST(PathFreedomTest, PlacesThatAreNotPlainBind) {
  expect_bound(BoundReason::working_folder, {{}, "/s/x.cc", "/elsewhere"});
  expect_bound(BoundReason::input_place, {{}, "/s/../s/x.cc"});
  expect_bound(BoundReason::input_place, {{}, "../../s/x.cc"});
  expect_bound(BoundReason::input_place, {{"-I/w/build/../x"}});
  EXPECT_EQ(judge({{}, "sub/x.cc"}).freedom, Freedom::unmapped);
  Asked linked{{}};
  linked.logical_cwd = "/link/build";
  expect_bound(BoundReason::linked_folder, linked);
  Asked environment{{}};
  environment.environment = {"CPATH=/s/include"};
  expect_bound(BoundReason::environment, environment);
  Asked script{{}};
  script.script = true;
  expect_bound(BoundReason::compiler, script);
  Asked own{{}};
  own.compiler = "/s/tools/g++";
  expect_bound(BoundReason::compiler, own);
}

}  // namespace
}  // namespace compiler_cache
