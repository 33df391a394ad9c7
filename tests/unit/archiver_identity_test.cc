// Which archiver it is: its program, what that loads, and the plugins by which it reads objects.
#include "helper/archiver_identity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "helper/path_text.h"
#include "tests/unit/fake_compiler.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class ArchiverIdentityTest : public testing::Test {
 protected:
  ArchiverIdentityTest() {
    disk_.put_folder("/w");
    disk_.put_folder("/usr/local/bin");
    disk_.put("/usr/bin/ar", elf_program("archiver"), 0755);
    compiler_.processes.set_answer([this](const FakeProcesses::Call& call) { return answer(call); });
    clock_.settle();
  }

  Result<ProcessOutput> answer(const FakeProcesses::Call& call) {
    ProcessOutput output;
    if (call.has_variable("LD_TRACE_LOADED_OBJECTS=1")) {
      output.standard_output = compiler_.libraries;
      return output;
    }
    const auto said = says_.find(call.argv[0] + " " + call.argv.at(1));
    if (said == says_.end()) return Error{ErrorKind::not_found, call.argv[0]};
    output.standard_output = said->second;
    return output;
  }
  Result<Identity> probe(const std::string& archiver = "ar") {
    const IdentityQuestion question{archiver,          {}, {}, {"PATH=/usr/local/bin:/usr/bin"}, "/w",
                                    ToolKind::archiver};
    return probe_archiver(disk_, clock_, compiler_.processes, question, {});
  }
  /// What is known of `archiver` does not hold any more, and what it is now is another one.
  void expect_another(const std::function<void()>& change, const std::string& archiver = "ar") {
    const Result<Identity> before = probe(archiver);
    ASSERT_TRUE(before.ok()) << before.error().message;
    ASSERT_TRUE(before->supported);
    clock_.settle();
    ASSERT_TRUE(still_same(disk_, clock_, *before));
    clock_.tick();
    change();
    clock_.settle();
    EXPECT_FALSE(still_same(disk_, clock_, *before));
    const Result<Identity> after = probe(archiver);
    ASSERT_TRUE(after.ok());
    EXPECT_NE(after->digest, before->digest);
  }
  static bool has_file(const Identity& identity, const std::string& path) {
    return std::any_of(identity.files.begin(), identity.files.end(),
                       [&](const ProgramFile& file) { return file.path == path; });
  }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  FakeCompiler compiler_{disk_};
  /// By program and first argument.
  std::map<std::string, std::string> says_{{"/usr/bin/ar --version", "GNU ar (Fake) 2.40\nCopyright\n"}};
};

TEST_F(ArchiverIdentityTest, KnowsGnuArAndLlvmArByWhatTheySay) {
  for (const char* said :
       {"GNU ar (GNU Binutils for Debian) 2.40", "Debian LLVM version 14.0.6", "LLVM version 17.0.1"}) {
    says_["/usr/bin/ar --version"] = std::string(said) + "\nmore\n";
    const Result<Identity> identity = probe();
    ASSERT_TRUE(identity.ok());
    EXPECT_TRUE(identity->supported) << said;
    EXPECT_EQ(identity->name, said);
    EXPECT_TRUE(has_file(*identity, "/usr/bin/ar"));
    EXPECT_TRUE(has_file(*identity, "/lib/libc.so.6"));
  }
}

TEST_F(ArchiverIdentityTest, OthersAreNotSupported) {
  for (const char* said : {"BSD ar 1.1.0", "", "usage: GNU ar"}) {
    says_["/usr/bin/ar --version"] = said;
    EXPECT_FALSE(probe()->supported) << said;
  }
  EXPECT_EQ(probe("no-such-ar").error().kind, ErrorKind::not_found);
}

// It may run anything, so it is not even asked.
TEST_F(ArchiverIdentityTest, AScriptIsNotSupported) {
  disk_.put("/usr/bin/ar", "#!/bin/sh\nexec /usr/bin/real-ar \"$@\"\n", 0755);
  const Result<Identity> identity = probe();
  ASSERT_TRUE(identity.ok());
  EXPECT_FALSE(identity->supported);
  EXPECT_TRUE(compiler_.processes.calls().empty());
}

TEST_F(ArchiverIdentityTest, AnotherProgramUnderTheSameNameIsAnotherOne) {
  expect_another([this] { disk_.put("/usr/bin/ar", elf_program("another"), 0755); });
  expect_another([this] { disk_.put("/lib/libc.so.6", "another"); });
  expect_another([this] {
    says_["/usr/bin/ar --version"] = "GNU ar (Fake) 2.41\n",
    disk_.put("/usr/bin/ar", elf_program("newer"), 0755);
  });
}

TEST_F(ArchiverIdentityTest, OneThatAppearsEarlierInThePathIsAnotherOne) {
  says_["/usr/local/bin/ar --version"] = "GNU ar (Fake) 2.40\n";
  expect_another([this] { disk_.put("/usr/local/bin/ar", elf_program("archiver"), 0755); });
}

// ---- Plugins

TEST_F(ArchiverIdentityTest, PluginsThatAppearChangeOrGoMakeItAnotherOne) {
  for (const std::string folder :
       {"/usr/lib/bfd-plugins", "/usr/lib64/bfd-plugins", "/usr/lib/x86_64-linux-gnu/bfd-plugins"}) {
    disk_.put_folder(folder_of_path(folder));
    clock_.settle();
    expect_another([&] { disk_.put(folder + "/a.so", "plugin"); });
    expect_another([&] { disk_.put(folder + "/a.so", "changed"); });
    expect_another([&] { disk_.put(folder + "/b.so", "another"); });
    expect_another([&] { disk_.delete_tree(folder + "/a.so"); });
    expect_another([&] { disk_.delete_tree(folder); });
  }
}

TEST_F(ArchiverIdentityTest, APluginThatIsALinkCountsByWhatItLeadsTo) {
  disk_.put("/usr/lib/gcc/12/liblto_plugin.so", "plugin");
  disk_.put_folder("/usr/lib/bfd-plugins");
  disk_.put_symlink("/usr/lib/bfd-plugins/liblto_plugin.so", "../gcc/12/liblto_plugin.so");
  clock_.settle();
  expect_another([this] { disk_.put("/usr/lib/gcc/12/liblto_plugin.so", "changed"); });
}

TEST_F(ArchiverIdentityTest, PluginsAreLookedForBesideTheProgramThatALinkLeadsTo) {
  disk_.put("/opt/tools/bin/x-ar", elf_program("archiver"), 0755);
  disk_.put_folder("/opt/tools/lib");
  disk_.delete_tree("/usr/bin/ar");
  disk_.put_symlink("/usr/bin/ar", "../../opt/tools/bin/x-ar");
  clock_.settle();
  expect_another([this] { disk_.put("/opt/tools/lib/bfd-plugins/a.so", "plugin"); });
  expect_another([this] { disk_.put("/usr/lib/bfd-plugins/a.so", "plugin"); });
}

TEST_F(ArchiverIdentityTest, LlvmArHasNoPlugins) {
  says_["/usr/bin/ar --version"] = "LLVM version 14.0.6\n";
  const Result<Identity> before = probe();
  ASSERT_TRUE(before.ok());
  clock_.settle();
  disk_.put("/usr/lib/bfd-plugins/a.so", "plugin");
  clock_.settle();
  EXPECT_TRUE(still_same(disk_, clock_, *before));
  EXPECT_EQ(probe()->digest, before->digest);
}

// ---- gcc-ar

class GccArTest : public ArchiverIdentityTest {
 protected:
  static constexpr char kWrapper[] = "/usr/bin/x86_64-linux-gnu-gcc-ar-12";
  static constexpr char kPluginPath[] = "/usr/lib/gcc/12/liblto_plugin.so";

  GccArTest() {
    disk_.put(kWrapper, elf_program("wrapper"), 0755);
    disk_.put(kPluginPath, "plugin");
    clock_.settle();
    says_[std::string(kWrapper) + " --version"] = "GNU ar (Fake) 2.40\n";
    says_[driver_ + " -print-prog-name=ar"] = "ar\n";
    says_[driver_ + " -print-file-name=liblto_plugin.so"] = std::string(kPluginPath) + "\n";
  }

  const std::string driver_ = "/usr/bin/x86_64-linux-gnu-gcc-12";
};

TEST_F(GccArTest, ItIsAlsoTheArAndThePluginOfItsCompiler) {
  const Result<Identity> identity = probe(kWrapper);
  ASSERT_TRUE(identity.ok()) << identity.error().message;
  EXPECT_TRUE(identity->supported);
  for (const char* path : {kWrapper, "/usr/bin/ar", kPluginPath, "/lib/libc.so.6"})
    EXPECT_TRUE(has_file(*identity, path)) << path;
  expect_another([this] { disk_.put("/usr/bin/ar", elf_program("another"), 0755); }, kWrapper);
  expect_another([this] { disk_.put(kPluginPath, "another"); }, kWrapper);
  expect_another([this] { disk_.put(kWrapper, elf_program("another"), 0755); }, kWrapper);
  expect_another([this] { disk_.put("/usr/local/bin/ar", elf_program("earlier"), 0755); }, kWrapper);
}

TEST_F(GccArTest, WhatItRunsMustBeKnown) {
  says_[driver_ + " -print-prog-name=ar"] = "no-such-ar\n";
  EXPECT_EQ(probe(kWrapper).error().kind, ErrorKind::unsupported);
  says_[driver_ + " -print-prog-name=ar"] = "ar\n";
  says_[driver_ + " -print-file-name=liblto_plugin.so"] =
      "liblto_plugin.so\n";  // as of a file that is not there
  EXPECT_EQ(probe(kWrapper).error().kind, ErrorKind::unsupported);
  says_.erase(driver_ + " -print-file-name=liblto_plugin.so");
  EXPECT_FALSE(probe(kWrapper).ok());
}

}  // namespace
}  // namespace compiler_cache
