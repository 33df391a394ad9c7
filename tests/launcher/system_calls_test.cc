// The price of a hit, in system calls. Starting a process is most of it; the launcher must add little.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "tests/launcher/build_tree.h"

namespace compiler_cache::launcher_test {
namespace {

constexpr int kBudget = 16;

/// Names of the launcher's own calls: what the C library does before main() and the exit are not counted.
std::vector<std::string> own_calls(const std::string& trace) {
  std::vector<std::string> calls;
  std::istringstream lines(trace);
  bool counting = false;
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(0, line.find('('));
    counting = counting || name == "getcwd";
    if (counting && name != "exit_group" && line.rfind("+++", 0) != 0) calls.push_back(name);
  }
  return calls;
}

TEST(SystemCallsTest, AHitWithObjectAndDepfileStaysWithinItsBudget) {
  if (access("/usr/bin/strace", X_OK) != 0) GTEST_SKIP() << "no strace here";
  if (system("/usr/bin/strace -o /dev/null true >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "strace may not trace here";
  if (std::string(LAUNCHER_LIBC) == "dynamic") GTEST_SKIP() << "the launcher is not linked statically";
  BuildTree tree;
  tree.listen();
  Launch launch = tree.launch({tree.compiler()});
  launch.argv.insert(launch.argv.begin(), {"/usr/bin/strace", "-o", "trace"});
  // Blobs are files on the same file system.
  tree.write("blob1", std::string(257000, 'o'));
  tree.write("blob2", std::string(20000, 'd'));
  Launched launched(launch);
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_hit(0, "", "",
                {{"a.o", "", 257000, tree.open_blob("blob1")}, {"a.d", "", 20000, tree.open_blob("blob2")}});
  EXPECT_TRUE(peer.read_restored().ok);
  EXPECT_EQ(launched.wait().exit_code(), 0);
  const std::vector<std::string> calls = own_calls(tree.read("trace"));
  EXPECT_GT(calls.size(), 8U) << "not traced?";
  EXPECT_LE(calls.size(), static_cast<size_t>(kBudget)) << testing::PrintToString(calls);
}

}  // namespace
}  // namespace compiler_cache::launcher_test
