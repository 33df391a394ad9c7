#include "helper/command_link.h"

#include <gtest/gtest.h>

#include "helper/options_linker.h"

namespace compiler_cache {
namespace {

using Words = std::vector<std::string>;

Words with(Words words) {
  words.insert(words.begin(), {"c++", "a.o", "-o", "x"});
  return words;
}

Classified classify(const Words& argv, CompilerFamily family = CompilerFamily::gcc) {
  return classify_link(argv, "/b", family, [](const std::string& path) -> Result<std::string> {
    if (!path.ends_with("objects.rsp")) return Error{ErrorKind::not_found, path};
    return std::string("b.o \"c d.o\"");
  });
}

Command accepted(const Words& argv) {
  Classified classified = classify(argv);
  EXPECT_TRUE(std::holds_alternative<Command>(classified)) << testing::PrintToString(argv);
  Command* command = std::get_if<Command>(&classified);
  return command == nullptr ? Command() : std::move(*command);
}

std::string refused(const Words& argv, CompilerFamily family = CompilerFamily::gcc) {
  const Classified classified = classify(argv, family);
  const Refusal* refusal = std::get_if<Refusal>(&classified);
  return refusal == nullptr ? "accepted" : std::string(to_string(refusal->reason)) + " " + refusal->detail;
}

Words inputs(const Command& command) {
  Words names;
  for (const NamedInput& named : command.named_inputs) names.push_back(named.path);
  return names;
}

TEST(CommandLinkTest, WhatIsLinkedAndWhereToIsTold) {
  const Command command =
      accepted({"c++", "-O2", "-g", "-DNDEBUG", "-rdynamic", "a.o", "-o", "bin/x", "sub/libf.a", "libs.so.1",
                "-lm", "-L", "/opt/lib", "-L/q", "-pthread", "-Wl,--as-needed,-z,relro"});
  EXPECT_EQ(command.action, Action::link);
  EXPECT_EQ(command.output, "bin/x");
  EXPECT_EQ(inputs(command), (Words{"a.o", "sub/libf.a", "libs.so.1"}));
  EXPECT_EQ(command.dependencies, DependencySource::link_list);
  EXPECT_FALSE(command.reads_sources());
  EXPECT_EQ(accepted({"cc", "a.o"}).output, "a.out");
  EXPECT_EQ(inputs(accepted({"cc", "@objects.rsp", "-o", "x"})), (Words{"b.o", "c d.o"}));
}

TEST(CommandLinkTest, FilesThatOptionsNameAreInputs) {
  EXPECT_EQ(inputs(accepted(
                with({"-Wl,--version-script=v.map", "-Wl,--dynamic-list,d.list", "-T", "s.lds", "-Xlinker",
                      "--retain-symbols-file=r", "-Wl,--whole-archive,libw.a,--no-whole-archive"}))),
            (Words{"a.o", "v.map", "d.list", "s.lds", "r", "libw.a"}));
}

TEST(CommandLinkTest, FoldersForLibrariesOfLibrariesAreTold) {
  EXPECT_EQ(accepted(with({"-Wl,-rpath,/a:/b", "-Wl,-rpath-link=/c", "-Wl,-rpath", "-Wl,$ORIGIN/d"}))
                .library_folders,
            (Words{"/a", "/b", "/c", "$ORIGIN/d"}));
}

TEST(CommandLinkTest, AMapIsAnOutput) {
  const Command command = accepted(with({"-Wl,-Map,x.map"}));
  ASSERT_EQ(command.extra_outputs.size(), 1U);
  EXPECT_EQ(command.extra_outputs[0].role, OutputRole::link_map);
  EXPECT_EQ(command.extra_outputs[0].path, "x.map");
  EXPECT_EQ(refused(with({"-Wl,-Map=-"})), "linker-option -Map -");
  EXPECT_EQ(refused(with({"-Wl,-Map=a,-Map=b"})), "linker-option -Map b");
}

TEST(CommandLinkTest, AListThatTheUserAsksForIsOursAsWell) {
  EXPECT_EQ(accepted(with({"-Wl,--dependency-file=x.d"})).depfile, "x.d");
  EXPECT_EQ(accepted(with({"-Wl,--dependency-file,x.d"})).depfile, "x.d");
  EXPECT_NE(refused(with({"-Wl,--dependency-file=x.d,--dependency-file=y.d"})), "accepted");
}

TEST(CommandLinkTest, EachWordAndItsPlaceAreInTheKey) {
  const auto key = [](const Words& argv) { return accepted(argv).key; };
  EXPECT_EQ(key({"cc", "a.o", "b.o"}), key({"cc", "a.o", "b.o"}));
  EXPECT_NE(key({"cc", "a.o", "b.o"}), key({"cc", "b.o", "a.o"}));
  EXPECT_NE(key({"cc", "a.o", "-lm"}), key({"cc", "a.o", "-lz"}));
  EXPECT_NE(key({"cc", "a.o"}), key({"cc", "a.o", "-Wl,-s"}));
  EXPECT_NE(key({"cc", "a.o", "-o", "x"}), key({"cc", "a.o", "-o", "y"}));
}

TEST(CommandLinkTest, WhatIsNoLinkOrIsNotKnownIsRefused) {
  EXPECT_EQ(refused({"cc", "-c", "a.o"}), "not-a-link -c");
  EXPECT_EQ(refused({"cc", "a.c", "-o", "x"}), "linker-input a.c");
  EXPECT_EQ(refused({"cc", "a.o", "weird"}), "linker-input weird");
  EXPECT_EQ(refused({"cc", "-o", "x"}), "no-input ");
  EXPECT_EQ(refused({"cc", "x.o", "-o", "x.o"}), "output-collision x.o");
  EXPECT_EQ(refused({"cc", "a.o", "-o", "x", "-o", "y"}), "several-outputs y");
  EXPECT_EQ(refused({"cc", "a.o", "-o"}), "malformed-option -o");
  EXPECT_EQ(refused({"cc", "@missing"}).substr(0, 13), "response-file");
  EXPECT_EQ(refused({"clang-cl", "a.obj"}, CompilerFamily::clang_cl), "linker-option MSVC");
  for (const char* word : {"-r",
                           "-v",
                           "-###",
                           "-fuse-ld=/opt/ld",
                           "-x",
                           "-Wl,--plugin=p.so",
                           "-Wl,-plugin-opt=x",
                           "-Wl,--reproduce=r.tar",
                           "-L=/lib",
                           "-Wl,-L=/lib",
                           "-Wl,-rpath-link,=/lib",
                           "-Wl,-rpath-link,/a:=/b",
                           "-L$SYSROOT/lib",
                           "-Wl,--verbose",
                           "-Wl,--trace",
                           "-Wl,-t",
                           "-Wl,--build-id=uuid",
                           "-Wl,--dependency-file=",
                           "-Wl,@file",
                           "-Wl,--thinlto-cache-dir=c",
                           "-Wl,-mllvm,-stats",
                           "-Wl,--unknown",
                           "-fplugin=p.so",
                           "-specs=s",
                           "-save-temps"}) {
    EXPECT_NE(refused(with({word})), "accepted") << word;
  }
  for (const char* word : {"-shared",
                           "-static",
                           "-s",
                           "-fsanitize=address",
                           "-m64",
                           "-flto",
                           "-fuse-ld=lld",
                           "-O3",
                           "-Wl,--build-id",
                           "-Wl,--build-id=sha1",
                           "-Wl,-soname,libx.so.1",
                           "-Wl,-O1",
                           "-Wl,--gc-sections",
                           "-Wl,-Bsymbolic-functions",
                           "-Wl,--start-group,-la,-lb,--end-group",
                           "-Wl,-(,-la,-)",
                           "--coverage",
                           "-Wl,-z,now",
                           "-Wl,-znow",
                           "-Wl,--icf=all",
                           "-Wl,--threads=4",
                           "-Wl,--hash-style=gnu"}) {
    EXPECT_EQ(refused(with({word})), "accepted") << word;
  }
}

TEST(CommandLinkTest, TheListIsAskedForBehindEverythingElse) {
  EXPECT_EQ(compile_argv(accepted(with({"a.o"})), {"cc", "a.o"}, "/t/1,2.d"),
            (Words{"cc", "a.o", "-Xlinker", "--dependency-file=/t/1,2.d"}));
  const Words own{"cc", "a.o", "-Wl,--dependency-file=x.d"};
  EXPECT_EQ(compile_argv(accepted(with({"-Wl,--dependency-file=x.d"})), own, ""), own);
}

TEST(OptionsLinkerTest, OneOrTwoDashesButForLetters) {
  EXPECT_NE(find_linker_option("--gc-sections").option, nullptr);
  EXPECT_NE(find_linker_option("-gc-sections").option, nullptr);
  EXPECT_NE(find_linker_option("-s").option, nullptr);
  EXPECT_EQ(find_linker_option("--s").option, nullptr);
  EXPECT_EQ(find_linker_option("--gc-sections=x").option, nullptr);
  EXPECT_EQ(find_linker_option("-").option, nullptr);
  EXPECT_EQ(find_linker_option("x").option, nullptr);
}

TEST(OptionsLinkerTest, ValuesFollowOrAreJoined) {
  EXPECT_EQ(find_linker_option("--soname=x").value, "x");
  EXPECT_TRUE(find_linker_option("--soname").value_follows);
  EXPECT_EQ(find_linker_option("-zrelro").value, "relro");
  EXPECT_TRUE(find_linker_option("-z").value_follows);
  EXPECT_EQ(find_linker_option("--build-id=sha1").value, "sha1");
  EXPECT_FALSE(find_linker_option("--build-id").value_follows);
}

}  // namespace
}  // namespace compiler_cache
