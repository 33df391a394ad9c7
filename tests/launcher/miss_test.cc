// A miss: the compiler runs as it would have, and the helper hears of it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <sstream>

#include "protocol/protocol.h"
#include "tests/launcher/build_tree.h"

namespace compiler_cache::launcher_test {
namespace {

using Words = std::vector<std::string>;

class MissTest : public testing::Test {
 protected:
  void SetUp() override { tree.listen(); }

  /// One launcher that is told to run `commands`. A compile that ends by itself gets its `stored`.
  Ending run(const std::string& commands, const Words& scan = {}, const Words& create = {},
             const Words& remove = {}) {
    return run(tree.launch({tree.script("asked", "echo wrong one\n")}), commands, scan, create, remove);
  }
  Ending run(const Launch& launch, const std::string& commands, const Words& scan = {},
             const Words& create = {}, const Words& remove = {}) {
    Launched launched(launch);
    Peer peer = tree.accept();
    peer.read_request();
    peer.send_miss({tree.script("cc", commands), "first", "second"}, scan, create, remove);
    compiled = peer.read_compiled();
    if (compiled.heard && WIFEXITED(static_cast<int>(compiled.status))) peer.send_stored(note);
    return launched.wait();
  }

  BuildTree tree;
  Compiled compiled;
  std::string note;
};

TEST_F(MissTest, RunsTheCommandItIsGivenAndReportsIt) {
  const Ending ending = run("echo \"$1 $2\"; echo to stderr >&2; echo object > a.o\n");
  EXPECT_EQ(ending.exit_code(), 0);
  EXPECT_EQ(ending.standard_output, "first second\n");
  EXPECT_EQ(ending.standard_error, "to stderr\n");
  EXPECT_EQ(tree.read("a.o"), "object\n");
  ASSERT_TRUE(compiled.heard);
  EXPECT_EQ(compiled.status, 0U);
  EXPECT_GT(compiled.microseconds, 0U);
  EXPECT_EQ(compiled.flags, 0U);
  EXPECT_EQ(compiled.standard_output, "first second\n");
  EXPECT_EQ(compiled.standard_error, "to stderr\n");
  EXPECT_FALSE(tree.exists(".compiler-cache/bypassed"));
}

TEST_F(MissTest, StaysUntilTheOutputsAreTaken) {
  Launched launched(tree.launch({"cc"}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({tree.script("cc", "exit 0\n")});
  EXPECT_TRUE(peer.read_compiled().heard);
  EXPECT_EQ(waitpid(launched.pid(), nullptr, WNOHANG), 0) << "it has ended too early";
  peer.send_stored();
  EXPECT_EQ(launched.wait().exit_code(), 0);
}

TEST_F(MissTest, EndsWhenTheHelperDiesInsteadOfTakingThem) {
  Launched launched(tree.launch({"cc"}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({tree.script("cc", "exit 0\n")});
  EXPECT_TRUE(peer.read_compiled().heard);
  peer.hang_up();
  EXPECT_EQ(launched.wait().exit_code(), 0);
}

TEST_F(MissTest, CompilesOnWhenTheHelperDiesMeanwhile) {
  Launched launched(tree.launch({"cc"}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({tree.script("cc", "echo ran; exit 3\n")});
  peer.hang_up();
  const Ending ending = launched.wait();
  EXPECT_EQ(ending.exit_code(), 3);
  EXPECT_EQ(ending.standard_output, "ran\n");
}

TEST_F(MissTest, WritesTheHelpersNoteBehindTheCompilersOwnWords) {
  note = "compiler-cache: look here\n";
  Ending ending = run("echo warning >&2; echo > a.o\n");
  EXPECT_EQ(ending.exit_code(), 0);
  EXPECT_EQ(ending.standard_output, "");
  EXPECT_EQ(ending.standard_error, "warning\ncompiler-cache: look here\n");
  EXPECT_EQ(compiled.standard_error, "warning\n");
  ending = run("echo error >&2; exit 4\n");
  EXPECT_EQ(ending.exit_code(), 4);
  EXPECT_EQ(ending.standard_error, "error\ncompiler-cache: look here\n");
}

TEST_F(MissTest, EndsWithTheCompilersStatusWhenTheHelperDiesAfterAFailure) {
  Launched launched(tree.launch({"cc"}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({tree.script("cc", "exit 5\n")});
  EXPECT_TRUE(peer.read_compiled().heard);
  peer.hang_up();
  EXPECT_EQ(launched.wait().exit_code(), 5);
}

TEST_F(MissTest, PassesAFailureOn) {
  const Ending ending = run("echo error >&2; exit 4\n");
  EXPECT_EQ(ending.exit_code(), 4);
  EXPECT_EQ(ending.standard_error, "error\n");
  ASSERT_TRUE(compiled.heard);
  EXPECT_EQ(compiled.status, 4U << 8);
}

TEST_F(MissTest, ScansAfterAGoodCompileAndHidesTheScan) {
  const std::string scan = tree.script("scan", "echo noise; echo noise >&2; cat > scanned; test -f a.o\n");
  const Ending ending = run("echo > a.o\n", {scan});
  EXPECT_EQ(ending.standard_output, "");
  EXPECT_EQ(ending.standard_error, "");
  EXPECT_TRUE(tree.exists("scanned"));
  EXPECT_EQ(compiled.flags, 0U);
  EXPECT_EQ(compiled.standard_output, "");
}

TEST_F(MissTest, SaysWhenTheScanFailed) {
  EXPECT_EQ(run("exit 0\n", {tree.script("scan", "exit 1\n")}).exit_code(), 0);
  EXPECT_EQ(compiled.flags, protocol::kScanFailed);
  EXPECT_EQ(run("exit 0\n", {tree.path("no such program")}).exit_code(), 0);
  EXPECT_EQ(compiled.flags, protocol::kScanFailed);
}

TEST_F(MissTest, DoesNotScanAfterAFailure) {
  run("exit 1\n", {tree.script("scan", "echo > scanned\n")});
  EXPECT_FALSE(tree.exists("scanned"));
  EXPECT_EQ(compiled.flags, 0U);
}

TEST_F(MissTest, MakesTheFoldersFirstAndRemovesTheFilesInTheEnd) {
  mkdir(tree.path("there").c_str(), 0755);
  run("echo > private/a.d; stat -c %a private\n", {}, {"private", "there"}, {"private/a.d", "never made"});
  EXPECT_EQ(compiled.standard_output, "700\n");
  EXPECT_TRUE(tree.exists("private"));
  EXPECT_FALSE(tree.exists("private/a.d"));
}

TEST_F(MissTest, RemovesTheFilesAfterAFailureAndAfterASignal) {
  run("echo > a.d; exit 1\n", {}, {}, {"a.d"});
  EXPECT_FALSE(tree.exists("a.d"));
  run("echo > a.d; kill -KILL $$\n", {}, {}, {"a.d"});
  EXPECT_FALSE(tree.exists("a.d"));
}

TEST_F(MissTest, DiesOfTheSignalThatKilledTheCompiler) {
  for (const int number : {SIGKILL, SIGSEGV, SIGTERM, SIGINT}) {
    const Ending ending = run("kill -" + std::to_string(number) + " $$\n");
    EXPECT_EQ(ending.signal(), number);
    EXPECT_EQ(compiled.status, static_cast<uint64_t>(number));
  }
  EXPECT_FALSE(tree.exists("core"));
}

TEST_F(MissTest, PassesSignalsOnToTheCompiler) {
  for (const std::string name : {"HUP", "INT", "QUIT", "TERM"}) {
    // dash runs a trap between two commands, so it is given something to do until then.
    const Ending ending = run("trap 'echo caught " + name + "; exit 7' " + name + "; kill -" + name +
                              " $PPID; while :; do :; done\n");
    EXPECT_EQ(ending.exit_code(), 7);
    EXPECT_EQ(ending.standard_output, "caught " + name + "\n");
  }
}

TEST_F(MissTest, LeavesIgnoredSignalsIgnored) {
  Launch launch = tree.launch({"cc"});
  launch.in_child = [] { signal(SIGHUP, SIG_IGN); };
  EXPECT_EQ(run(launch, "kill -HUP $$; kill -HUP $PPID; exit 5\n").exit_code(), 5);
}

// The kernel tells nobody of their ends then, and a failure would look like a success.
TEST_F(MissTest, AFailureIsOneAlsoWhereTheEndsOfChildrenAreIgnored) {
  Launch launch = tree.launch({"cc"});
  launch.in_child = [] { signal(SIGCHLD, SIG_IGN); };
  EXPECT_EQ(run(launch, "exit 6\n").exit_code(), 6);
  EXPECT_EQ(compiled.status, 6U << 8);
}

TEST_F(MissTest, GivesTheCompilerTheSignalMaskOfACleanStart) {
  Launched launched(tree.launch({"cc"}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss(
      {"grep", "-E", "SigBlk|SigIgn", "/proc/self/status"});  // no script: the shell clears the mask
  peer.read_compiled();
  peer.send_stored();
  const std::string none = "0000000000000000\n";
  EXPECT_EQ(launched.wait().standard_output, "SigBlk:\t" + none + "SigIgn:\t" + none);
}

TEST_F(MissTest, ACompilerDoesNotOutliveAKilledLauncher) {
  ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);  // so that its end can be waited for here
  Launched launched(tree.launch({"cc"}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({tree.script("cc", "echo $$ > pid; kill -KILL $PPID; while :; do :; done\n")});
  EXPECT_EQ(launched.wait().signal(), SIGKILL);
  int status = 0;
  EXPECT_EQ(waitpid(atoi(tree.read("pid").c_str()), &status, 0), atoi(tree.read("pid").c_str()));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  EXPECT_TRUE(peer.is_gone());
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_F(MissTest, PassesMoreOnThanIsKept) {
  const Ending ending = run("head -c 9000000 /dev/zero; echo end; echo little >&2\n");
  EXPECT_EQ(ending.standard_output.size(), 9000004U);
  EXPECT_EQ(compiled.flags, protocol::kCaptureOverflow);
  EXPECT_LE(compiled.standard_output.size(), protocol::kMaxCapture);
  EXPECT_EQ(compiled.standard_error, "little\n");
  EXPECT_EQ(ending.exit_code(), 0);
}

TEST_F(MissTest, KeepsAsMuchAsMayBeKept) {
  run("head -c 8388608 /dev/zero; head -c 8388608 /dev/zero >&2\n");
  EXPECT_EQ(compiled.flags, 0U);
  EXPECT_EQ(compiled.standard_output.size(), protocol::kMaxCapture);
  EXPECT_EQ(compiled.standard_error.size(), protocol::kMaxCapture);
}

TEST_F(MissTest, ABrokenPipeReachesTheCompiler) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  close(ends[0]);
  Launch launch = tree.launch({"cc"});
  launch.standard_output = ends[1];
  const Ending ending =
      run(launch, "echo > a.d; while echo x; do :; done; echo > 'went on'\n", {}, {}, {"a.d"});
  close(ends[1]);
  EXPECT_EQ(ending.signal(), SIGPIPE);
  EXPECT_FALSE(tree.exists("a.d"));
  EXPECT_FALSE(tree.exists("went on"));
  EXPECT_EQ(compiled.status, static_cast<uint64_t>(SIGPIPE));
}

TEST_F(MissTest, WhatCouldNotBePassedOnIsNotToBeStored) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  close(ends[0]);
  Launch launch = tree.launch({"cc"});
  launch.standard_output = ends[1];
  const Ending ending = run(launch, "echo once\n");
  close(ends[1]);
  EXPECT_EQ(ending.signal(), SIGPIPE);
  EXPECT_EQ(compiled.flags, protocol::kCaptureOverflow);
}

TEST_F(MissTest, AProcessLeftBehindDoesNotHoldUpTheBuild) {
  ASSERT_EQ(mkfifo(tree.path("hold").c_str(), 0600), 0);  // nobody ever writes to it
  const Ending ending = run("read line < hold & echo $! > pid; echo done\n");
  EXPECT_EQ(ending.exit_code(), 0);
  EXPECT_EQ(ending.standard_output, "done\n");
  const int left = atoi(tree.read("pid").c_str());
  ASSERT_GT(left, 0);
  EXPECT_EQ(kill(left, SIGKILL), 0) << "it should still be there";
}

TEST_F(MissTest, InheritsTheDescriptorsThatTheBuildToolLeftOpenAndNoOthers) {
  int jobserver[2];
  ASSERT_EQ(pipe2(jobserver, O_CLOEXEC), 0);
  Launch launch = tree.launch({"cc"});
  launch.in_child = [&] {
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);  // whatever the test itself was left with
    dup2(jobserver[1], 8);
  };
  const Ending ending =
      run(launch, "printf + >&8; for f in /proc/$$/fd/*; do test -e $f && echo ${f##*/}; done\n");
  char token = 0;
  ASSERT_EQ(read(jobserver[0], &token, 1), 1);
  EXPECT_EQ(token, '+');
  close(jobserver[0]);
  close(jobserver[1]);
  std::istringstream lines(ending.standard_output);
  for (int descriptor; lines >> descriptor;) {
    // The shell keeps its script at 10 or above.
    EXPECT_TRUE(descriptor <= 2 || descriptor == 8 || descriptor >= 10) << descriptor;
  }
}

TEST_F(MissTest, ReadsAQuestionFromStandardInputAsTheCompilerWould) {
  tree.write("input", "from stdin\n");
  Launch launch = tree.launch({"cc"});
  launch.in_child = [&] {
    const int input = open(tree.path("input").c_str(), O_RDONLY);
    dup2(input, STDIN_FILENO);
    close(input);
  };
  EXPECT_EQ(run(launch, "cat\n").standard_output, "from stdin\n");
}

TEST_F(MissTest, ALogOnAFullDiskFailsNoCompile) {
  Launch launch = tree.launch({"cc"});
  launch.standard_output = launch.standard_error = open("/dev/full", O_WRONLY | O_CLOEXEC);
  const Ending ending =
      run(launch,
          "trap 'exit 9' PIPE; for i in 1 2 3 4 5 6; do head -c 70000 /dev/zero; echo x >&2; done; exit 3\n");
  EXPECT_EQ(ending.exit_code(), 3);
  EXPECT_NE(compiled.flags & protocol::kCaptureOverflow, 0U);
}

TEST_F(MissTest, ReportsACompilerThatCannotBeRun) {
  Launched launched(tree.launch({"cc"}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({"no-such-compiler-anywhere"});
  compiled = peer.read_compiled();
  const Ending ending = launched.wait();
  EXPECT_EQ(ending.exit_code(), 127);
  EXPECT_EQ(ending.standard_error,
            "compiler-cache: cannot run no-such-compiler-anywhere: No such file or directory\n");
  EXPECT_EQ(compiled.status, 127U << 8);
}

}  // namespace
}  // namespace compiler_cache::launcher_test
