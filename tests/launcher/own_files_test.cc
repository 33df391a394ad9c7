// A miss that cannot be compiled as the helper asks: the compiler runs as the user asked, once it must, and
// the helper hears why.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "tests/launcher/build_tree.h"
#include "tests/launcher/refusals.h"

namespace compiler_cache::launcher_test {
namespace {

using Words = std::vector<std::string>;

class OwnFilesTest : public testing::Test {
 protected:
  void SetUp() override { tree.listen(); }

  /// A launcher of `compiler()`, told to run `commands` with a file of ours, private/a.d.
  Ending run(const std::string& commands, const Words& scan = {}) {
    return run(tree.launch({tree.compiler()}), commands, scan);
  }
  Ending run(const Launch& launch, const std::string& commands, const Words& scan = {}) {
    Launched launched(launch);
    Peer peer = tree.accept();
    peer.read_request();
    peer.send_miss({tree.script("cc", commands)}, scan, {"private"}, {"private/a.d"});
    restored = peer.read_restored();
    peer.hang_up();
    return launched.wait();
  }
  void expect_run_as_asked(const Ending& ending, const std::string& why) {
    EXPECT_EQ(ending.exit_code(), 0);
    EXPECT_EQ(tree.read("ran"), "ran\n");
    EXPECT_TRUE(restored.heard);
    EXPECT_FALSE(restored.ok);
    EXPECT_EQ(restored.detail, why);
    EXPECT_FALSE(tree.exists(".compiler-cache/bypassed")) << "counted twice";
    EXPECT_FALSE(tree.exists("private/a.d"));
    unlink(tree.path("ran").c_str());
  }

  BuildTree tree;
  Restored restored;
};

TEST_F(OwnFilesTest, AFailureThatNamesOurFileIsNotTheUsers) {
  expect_run_as_asked(run("echo 'cannot open private/a.d' >&2; exit 1\n"),
                      "a file of ours cannot be written");
}

TEST_F(OwnFilesTest, AFailureWhileOurFileCannotBeWrittenIsNotTheUsers) {
  ASSERT_EQ(mkdir(tree.path("private").c_str(), 0755), 0);
  ASSERT_EQ(symlink("/dev/full", tree.path("private/a.d").c_str()), 0);
  expect_run_as_asked(run("exit 70\n"), "a file of ours cannot be written");
}

TEST_F(OwnFilesTest, AFailureOfTheUsersOwnIsReportedOnce) {
  Launched launched(tree.launch({tree.compiler()}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({tree.script("cc", "echo bad >&2; exit 1\n")}, {}, {"private"}, {"private/a.d"});
  const Compiled compiled = peer.read_compiled();
  EXPECT_TRUE(compiled.heard);
  EXPECT_EQ(compiled.standard_error, "bad\n");
  peer.send_stored();
  EXPECT_EQ(launched.wait().exit_code(), 1);
  EXPECT_FALSE(tree.compiler_ran());
  EXPECT_FALSE(tree.exists("private/a.d"));
}

TEST_F(OwnFilesTest, AFileThatOnlyTheScanWritesIsNeverToBlame) {
  Launched launched(tree.launch({tree.compiler()}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({tree.script("cc", "echo private/a.d >&2; exit 1\n")}, {"scan"}, {"private"},
                 {"private/a.d"});
  EXPECT_TRUE(peer.read_compiled().heard);
  peer.send_stored();
  EXPECT_EQ(launched.wait().exit_code(), 1);
  EXPECT_FALSE(tree.compiler_ran());
}

TEST_F(OwnFilesTest, AFolderThatCannotBeMade) {
  tree.write("private", "in the way");
  Launched launched(tree.launch({tree.compiler()}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({tree.script("cc", "echo wrong one\n")}, {}, {"private/a"});
  restored = peer.read_restored();
  EXPECT_TRUE(peer.is_gone());
  expect_run_as_asked(launched.wait(), "a folder of ours cannot be made");
}

TEST_F(OwnFilesTest, NoProcessesAndNoDescriptorsLeft) {
  if (!can_refuse()) GTEST_SKIP() << "no system call filters here";
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [] { refuse({{SYS_pipe2, EMFILE}}); };
  expect_run_as_asked(run(launch, "echo wrong one >> ran\n"), "no descriptors left");
#ifdef SYS_vfork
  // The C library may make it by either.
  launch.in_child = [] { refuse({{SYS_vfork, EAGAIN}, {SYS_clone, EAGAIN, 0, 0x4000}}); };
  expect_run_as_asked(run(launch, "echo wrong one >> ran\n"), "no process left");
#endif
}

// Whoever may write in the folder may listen there, and an answer has things run.
TEST_F(OwnFilesTest, NobodyElsesSocketIsSpokenTo) {
  if (geteuid() != 0) GTEST_SKIP() << "only the superuser can be two users";
  tree.listen_as(65534);
  EXPECT_EQ(Launched(tree.launch({tree.compiler()})).wait().exit_code(), 0);
  EXPECT_TRUE(tree.compiler_ran());
  EXPECT_EQ(tree.read(".compiler-cache/bypassed"), "o");
  EXPECT_TRUE(tree.accept().is_gone());
}

}  // namespace
}  // namespace compiler_cache::launcher_test
