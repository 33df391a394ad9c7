// One launcher in the place of the three commands by which CMake makes a static library: remove, ar, ranlib.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "protocol/protocol.h"
#include "tests/launcher/build_tree.h"

namespace compiler_cache::launcher_test {
namespace {

using Words = std::vector<std::string>;

class ArchiveTest : public testing::Test {
 protected:
  void SetUp() override { tree.listen(); }

  /// An archiver that adds to what is there, as `ar qc` does, and tells of itself.
  std::string archiver(const std::string& more = "") const {
    return tree.script("ar", "echo \"ar $*\" >> log; echo member >> $2\n" + more);
  }
  std::string ranlib(const std::string& more = "") const {
    return tree.script("ranlib", "echo \"ranlib $*\" >> log; echo symbols >> $1\n" + more);
  }
  Launch launch(const std::string& ranlib, const std::string& ar) const {
    return tree.launch({"--archive", "x.a", ranlib, ar, "qc", "x.a", "a.o"});
  }
  Ending run_disabled(const std::string& ranlib, const std::string& ar) const {
    Launch how = launch(ranlib, ar);
    how.environment = {"COMPILER_CACHE_DISABLE=1"};
    return Launched(how).wait();
  }
  /// Told to run the archiver and to report it; one that ends by itself gets its `stored`.
  Ending run_miss(const std::string& ranlib, const std::string& ar, const Words& scan = {}) {
    Launched launched(launch(ranlib, "asked"));
    Peer peer = tree.accept();
    peer.read_request();
    peer.send_miss({ar, "qc", "x.a", "a.o"}, scan);
    compiled = peer.read_compiled();
    if (compiled.heard && WIFEXITED(static_cast<int>(compiled.status))) peer.send_stored();
    return launched.wait();
  }
  std::string log() const { return tree.read("log"); }

  /// What holds however the archiver is run.
  void expect_as_cmake_does(const std::function<Ending(const std::string&, const std::string&)>& run) {
    const std::string both = "ar qc x.a a.o\nranlib x.a\n";
    tree.write("x.a", "old\n");
    EXPECT_EQ(run(ranlib(), archiver()).exit_code(), 0);
    EXPECT_EQ(tree.read("x.a"), "member\nsymbols\n") << "the old library is removed first";
    EXPECT_EQ(log(), both);

    unlink(tree.path("log").c_str());
    EXPECT_EQ(run(":", archiver()).exit_code(), 0);
    EXPECT_EQ(tree.read("x.a"), "member\n");
    EXPECT_EQ(log(), "ar qc x.a a.o\n") << "there is no ranlib";

    unlink(tree.path("log").c_str());
    EXPECT_EQ(run(ranlib(), archiver("exit 7\n")).exit_code(), 7);
    EXPECT_EQ(log(), "ar qc x.a a.o\n") << "ranlib does not run behind an archiver that failed";
    EXPECT_EQ(run(ranlib(), archiver("kill -SEGV $$\n")).signal(), SIGSEGV);
    EXPECT_EQ(run(ranlib("exit 8\n"), archiver()).exit_code(), 8);
    EXPECT_EQ(run(ranlib("kill -TERM $$\n"), archiver()).signal(), SIGTERM);
    EXPECT_EQ(run(ranlib(), "no-such-archiver").exit_code(), 127);
    EXPECT_EQ(run("no-such-ranlib", archiver()).exit_code(), 127);
  }

  /// A link that is broken, or leads to another library, is no reason to write elsewhere.
  void expect_removed_itself(const std::function<Ending(const std::string&, const std::string&)>& run) {
    tree.write("other", "mine\n");
    unlink(tree.path("x.a").c_str());
    std::filesystem::create_symlink("other", tree.path("x.a"));
    EXPECT_EQ(run(":", archiver()).exit_code(), 0);
    EXPECT_EQ(tree.read("other"), "mine\n");
    EXPECT_EQ(tree.read("x.a"), "member\n");
    chmod(tree.path("x.a").c_str(), 0444);
    EXPECT_EQ(run(":", archiver()).exit_code(), 0);
    EXPECT_EQ(tree.read("x.a"), "member\n");
  }

  void expect_refusal(const std::function<Ending(const std::string&, const std::string&)>& run) {
    std::filesystem::create_directory(tree.path("x.a"));
    const Ending ending = run(":", archiver());
    EXPECT_EQ(ending.exit_code(), 1);
    EXPECT_EQ(ending.standard_error, "compiler-cache: cannot remove x.a: Is a directory\n");
    EXPECT_EQ(log(), "") << "the archiver does not run";
  }

  BuildTree tree;
  Compiled compiled;
};

// ---- Without the helper

TEST_F(ArchiveTest, WithoutAHelperItDoesWhatTheThreeCommandsDo) {
  expect_as_cmake_does([this](const std::string& r, const std::string& ar) { return run_disabled(r, ar); });
}

TEST_F(ArchiveTest, WithoutAHelperALinkIsRemovedAndNotWrittenThrough) {
  expect_removed_itself([this](const std::string& r, const std::string& ar) { return run_disabled(r, ar); });
}

TEST_F(ArchiveTest, ALibraryThatCannotBeRemovedIsSaid) {
  expect_refusal([this](const std::string& r, const std::string& ar) { return run_disabled(r, ar); });
}

TEST_F(ArchiveTest, WhatIsSaidPassesAsItIs) {
  const Ending ending =
      run_disabled(ranlib("echo r; echo R >&2\n"), archiver("echo a; echo A >&2; read x || echo no input\n"));
  EXPECT_EQ(ending.standard_output, "a\nno input\nr\n");
  EXPECT_EQ(ending.standard_error, "A\nR\n");
}

TEST_F(ArchiveTest, ItIsNotCountedAmongTheCompilesThatPassUsBy) {
  EXPECT_EQ(run_disabled(":", archiver()).exit_code(), 0);
  EXPECT_FALSE(tree.exists(".compiler-cache/bypassed"));
}

TEST_F(ArchiveTest, ToldToRunItDoesTheSame) {
  expect_as_cmake_does([this](const std::string& r, const std::string& ar) {
    Launched launched(launch(r, ar));
    Peer peer = tree.accept();
    peer.read_request();
    peer.send_run("test");
    return launched.wait();
  });
}

TEST_F(ArchiveTest, AHelperThatIsGoneIsNoReasonToAddToAnOldLibrary) {
  tree.write("x.a", "old\n");
  Launched launched(launch(":", archiver()));
  Peer peer = tree.accept();
  peer.read_request();
  peer.hang_up();
  EXPECT_EQ(launched.wait().exit_code(), 0);
  EXPECT_EQ(tree.read("x.a"), "member\n");
}

// ---- With it

TEST_F(ArchiveTest, TheHelperIsToldWhatKindOfStepItIs) {
  Launched launched(launch(ranlib(), archiver()));
  Peer peer = tree.accept();
  const Request request = peer.read_request();
  EXPECT_EQ(request.flags & (protocol::kArchiveStep | protocol::kLinkStep), protocol::kArchiveStep);
  EXPECT_EQ(request.argv, (Words{tree.path("ar"), "qc", "x.a", "a.o"})) << "the archiver's own words";
  EXPECT_EQ(request.version, protocol::kVersion);
  peer.send_run("test");
  launched.wait();

  Launched link(tree.launch({"--link", tree.compiler(), "a.o"}));
  Peer second = tree.accept();
  const Request asked = second.read_request();
  EXPECT_EQ(asked.flags & (protocol::kArchiveStep | protocol::kLinkStep), protocol::kLinkStep);
  EXPECT_EQ(asked.argv, (Words{tree.compiler(), "a.o"}));
  second.send_run("test");
  link.wait();

  Launched compile(tree.launch({tree.compiler(), "a.c"}));
  Peer third = tree.accept();
  EXPECT_EQ(third.read_request().flags & (protocol::kArchiveStep | protocol::kLinkStep), 0U);
  third.send_run("test");
  compile.wait();
}

TEST_F(ArchiveTest, AMissDoesTheSameAndIsReported) {
  expect_as_cmake_does([this](const std::string& r, const std::string& ar) { return run_miss(r, ar); });
}

TEST_F(ArchiveTest, AtAMissALinkIsRemovedAndNotWrittenThrough) {
  expect_removed_itself([this](const std::string& r, const std::string& ar) { return run_miss(r, ar); });
}

TEST_F(ArchiveTest, AMissTellsHowBothEnded) {
  EXPECT_EQ(run_miss(ranlib(), archiver("echo a; echo A >&2\n")).exit_code(), 0);
  ASSERT_TRUE(compiled.heard);
  EXPECT_EQ(compiled.status, 0U);
  EXPECT_EQ(compiled.flags, 0U);
  EXPECT_EQ(compiled.standard_output, "a\n");
  EXPECT_EQ(compiled.standard_error, "A\n");
  EXPECT_GT(compiled.microseconds, 0U);
  run_miss(ranlib(), archiver("exit 7\n"));
  EXPECT_EQ(compiled.status, 7U << 8);
  run_miss(ranlib("exit 8\n"), archiver());
  EXPECT_EQ(compiled.status, 8U << 8);
  run_miss(ranlib("kill -TERM $$\n"), archiver());
  EXPECT_EQ(compiled.status, static_cast<uint64_t>(SIGTERM));
}

// What ranlib says is not part of what a hit repeats.
TEST_F(ArchiveTest, WhatRanlibSaysIsPassedOnAndNotToBeStored) {
  for (const std::string where : {"", " >&2"}) {
    const Ending ending = run_miss(ranlib("echo word" + where + "\n"), archiver("echo a\n"));
    EXPECT_EQ(ending.standard_output + ending.standard_error, where.empty() ? "a\nword\n" : "a\nword\n");
    EXPECT_EQ(compiled.flags, protocol::kCaptureOverflow);
    EXPECT_EQ(compiled.standard_output, "a\n");
    EXPECT_EQ(compiled.standard_error, "");
  }
}

TEST_F(ArchiveTest, AtAMissALibraryThatCannotBeRemovedIsSaidToBoth) {
  std::filesystem::create_directory(tree.path("x.a"));
  const std::string ar = archiver();
  Launched launched(launch(":", ar));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({ar, "qc", "x.a", "a.o"});
  const Restored restored = peer.read_restored();
  EXPECT_TRUE(restored.heard);
  EXPECT_FALSE(restored.ok);
  EXPECT_EQ(restored.detail, "the old library cannot be removed");
  const Ending ending = launched.wait();
  EXPECT_EQ(ending.exit_code(), 1);
  EXPECT_EQ(ending.standard_error, "compiler-cache: cannot remove x.a: Is a directory\n");
  EXPECT_EQ(log(), "");
}

TEST_F(ArchiveTest, AHitTakesThePlaceOfAnOldLibraryAndRunsNothing) {
  for (const bool old : {false, true}) {
    if (old) tree.write("x.a", "old and longer than the new one\n");
    Launched launched(launch(ranlib(), archiver()));
    Peer peer = tree.accept();
    peer.read_request();
    peer.send_hit(0, "said\n", "", {{"x.a", "restored\n"}});
    EXPECT_TRUE(peer.read_restored().ok);
    const Ending ending = launched.wait();
    EXPECT_EQ(ending.exit_code(), 0);
    EXPECT_EQ(ending.standard_output, "said\n");
    EXPECT_EQ(tree.read("x.a"), "restored\n");
  }
  EXPECT_EQ(log(), "");
}

// Of a library under several names, or one that is a link, only the name is replaced by the archiver; a hit
// leaves that to it.
TEST_F(ArchiveTest, AHitOverALinkIsLeftToTheArchiverWhichRemovesIt) {
  tree.write("other", "mine\n");
  std::filesystem::create_symlink("other", tree.path("x.a"));
  Launched launched(launch(ranlib(), archiver()));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_hit(0, "", "", {{"x.a", "restored\n"}});
  EXPECT_FALSE(peer.read_restored().ok);
  EXPECT_EQ(launched.wait().exit_code(), 0);
  EXPECT_EQ(tree.read("other"), "mine\n");
  EXPECT_EQ(tree.read("x.a"), "member\nsymbols\n");
}

TEST_F(ArchiveTest, WordsThatAreMissingAreAnErrorOfUsage) {
  for (const Words& words :
       {Words{"--archive"}, {"--archive", "x.a"}, {"--archive", "x.a", ":"}, {"--link"}}) {
    const Ending ending = Launched(tree.launch(words)).wait();
    EXPECT_EQ(ending.exit_code(), 2) << words.size();
    EXPECT_TRUE(ending.standard_error.starts_with("usage: ")) << ending.standard_error;
  }
  EXPECT_FALSE(tree.was_contacted());
}

}  // namespace
}  // namespace compiler_cache::launcher_test
