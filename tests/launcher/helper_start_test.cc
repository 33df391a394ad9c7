// The first launcher that finds no helper starts one, detached from everything.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>

#include "tests/launcher/build_tree.h"
#include "tests/launcher/refusals.h"

namespace compiler_cache::launcher_test {
namespace {

class HelperStartTest : public testing::Test {
 protected:
  ~HelperStartTest() override {
    if (const int pid = atoi(noted("pid").c_str()); pid > 1) kill(pid, SIGKILL);
  }

  void install_helper() {
    std::filesystem::create_symlink(STAND_IN_HELPER, tree.cache_path("bin/compiler-cache-helper"));
  }
  /// What the stand-in noted of `what`, all lines joined by spaces.
  std::string noted(const std::string& what) const {
    std::istringstream lines(tree.read(".compiler-cache/started"));
    std::string all;
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind(what, 0) == 0 && line.size() > what.size())
        all += (all.empty() ? "" : " ") + line.substr(what.size() + 1);
    }
    return all;
  }
  std::string bypassed() const { return tree.read(".compiler-cache/bypassed"); }

  BuildTree tree;
};

TEST_F(HelperStartTest, StartsTheHelperOfItsTreeAndAsksIt) {
  install_helper();
  EXPECT_EQ(Launched(tree.launch({tree.compiler()})).wait().exit_code(), 0);
  EXPECT_TRUE(tree.compiler_ran());
  EXPECT_EQ(bypassed(), "");
  EXPECT_EQ(noted("argument"), "serve --tree " + tree.path(""));
}

TEST_F(HelperStartTest, GivesFullPathsWhereItsOwnNameIsRelative) {
  install_helper();
  Launch launch = tree.launch({tree.compiler()});
  launch.argv[0] = ".compiler-cache/bin/compiler-cache-launcher";
  Launched(launch).wait();
  EXPECT_EQ(noted("argument"), "serve --tree " + tree.path(""));
}

TEST_F(HelperStartTest, AsksTheSameHelperAgain) {
  install_helper();
  for (int i = 0; i < 3; ++i) Launched(tree.launch({tree.compiler()})).wait();
  EXPECT_EQ(tree.read(".compiler-cache/starts"), "s");
  EXPECT_EQ(bypassed(), "");
}

TEST_F(HelperStartTest, ManyLaunchersStartOneHelper) {
  install_helper();
  const Launch launch = tree.launch({tree.compiler()});
  std::vector<std::unique_ptr<Launched>> all;
  for (int i = 0; i < 20; ++i) all.push_back(std::make_unique<Launched>(launch));
  for (const auto& launched : all) EXPECT_EQ(launched->wait().exit_code(), 0);
  EXPECT_EQ(tree.read(".compiler-cache/starts"), "s");
  EXPECT_EQ(bypassed(), "");
}

TEST_F(HelperStartTest, WhereThereAreNoLocksAHelperIsStartedAllTheSame) {
  if (!can_refuse()) GTEST_SKIP() << "no system call filters here";
  install_helper();
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [] { refuse({{SYS_flock, ENOLCK}}); };
  EXPECT_EQ(Launched(launch).wait().exit_code(), 0);
  EXPECT_EQ(tree.read(".compiler-cache/starts"), "s");
  EXPECT_EQ(bypassed(), "");
}

TEST_F(HelperStartTest, ASocketThatADeadHelperLeftMeansThatThereIsNone) {
  install_helper();
  tree.listen();
  tree.stop_listening();  // the file stays, and connecting is refused
  // The stand-in does not take the old name over as the real one does, so it cannot be reached; but it was
  // started.
  EXPECT_EQ(Launched(tree.launch({tree.compiler()})).wait().exit_code(), 0);
  EXPECT_EQ(tree.read(".compiler-cache/starts"), "s");
  EXPECT_EQ(bypassed(), "n");
}

TEST_F(HelperStartTest, TheHelperHasASessionAFolderAndAUmaskOfItsOwn) {
  install_helper();
  Launched launched(tree.launch({tree.compiler()}));
  launched.wait();
  EXPECT_EQ(noted("cwd"), "/");
  EXPECT_EQ(noted("umask"), std::to_string(077));
  EXPECT_NE(noted("session"), std::to_string(getsid(0)));
  EXPECT_NE(noted("session"), noted("pid"));  // no session leader: it can never get a terminal
}

TEST_F(HelperStartTest, TheHelperInheritsNoDescriptor) {
  install_helper();
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [] {
    for (int descriptor = 5; descriptor < 300; descriptor += 50) dup2(STDERR_FILENO, descriptor);
  };
  Launched(launch).wait();
  std::istringstream words(noted("descriptor"));
  int count = 0;
  for (std::string number, target; words >> number >> target;) {
    if (target == "/dev/null") {
      ++count;
    } else {
      // Its own note and the folder that it lists.
      EXPECT_TRUE(target.find("/.compiler-cache/note") != std::string::npos || target.rfind("/proc/", 0) == 0)
          << target;
    }
  }
  EXPECT_EQ(count, 3);
}

TEST_F(HelperStartTest, TheBuildToolSeesTheEndOfItsPipes) {
  install_helper();
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  Launch launch = tree.launch({tree.compiler()});
  launch.standard_output = ends[1];
  launch.standard_error = ends[1];
  Launched launched(launch);
  close(ends[1]);
  char byte;
  EXPECT_EQ(read(ends[0], &byte, 1), 0);  // would wait for as long as the helper lives
  close(ends[0]);
  launched.wait();
  EXPECT_NE(noted("pid"), "");
}

TEST_F(HelperStartTest, TheHelperGetsTheEnvironmentWithoutTheBuildToolsPart) {
  install_helper();
  Launch launch = tree.launch({tree.compiler()});
  launch.environment = {"MAKEFLAGS=-j --jobserver-fds=3,4",
                        "MFLAGS=-j",
                        "NINJA_STATUS=%f",
                        "MAKELEVEL=2",
                        "HOME=/h",
                        "MAKEFLAGS_OF_MINE=1",
                        "COMPILER_CACHE_LOG=log"};
  Launched(launch).wait();
  const std::string environment = " " + noted("environment") + " ";
  EXPECT_EQ(environment.find(" MAKEFLAGS="), std::string::npos);
  EXPECT_EQ(environment.find(" MFLAGS="), std::string::npos);
  EXPECT_EQ(environment.find(" NINJA_STATUS="), std::string::npos);
  EXPECT_EQ(environment.find(" MAKELEVEL="), std::string::npos);
  EXPECT_NE(environment.find(" HOME=/h "), std::string::npos);
  EXPECT_NE(environment.find(" MAKEFLAGS_OF_MINE=1 "), std::string::npos);
  EXPECT_NE(environment.find(" COMPILER_CACHE_LOG=" + tree.path("log") + " "), std::string::npos);
  EXPECT_NE(environment.find(" GLIBC_TUNABLES=glibc.malloc.hugetlb=1:"), std::string::npos);
}

TEST_F(HelperStartTest, HowTheHelperAllocatesIsTheUsersToSay) {
  install_helper();
  Launch launch = tree.launch({tree.compiler()});
  launch.environment = {"GLIBC_TUNABLES=glibc.malloc.check=3", "HOME=/h"};
  Launched(launch).wait();
  const std::string environment = " " + noted("environment") + " ";
  EXPECT_NE(environment.find(" GLIBC_TUNABLES=glibc.malloc.check=3 "), std::string::npos);
  EXPECT_EQ(environment.find("hugetlb"), std::string::npos);
}

TEST_F(HelperStartTest, TheHelperGetsNoIgnoredSignals) {
  install_helper();
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [] { signal(SIGHUP, SIG_IGN); };
  Launched(launch).wait();
  EXPECT_EQ(noted("SigIgn:"), "0000000000000000");
  EXPECT_EQ(noted("SigBlk:"), "0000000000000000");
}

TEST_F(HelperStartTest, AMissingHelperIsMarkedSoThatTheNextDoesNotTry) {
  Launched(tree.launch({tree.compiler()})).wait();
  EXPECT_EQ(bypassed(), "n");
  EXPECT_TRUE(tree.exists(".compiler-cache/stalled"));
  install_helper();
  Launched(tree.launch({tree.compiler()})).wait();
  EXPECT_EQ(bypassed(), "nn");
  EXPECT_FALSE(tree.exists(".compiler-cache/starts"));
}

TEST_F(HelperStartTest, AMarkThatIsOldOrFromTheFutureIsForgotten) {
  install_helper();
  tree.write(".compiler-cache/stalled", "");
  for (const time_t seconds : {time_t{1000000000}, time_t{4000000000}}) {
    const struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, tree.cache_path("stalled").c_str(), times, 0), 0);
    Launched(tree.launch({tree.compiler()})).wait();
    EXPECT_EQ(bypassed(), "");
    EXPECT_EQ(tree.read(".compiler-cache/starts"), "s");
    if (const int pid = atoi(noted("pid").c_str()); pid > 1) kill(pid, SIGKILL);
    unlink(tree.cache_path("sock").c_str());
    unlink(tree.cache_path("starts").c_str());
    unlink(tree.cache_path("started").c_str());
  }
}

// Takes kStartTimeoutMs.
TEST_F(HelperStartTest, AHelperThatDoesNotComeUpIsMarked) {
  tree.script(".compiler-cache/bin/compiler-cache-helper",
              "echo x >> \"$3/.compiler-cache/starts\"; exit 1\n");
  EXPECT_EQ(Launched(tree.launch({tree.compiler()})).wait().exit_code(), 0);
  EXPECT_TRUE(tree.compiler_ran());
  EXPECT_EQ(bypassed(), "n");
  EXPECT_TRUE(tree.exists(".compiler-cache/stalled"));
  Launched(tree.launch({tree.compiler()})).wait();
  EXPECT_EQ(tree.read(".compiler-cache/starts"), "x\n");
}

TEST_F(HelperStartTest, IsNeverStartedForAnotherUsersTree) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  install_helper();
  ASSERT_EQ(chown(tree.cache_path("").c_str(), 65534, 65534), 0);
  EXPECT_EQ(Launched(tree.launch({tree.compiler()})).wait().exit_code(), 0);
  EXPECT_EQ(bypassed(), "o");
  EXPECT_FALSE(tree.exists(".compiler-cache/starts"));
}

TEST_F(HelperStartTest, IsNotStartedForACompileCheck) {
  install_helper();
  Launched(tree.launch({tree.compiler(), "-o", "cmTC_1"})).wait();
  EXPECT_TRUE(tree.compiler_ran());
  EXPECT_FALSE(tree.exists(".compiler-cache/starts"));
}

TEST_F(HelperStartTest, ATreeThatIsGoneIsNotMadeAgain) {
  install_helper();
  // A name below the folder that is nowhere: as after `rm -rf` of the build tree while its build runs.
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [this] { std::filesystem::rename(tree.cache_path(""), tree.path("moved")); };
  launch.executable = LAUNCHER_PROGRAM;
  EXPECT_EQ(Launched(launch).wait().exit_code(), 0);
  EXPECT_TRUE(tree.compiler_ran());
  EXPECT_FALSE(tree.exists(".compiler-cache"));
  EXPECT_FALSE(tree.exists("moved/starts"));
}

}  // namespace
}  // namespace compiler_cache::launcher_test
