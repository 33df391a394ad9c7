// Calls that do without the helper, and what the launcher does by itself.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/launcher/build_tree.h"

namespace compiler_cache::launcher_test {
namespace {

class BypassTest : public testing::Test {
 protected:
  void SetUp() override { tree.listen(); }

  void expect_not_asked(const Launch& launch, const std::string& bypassed) {
    const Ending ending = Launched(launch).wait();
    EXPECT_EQ(ending.exit_code(), 0);
    EXPECT_EQ(ending.standard_output + ending.standard_error, "");
    EXPECT_TRUE(tree.compiler_ran());
    EXPECT_FALSE(tree.was_contacted());
    EXPECT_EQ(tree.read(".compiler-cache/bypassed"), bypassed);
  }

  BuildTree tree;
};

TEST_F(BypassTest, DisabledByTheEnvironment) {
  for (const std::string value : {"1", "ON", "yes"}) {
    unlink(tree.cache_path("bypassed").c_str());
    Launch launch = tree.launch({tree.compiler()});
    launch.environment = {"COMPILER_CACHE_DISABLE=" + value};
    expect_not_asked(launch, "d");
  }
  struct stat record = {};
  stat(tree.cache_path("bypassed").c_str(), &record);
  EXPECT_EQ(record.st_mode & 07777, 0600U);
}

TEST_F(BypassTest, AddsOneByteACall) {
  Launch launch = tree.launch({tree.compiler()});
  launch.environment = {"COMPILER_CACHE_DISABLE=1"};
  Launched(launch).wait();
  expect_not_asked(launch, "dd");
}

TEST_F(BypassTest, ZeroAndEmptyDoNotDisable) {
  for (const std::string value : {"0", ""}) {
    Launch launch = tree.launch({tree.compiler()});
    launch.environment = {"COMPILER_CACHE_DISABLE=" + value};
    Launched launched(launch);
    Peer peer = tree.accept();
    peer.read_request();
    peer.send_run("test");
    launched.wait();
  }
}

TEST_F(BypassTest, OutsideOfATreeItOnlyRunsTheCompiler) {
  std::filesystem::create_directory(tree.path("elsewhere"));
  std::filesystem::copy_file(LAUNCHER_PROGRAM, tree.path("elsewhere/launcher"));
  Launch launch = tree.launch({tree.compiler()});
  launch.argv[0] = tree.path("elsewhere/launcher");
  expect_not_asked(launch, "");
}

TEST_F(BypassTest, FindsItsTreeThroughTheKernelWhenItsNameHasNone) {
  std::filesystem::remove(tree.cache_path("bin/compiler-cache-launcher"));
  std::filesystem::copy_file(LAUNCHER_PROGRAM, tree.cache_path("bin/compiler-cache-launcher"));
  std::filesystem::create_symlink(tree.cache_path("bin/compiler-cache-launcher"), tree.path("other-name"));
  Launch launch = tree.launch({tree.compiler()});
  launch.argv[0] = "./other-name";
  Launched launched(launch);
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_run("test");
  launched.wait();
}

TEST_F(BypassTest, FindsItsTreeByARelativeName) {
  Launch launch = tree.launch({tree.compiler()});
  launch.argv[0] = ".compiler-cache/bin/compiler-cache-launcher";
  Launched launched(launch);
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_run("test");
  launched.wait();
}

TEST_F(BypassTest, ReachesAHelperInAVeryDeepTree) {
  BuildTree deep("/" + std::string(120, 'd') + "/" + std::string(120, 'e'));
  deep.listen();
  Launched launched(deep.launch({deep.compiler()}));
  Peer peer = deep.accept();
  peer.read_request();
  peer.send_run("test");
  EXPECT_EQ(launched.wait().exit_code(), 0);
}

TEST_F(BypassTest, CompileChecksByCMakeAreNotAskedFor) {
  for (const std::string folder : {"CMakeFiles/CMakeScratch/TryCompile-abc", "CMakeFiles/CMakeTmp"}) {
    std::filesystem::create_directories(tree.path(folder));
    Launch launch = tree.launch({tree.compiler()});
    launch.cwd = tree.path(folder);
    EXPECT_EQ(Launched(launch).wait().exit_code(), 0);
    EXPECT_TRUE(tree.exists(folder + "/ran"));
    EXPECT_FALSE(tree.was_contacted());
  }
  expect_not_asked(tree.launch({tree.compiler(), "-o", "CMakeFiles/cmTC_12345.dir/x.o"}), "");
  expect_not_asked(tree.launch({tree.compiler(), "-oCMakeFiles/cmTC_12345.dir/x.o"}), "");
  expect_not_asked(tree.launch({tree.compiler(), "/FoCMakeFiles\\cmTC_12345.dir\\x.obj"}), "");
}

TEST_F(BypassTest, AnOutputOptionWithoutItsNameIsTheCompilersToComplainAbout) {
  Launched launched(tree.launch({tree.compiler(), "-o"}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_run("test");
  EXPECT_EQ(launched.wait().exit_code(), 0);
}

TEST_F(BypassTest, ClosedStandardStreamsAreLeftToTheCompiler) {
  for (const int closed : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    unlink(tree.cache_path("bypassed").c_str());
    Launch launch = tree.launch({tree.script("cc", "test ! -e /proc/self/fd/$1 && echo ran >> ran\n"), "x"});
    launch.argv.back() = std::to_string(closed);
    launch.in_child = [=] { close(closed); };
    EXPECT_FALSE(tree.was_contacted());
    Launched(launch).wait();
    EXPECT_FALSE(tree.was_contacted());
    EXPECT_EQ(tree.read(".compiler-cache/bypassed"), "n");
  }
}

TEST_F(BypassTest, AHelperJustMarkedAsStalledGetsAMomentOnly) {
  tree.write(".compiler-cache/stalled", "");
  Launched launched(tree.launch({tree.compiler()}));
  Peer peer = tree.accept();
  peer.read_request();
  EXPECT_TRUE(peer.is_gone());
  launched.wait();
  EXPECT_TRUE(tree.compiler_ran());
  EXPECT_EQ(tree.read(".compiler-cache/bypassed"), "n");
}

TEST_F(BypassTest, AStalledMarkDoesNotKeepAHelperThatAnswersFromBeingHeard) {
  tree.write(".compiler-cache/stalled", "");
  Launched launched(tree.launch({tree.compiler()}));
  Peer peer = tree.accept();
  peer.send_hit(0, "", "", {{"a.o", "x"}});
  EXPECT_EQ(launched.wait().exit_code(), 0);
  EXPECT_TRUE(tree.exists("a.o"));
}

// Takes kAnswerTimeoutMs.
TEST_F(BypassTest, AHelperThatDoesNotAnswerIsMarkedAndPassedBy) {
  Launched launched(tree.launch({tree.compiler()}));
  Peer peer = tree.accept();
  peer.read_request();
  EXPECT_TRUE(peer.is_gone());
  launched.wait();
  EXPECT_TRUE(tree.compiler_ran());
  EXPECT_TRUE(tree.exists(".compiler-cache/stalled"));
  EXPECT_EQ(tree.read(".compiler-cache/bypassed"), "t");
}

TEST_F(BypassTest, SaysSoWhenTheCompilerCannotBeRun) {
  Launch launch = tree.launch({"no-such-compiler-anywhere"});
  launch.environment = {"COMPILER_CACHE_DISABLE=1"};
  Ending ending = Launched(launch).wait();
  EXPECT_EQ(ending.exit_code(), 127);
  EXPECT_EQ(ending.standard_error,
            "compiler-cache: cannot run no-such-compiler-anywhere: No such file or directory\n");

  tree.write("data", "no program");
  launch.argv.back() = "./data";
  ending = Launched(launch).wait();
  EXPECT_EQ(ending.exit_code(), 126);
  EXPECT_EQ(ending.standard_error, "compiler-cache: cannot run ./data: Permission denied\n");
}

TEST_F(BypassTest, RunsAScriptWithoutAnInterpreterLineAsAShellDoes) {
  tree.write("script", "echo \"$0 $1\"\n");
  chmod(tree.path("script").c_str(), 0755);
  Launch launch = tree.launch({"./script", "argument"});
  launch.environment = {"COMPILER_CACHE_DISABLE=1"};
  EXPECT_EQ(Launched(launch).wait().standard_output, "./script argument\n");
}

TEST_F(BypassTest, LooksTheCompilerUpInPath) {
  std::filesystem::create_directory(tree.path("tools"));
  tree.script("tools/my-cc", "echo found\n");
  Launch launch = tree.launch({"my-cc"});
  launch.environment = {"COMPILER_CACHE_DISABLE=1", "PATH=/nowhere:" + tree.path("tools") + ":/usr/bin:/bin"};
  EXPECT_EQ(Launched(launch).wait().standard_output, "found\n");
}

TEST_F(BypassTest, LogsItsDecisionAsOneLine) {
  Launch launch = tree.launch({tree.compiler()});
  launch.environment = {"COMPILER_CACHE_DISABLE=1", "COMPILER_CACHE_LOG=log"};
  Launched launched(launch);
  const std::string pid = std::to_string(launched.pid());
  launched.wait();
  EXPECT_EQ(tree.read("log"), pid + " launcher bypass: COMPILER_CACHE_DISABLE is set\n");
}

TEST_F(BypassTest, SaysItsVersionAndItsUsage) {
  Ending ending = Launched(tree.launch({"--version"})).wait();
  EXPECT_EQ(ending.standard_output, "compiler-cache-launcher " LAUNCHER_VERSION "\n");
  EXPECT_EQ(ending.exit_code(), 0);
  ending = Launched(tree.launch({})).wait();
  EXPECT_EQ(ending.exit_code(), 2);
  EXPECT_EQ(ending.standard_error,
            "usage: compiler-cache-launcher [--archive LIBRARY RANLIB | --link] PROGRAM ARGUMENT...\n");
}

}  // namespace
}  // namespace compiler_cache::launcher_test
