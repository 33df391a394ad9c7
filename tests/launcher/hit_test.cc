// A hit: all outputs in place and the diagnostics replayed, or the compiler runs and nothing of ours is left.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include "tests/launcher/build_tree.h"
#include "tests/launcher/refusals.h"

namespace compiler_cache::launcher_test {
namespace {

class HitTest : public testing::Test {
 protected:
  void SetUp() override { tree.listen(); }

  /// Answers one launcher with a hit; what it says of it goes to `restored`.
  Ending run(const std::vector<HitOutput>& outputs, const std::string& out = "", const std::string& err = "",
             int exit_code = 0) {
    return run(tree.launch({tree.compiler()}), outputs, out, err, exit_code);
  }
  Ending run(const Launch& launch, const std::vector<HitOutput>& outputs, const std::string& out = "",
             const std::string& err = "", int exit_code = 0) {
    Launched launched(launch);
    Peer peer = tree.accept();
    peer.read_request();
    peer.send_hit(exit_code, out, err, outputs);
    restored = peer.read_restored();
    return launched.wait();
  }

  void expect_declined(const Ending& ending) {
    EXPECT_TRUE(restored.heard);
    EXPECT_FALSE(restored.ok);
    EXPECT_NE(restored.detail, "");
    EXPECT_TRUE(tree.compiler_ran());
    EXPECT_EQ(ending.exit_code(), 0);
    EXPECT_EQ(ending.standard_error, "");
  }

  BuildTree tree;
  Restored restored;
};

std::string binary(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 2654435761U >> 7);
  return bytes;
}

/// A source of `bytes` of which is not said that it lies in memory.
HitOutput as_from_disk(const std::string& path, const std::string& bytes) {
  const int source = memfd_create("source", MFD_CLOEXEC);
  EXPECT_EQ(write(source, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  return {path, "", static_cast<int64_t>(bytes.size()), source};
}

TEST_F(HitTest, PutsEveryOutputInPlace) {
  const std::string object = binary(257000);
  const Ending ending = run({{"a.o", object}, {"a.d", "a.o: a.cc\n"}, {"empty.su", ""}});
  EXPECT_EQ(ending.exit_code(), 0);
  EXPECT_EQ(tree.read("a.o"), object);
  EXPECT_EQ(tree.read("a.d"), "a.o: a.cc\n");
  EXPECT_TRUE(tree.exists("empty.su"));
  EXPECT_TRUE(restored.ok);
  EXPECT_FALSE(tree.compiler_ran());
  EXPECT_EQ(tree.names(), (std::vector<std::string>{"a.d", "a.o", "compiler", "empty.su"}));
  EXPECT_FALSE(tree.exists(".compiler-cache/bypassed"));
}

TEST_F(HitTest, TakesAsManyOutputsAsThereMayBe) {
  std::vector<HitOutput> outputs;
  for (int i = 0; i < 16; ++i) outputs.push_back({"out" + std::to_string(i), binary(size_t{1000} + i)});
  run(outputs);
  EXPECT_TRUE(restored.ok);
  for (const HitOutput& output : outputs) EXPECT_EQ(tree.read(output.path), output.bytes);
}

TEST_F(HitTest, PutsOutputsInOtherFoldersAndUnderFullPaths) {
  mkdir(tree.path("sub").c_str(), 0755);
  run({{"sub/a.o", "relative"}, {tree.path("b.o"), "absolute"}});
  EXPECT_TRUE(restored.ok);
  EXPECT_EQ(tree.read("sub/a.o"), "relative");
  EXPECT_EQ(tree.read("b.o"), "absolute");
}

TEST_F(HitTest, GivesOutputsTheModeThatTheUmaskLeaves) {
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [] { umask(027); };
  run(launch, {{"a.o", "x"}});
  struct stat made = {};
  ASSERT_EQ(stat(tree.path("a.o").c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 07777, 0640U);
  EXPECT_EQ(made.st_nlink, 1U);
}

TEST_F(HitTest, ReadsASourceFromItsStartWhereverItsOffsetStands) {
  tree.write("blob", "whole content");
  const int source = open(tree.path("blob").c_str(), O_RDONLY | O_CLOEXEC);
  lseek(source, 5, SEEK_SET);
  run({{"a.o", "", 13, source}});
  EXPECT_EQ(tree.read("a.o"), "whole content");
}

TEST_F(HitTest, ReplaysDiagnosticsByteForByte) {
  const std::string out = binary(1U << 20);
  const std::string err = binary((1U << 20) + 17);
  const Ending ending = run({{"a.o", "x"}}, out, err);
  EXPECT_TRUE(ending.standard_output == out);
  EXPECT_TRUE(ending.standard_error == err);
  EXPECT_TRUE(restored.ok);
}

TEST_F(HitTest, ReplaysEverythingIntoANonBlockingPipe) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  Launch launch = tree.launch({tree.compiler()});
  launch.standard_output = ends[1];
  const std::string out = binary(1U << 20);
  Launched launched(launch);
  close(ends[1]);
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_hit(0, out, "", {});
  std::string got;
  char bytes[65536];
  fcntl(ends[0], F_SETFL, 0);
  for (ssize_t count; (count = read(ends[0], bytes, sizeof bytes)) > 0;)
    got.append(bytes, static_cast<size_t>(count));
  close(ends[0]);
  EXPECT_TRUE(got == out);
  EXPECT_TRUE(peer.read_restored().ok);
  EXPECT_EQ(launched.wait().exit_code(), 0);
}

TEST_F(HitTest, DiesOfABrokenPipeAsTheCompilerWould) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  close(ends[0]);
  Launch launch = tree.launch({tree.compiler()});
  launch.standard_output = ends[1];
  const Ending ending = run(launch, {{"a.o", "x"}}, "warning");
  close(ends[1]);
  EXPECT_EQ(ending.signal(), SIGPIPE);
  EXPECT_FALSE(restored.heard);
}

TEST_F(HitTest, PassesTheExitCodeOn) {
  EXPECT_EQ(run({}, "", "", 3).exit_code(), 3);
  EXPECT_TRUE(restored.ok);
}

TEST_F(HitTest, ReplacesAnOrdinaryFileByANewOne) {
  tree.write("a.o", "old and longer than the new one");
  struct stat old = {};
  stat(tree.path("a.o").c_str(), &old);
  const int held =
      open(tree.path("a.o").c_str(), O_RDONLY | O_CLOEXEC);  // keeps the inode number from being reused
  run({{"a.o", "new"}});
  struct stat made = {};
  stat(tree.path("a.o").c_str(), &made);
  close(held);
  EXPECT_TRUE(restored.ok);
  EXPECT_EQ(tree.read("a.o"), "new");
  EXPECT_NE(made.st_ino, old.st_ino);
  EXPECT_FALSE(tree.compiler_ran());
}

TEST_F(HitTest, DeclinesATargetWithSeveralLinks) {
  tree.write("a.o", "old");
  ASSERT_EQ(link(tree.path("a.o").c_str(), tree.path("twin").c_str()), 0);
  expect_declined(run({{"a.o", "new"}}));
  EXPECT_EQ(tree.read("twin"), "old");
  EXPECT_EQ(tree.read("a.o"), "old");
}

TEST_F(HitTest, DeclinesASymbolicLink) {
  tree.write("real", "old");
  ASSERT_EQ(symlink("real", tree.path("a.o").c_str()), 0);
  expect_declined(run({{"a.o", "new"}}));
  EXPECT_EQ(tree.read("real"), "old");
}

TEST_F(HitTest, DeclinesAFolder) {
  mkdir(tree.path("a.o").c_str(), 0755);
  expect_declined(run({{"a.o", "new"}}));
}

// Stands for every special file. Never a real device here: a launcher with this check broken would, as root,
// replace it.
TEST_F(HitTest, DeclinesASpecialFile) {
  ASSERT_EQ(mkfifo(tree.path("a.o").c_str(), 0600), 0);
  expect_declined(run({{"a.o", "new"}}));
  EXPECT_TRUE(std::filesystem::is_fifo(tree.path("a.o")));
}

TEST_F(HitTest, DeclinesAFileThatMayNotBeWritten) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write any file";
  tree.write("a.o", "old");
  chmod(tree.path("a.o").c_str(), 0444);
  expect_declined(run({{"a.o", "new"}}));
  EXPECT_EQ(tree.read("a.o"), "old");
}

TEST_F(HitTest, DeclinesAFileThatASystemSaysMayNotBeWritten) {
  if (!can_refuse()) GTEST_SKIP() << "no system call filters here";
  tree.write("a.o", "old");
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [] { refuse({{SYS_faccessat, EACCES, 2, W_OK}, {SYS_faccessat2, EACCES, 2, W_OK}}); };
  expect_declined(run(launch, {{"a.o", "new"}}));
  EXPECT_EQ(tree.read("a.o"), "old");
}

TEST_F(HitTest, LeavesAMissingFolderToTheCompiler) {
  expect_declined(run({{"a.o", "x"}, {"missing/b.o", "new"}}));
  EXPECT_FALSE(tree.exists("a.o"));
}

TEST_F(HitTest, LeavesTheOldFilesWhenAnotherOutputIsDeclined) {
  tree.write("a.o", "old");
  ASSERT_EQ(symlink("real", tree.path("b.d").c_str()), 0);
  expect_declined(run({{"a.o", "new"}, {"new.su", "new"}, {"b.d", "new"}}));
  EXPECT_EQ(tree.read("a.o"), "old");
  EXPECT_FALSE(tree.exists("new.su"));
}

TEST_F(HitTest, DeclinesASourceOfAnotherSizeThanTold) {
  expect_declined(run({{"a.o", "short", 6}}));
  expect_declined(run({{"a.o", "longer", 5}}));
  EXPECT_EQ(tree.names(), (std::vector<std::string>{"compiler", "ran"}));
}

TEST_F(HitTest, DeclinesASourceThatCannotBeRead) {
  const int source = open(tree.path("").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  expect_declined(run({{"a.o", "", 10, source}}));
  EXPECT_FALSE(tree.exists("a.o"));
}

/// What a kernel or file system may lack, one set a test.
class RefusedHitTest : public HitTest {
 protected:
  void SetUp() override {
    if (!can_refuse()) GTEST_SKIP() << "no system call filters here";
    HitTest::SetUp();
  }
  void expect_restored(const std::vector<Refusal>& refusals) {
    tree.write("b.o", "old");
    Launch launch = tree.launch({tree.compiler()});
    launch.in_child = [&] { refuse(refusals); };
    const std::string object = binary(600000);
    run(launch, {as_from_disk("a.o", object), {"b.o", "new"}});
    EXPECT_TRUE(restored.ok) << restored.detail;
    EXPECT_TRUE(tree.read("a.o") == object);
    EXPECT_EQ(tree.read("b.o"), "new");
    EXPECT_EQ(tree.names(), (std::vector<std::string>{"a.o", "b.o", "compiler"}));
  }
};

constexpr uint32_t kTmpfileBits = O_TMPFILE;
const Refusal kNoTmpfile = {SYS_openat, EOPNOTSUPP, 2, kTmpfileBits};
const Refusal kNoRange = {SYS_copy_file_range, EXDEV};
const Refusal kNoSendfile = {SYS_sendfile, EINVAL};

TEST_F(RefusedHitTest, CopiesWhereFileRangesCannotBe) { expect_restored({kNoRange}); }
TEST_F(RefusedHitTest, CopiesByHandWhereTheKernelDoesNot) { expect_restored({kNoRange, kNoSendfile}); }
TEST_F(RefusedHitTest, NamesThroughProcWhereTheKernelWantsACapability) {
  expect_restored({{SYS_linkat, ENOENT, 4, AT_EMPTY_PATH}});
}
TEST_F(RefusedHitTest, UsesATemporaryNameWhereFilesMustHaveOne) { expect_restored({kNoTmpfile}); }
TEST_F(RefusedHitTest, UsesNeitherLinksNorNamelessFilesWhereThereAreNone) {
  expect_restored({kNoTmpfile, {SYS_linkat, EPERM}});
}

TEST_F(RefusedHitTest, LeavesNoTemporaryNameBehindWhenItDeclines) {
  ASSERT_EQ(symlink("real", tree.path("b.o").c_str()), 0);
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [] { refuse({kNoTmpfile}); };
  expect_declined(run(launch, {{"a.o", "x"}, {"b.o", "new"}}));
  EXPECT_EQ(tree.names(), (std::vector<std::string>{"b.o", "compiler", "ran"}));
}

TEST_F(RefusedHitTest, RunsTheCompilerWithTheSignalsItWouldHaveHad) {
  // No script: the shell would clear the mask.
  Launch launch = tree.launch({"grep", "SigBlk", "/proc/self/status"});
  launch.in_child = [] { refuse({kNoTmpfile}); };
  const Ending ending = run(launch, {{"missing/a.o", "x"}});
  EXPECT_EQ(ending.standard_output, "SigBlk:\t0000000000000000\n");
}

TEST_F(RefusedHitTest, RunsTheCompilerWhenTheDiskIsFull) {
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [] { refuse({{SYS_copy_file_range, ENOSPC}, {SYS_sendfile, ENOSPC}}); };
  expect_declined(run(launch, {{"a.o", "small"}}));
  EXPECT_FALSE(tree.exists("a.o"));
}

TEST_F(RefusedHitTest, RunsTheCompilerWhenTheDiskIsTooFullForALargeOutput) {
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [] { refuse({{SYS_copy_file_range, ENOSPC}}); };
  expect_declined(run(launch, {as_from_disk("a.o", binary(600000))}));
  EXPECT_FALSE(tree.exists("a.o"));
}

TEST_F(RefusedHitTest, RunsTheCompilerWhenAnOutputCannotBeNamed) {
  Launch launch = tree.launch({tree.compiler()});
  launch.in_child = [] { refuse({{SYS_linkat, EPERM}}); };
  expect_declined(run(launch, {{"a.o", "x"}}));
  EXPECT_FALSE(tree.exists("a.o"));
}

}  // namespace
}  // namespace compiler_cache::launcher_test
