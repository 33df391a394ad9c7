// Include notes that the helper has asked for: the user never sees one, and loses nothing else.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "protocol/protocol.h"
#include "tests/launcher/build_tree.h"

namespace compiler_cache::launcher_test {
namespace {

constexpr char kPrefix[] = "Note: including file:";

class NotesTest : public testing::Test {
 protected:
  void SetUp() override {
    tree.listen();
    tree.write("a.h", "");
    tree.write("b c.h", "");
  }

  Ending run(const std::string& commands, const std::string& prefix = kPrefix) {
    Launched launched(tree.launch({tree.script("asked", "echo wrong one\n")}));
    Peer peer = tree.accept();
    peer.read_request();
    peer.send_miss({tree.script("cl", commands)}, {}, {}, {}, prefix);
    compiled = peer.read_compiled();
    if (compiled.heard && WIFEXITED(static_cast<int>(compiled.status))) peer.send_stored();
    return launched.wait();
  }

  BuildTree tree;
  Compiled compiled;
};

TEST_F(NotesTest, AreKeptForTheHelperAndNotPassedOn) {
  const std::string script =
      "echo a.cpp\necho 'Note: including file: a.h'\necho 'Note: including file:  b c.h'\necho warning\n";
  Ending ending = run(script);
  EXPECT_EQ(ending.exit_code(), 0);
  EXPECT_EQ(ending.standard_output, "a.cpp\nwarning\n");
  EXPECT_EQ(compiled.standard_output,
            "a.cpp\nNote: including file: a.h\nNote: including file:  b c.h\nwarning\n");
  EXPECT_EQ(compiled.flags, 0U);
  ending = run(script, "");
  EXPECT_EQ(ending.standard_output, compiled.standard_output) << "the user's own are passed on";
}

TEST_F(NotesTest, AreTakenOutOfBothStreams) {
  const Ending ending =
      run("printf 'Note: including file: a.h\\r\\nx\\r\\n' >&2; printf 'y\\nNote: including file: "
          "'\"$PWD\"'/a.h'\n");
  EXPECT_EQ(ending.standard_error, "x\r\n");
  EXPECT_EQ(ending.standard_output, "y\n");
}

TEST_F(NotesTest, AreNotSeenOfACompileThatFails) {
  const Ending ending = run("echo 'Note: including file: a.h'; echo error >&2; printf No; exit 2\n");
  EXPECT_EQ(ending.exit_code(), 2);
  EXPECT_EQ(ending.standard_output, "No");
  EXPECT_EQ(ending.standard_error, "error\n");
}

TEST_F(NotesTest, AreNotSeenOfACompileThatASignalEnds) {
  const Ending ending = run("echo 'Note: including file: a.h'; printf 'Note: '; kill -SEGV $$\n");
  EXPECT_EQ(ending.signal(), SIGSEGV);
  EXPECT_EQ(ending.standard_output, "Note: ");
}

TEST_F(NotesTest, AreNotSeenWhenTheHelperDies) {
  Launched launched(tree.launch({"cl"}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss({tree.script("cl", "echo 'Note: including file: a.h'; echo warning; exit 3\n")}, {}, {}, {},
                 kPrefix);
  peer.hang_up();
  const Ending ending = launched.wait();
  EXPECT_EQ(ending.exit_code(), 3);
  EXPECT_EQ(ending.standard_output, "warning\n");
}

TEST_F(NotesTest, AreNotSeenBeyondWhatIsKept) {
  const Ending ending =
      run("yes 'Note: including file: a.h' | head -n 400000; echo one; yes 'Note: including file: b c.h' | "
          "head -n "
          "10000; printf end\n");
  EXPECT_EQ(ending.standard_output, "one\nend");
  EXPECT_EQ(compiled.flags, protocol::kCaptureOverflow);
}

TEST_F(NotesTest, WhatOnlyLooksLikeOneIsPassedOn) {
  const std::string text =
      "Note: including file: no such file\nNote: including file:\n Note: including file: a.h\n"
      "x.cpp(1): Note: including file: a.h\nNote: including file:a.h\nNote: including file: .\nNote: inc";
  tree.write("text", text);
  const Ending ending = run("cat text; cat text >&2\n");
  EXPECT_EQ(ending.standard_output, text);
  EXPECT_EQ(ending.standard_error, text);
}

TEST_F(NotesTest, OutputIsPassedOnWhileTheCompilerRuns) {
  // The script ends only once somebody has seen its first words and opened the pipe.
  ASSERT_EQ(mkfifo(tree.path("go").c_str(), 0600), 0);
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  Launch launch = tree.launch({"cl"});
  launch.standard_output = ends[1];
  Launched launched(launch);
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_miss(
      {tree.script("cl", "echo 'Note: including file: a.h'; printf first; read x < go; echo second\n")}, {},
      {}, {}, kPrefix);
  char seen[16] = {};
  EXPECT_EQ(read(ends[0], seen, sizeof seen), 5);
  EXPECT_STREQ(seen, "first");
  const int go = open(tree.path("go").c_str(), O_WRONLY | O_CLOEXEC);
  close(go);
  peer.read_compiled();
  peer.send_stored();
  EXPECT_EQ(launched.wait().exit_code(), 0);
  close(ends[0]);
  close(ends[1]);
}

TEST_F(NotesTest, NothingHeldBackIsLostToAProcessThatIsLeftBehind) {
  ASSERT_EQ(mkfifo(tree.path("hold").c_str(), 0600), 0);  // nobody ever writes to it
  const Ending ending = run("read line < hold & echo $! > pid; printf 'Note: including'\n");
  EXPECT_EQ(ending.standard_output, "Note: including");
  const int left = atoi(tree.read("pid").c_str());
  ASSERT_GT(left, 0);
  EXPECT_EQ(kill(left, SIGKILL), 0) << "it should still be there";
}

TEST_F(NotesTest, LargeOutputComesThroughWhole) {
  const Ending ending =
      run("i=0; while test $i -lt 3000; do echo \"line $i of text\"; echo 'Note: including file: a.h'; "
          "i=$((i+1)); done; head -c 300000 /dev/zero; printf '\\nNote: including file: %09000d\\nNote: "
          "including file: %020000d\\n' 0 0\n");
  std::string expected;
  for (int i = 0; i < 3000; ++i) expected += "line " + std::to_string(i) + " of text\n";
  expected += std::string(300000, '\0') + "\nNote: including file: " + std::string(9000, '0') +
              "\nNote: including file: " + std::string(20000, '0') + "\n";
  EXPECT_TRUE(ending.standard_output == expected) << ending.standard_output.size();
}

}  // namespace
}  // namespace compiler_cache::launcher_test
