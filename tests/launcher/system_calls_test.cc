// The price of a hit, in system calls. Starting a process is most of it; the launcher must add little.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "tests/launcher/build_tree.h"

namespace compiler_cache::launcher_test {
namespace {

const std::vector<std::string> kAskingAndHearing = {
    "getcwd",      // part of the question
    "socket",      //
    "connect",     // to the helper
    "getsockopt",  // is it ours?
    "statx",       // whose files do we see?
    "ioctl",       // is standard error a terminal?
    "sendmsg",     // the question
    "poll",        // a moment, before a mark of a helper that does not answer counts
    "recvmsg",     // the answer, with the outputs' descriptors
};
const std::vector<std::string> kPlacing = {
    "linkat",  // the object
    "linkat",  // the depfile; that is all
};

/// Names of the launcher's own calls: what the C library does before main() and the exit are not counted.
std::vector<std::string> own_calls(const std::string& trace) {
  std::vector<std::string> calls;
  std::istringstream lines(trace);
  bool counting = false;
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(0, line.find('('));
    counting = counting || name == "getcwd";
    if (!counting || name == "exit_group" || line.rfind("+++", 0) == 0) continue;
    calls.push_back(name == "openat" ? "open" : name);  // C libraries differ
  }
  return calls;
}

class SystemCallsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (access("/usr/bin/strace", X_OK) != 0) GTEST_SKIP() << "no strace here";
    if (system("/usr/bin/strace -o /dev/null true >/dev/null 2>&1") != 0)
      GTEST_SKIP() << "strace may not trace here";
    if (std::string(LAUNCHER_LIBC) == "dynamic") GTEST_SKIP() << "the launcher is not linked statically";
  }
  static std::vector<std::string> calls_of_a_hit(BuildTree& tree, const HitOutput& object,
                                                 const HitOutput& depfile) {
    tree.listen();
    Launch launch = tree.launch({tree.compiler()});
    launch.argv.insert(launch.argv.begin(), {"/usr/bin/strace", "-o", "trace"});
    Launched launched(launch);
    Peer peer = tree.accept();
    peer.read_request();
    peer.send_hit(0, "", "", {object, depfile});
    EXPECT_TRUE(peer.read_restored().ok);
    EXPECT_EQ(launched.wait().exit_code(), 0);
    EXPECT_EQ(tree.read("a.o"), kObject);
    EXPECT_EQ(tree.read("a.d"), kDepfile);
    return own_calls(tree.read("trace"));
  }
  static std::vector<std::string> expected(const std::vector<std::string>& copying) {
    std::vector<std::string> all = kAskingAndHearing;
    all.insert(all.end(), copying.begin(), copying.end());
    all.insert(all.end(), kPlacing.begin(), kPlacing.end());
    return all;
  }

  static inline const std::string kObject = std::string(257000, 'o');
  static inline const std::string kDepfile = std::string(20000, 'd');
};

TEST_F(SystemCallsTest, AHitWithObjectAndDepfileFromTheDiskTakesFifteen) {
  BuildTree tree;
  tree.write("blob1", kObject);
  tree.write("blob2", kDepfile);
  const std::vector<std::string> calls = calls_of_a_hit(tree, {"a.o", "", 257000, tree.open_blob("blob1")},
                                                        {"a.d", "", 20000, tree.open_blob("blob2")});
  EXPECT_EQ(calls.size(), 15U);
  EXPECT_EQ(calls, expected({"open", "copy_file_range",  // blocks are shared where that can be
                             "open", "sendfile"}));      // not worth it
}

TEST_F(SystemCallsTest, AHitFromMemoryTakesFifteen) {
  BuildTree tree;
  const std::vector<std::string> calls = calls_of_a_hit(tree, {"a.o", kObject}, {"a.d", kDepfile});
  EXPECT_EQ(calls.size(), 15U);
  EXPECT_EQ(calls, expected({"open", "sendfile", "open", "sendfile"}));  // there are no blocks to share
}

}  // namespace
}  // namespace compiler_cache::launcher_test
