#include "helper/build_finder.h"

#include <gtest/gtest.h>

#include <map>

namespace compiler_cache {
namespace {

struct FakeProcess {
  ProcessInfo info;
  std::string folder;
  std::string executable;
};

class FakeProcessList final : public ProcessList {
 public:
  /// Each process is the child of the one added before it.
  pid_t add(const std::string& name, const std::string& folder, const std::string& executable = "") {
    const pid_t pid = next_++;
    const pid_t parent = processes_.empty() ? 0 : processes_.rbegin()->first;
    processes_[pid] = {{pid, parent, static_cast<std::uint64_t>(1000 + pid), name}, folder, executable};
    return pid;
  }
  FakeProcess& at(pid_t pid) { return processes_.at(pid); }
  void remove(pid_t pid) { processes_.erase(pid); }
  void alias(const std::string& path, const std::string& target) { aliases_[path] = target; }

  Result<ProcessInfo> info(pid_t pid) override {
    ++looked_at;
    const auto found = processes_.find(pid);
    if (found == processes_.end()) return Error{ErrorKind::not_found, "gone"};
    return found->second.info;
  }
  Result<std::string> working_folder(pid_t pid) override {
    if (processes_.at(pid).folder.empty()) return Error{ErrorKind::denied, "not ours"};
    return processes_.at(pid).folder;
  }
  Result<std::string> executable(pid_t pid) override {
    if (processes_.at(pid).executable.empty()) return Error{ErrorKind::denied, "not ours"};
    return processes_.at(pid).executable;
  }
  Result<bool> sees_same_files(pid_t, const protocol::RootView&) override { return true; }
  std::string real_path(const std::string& path) override {
    return aliases_.contains(path) ? aliases_.at(path) : path;
  }

  int looked_at = 0;

 private:
  pid_t next_ = 1;
  std::map<pid_t, FakeProcess> processes_;
  std::map<std::string, std::string> aliases_;
};

pid_t found_pid(ProcessList& processes, pid_t peer, const std::string& root = "/b") {
  const std::optional<BuildProcess> build = find_build(processes, peer, root);
  return build ? build->pid : 0;
}

TEST(BuildFinderTest, TheOutermostBuildToolInTheTreeIsTheBuild) {
  FakeProcessList processes;
  processes.add("systemd", "/");
  processes.add("bash", "/b");
  const pid_t cmake = processes.add("cmake", "/b");
  processes.add("ninja", "/b");
  processes.add("sh", "/b");
  const pid_t launcher = processes.add("compiler-cache-", "/b");
  const std::optional<BuildProcess> build = find_build(processes, launcher, "/b");
  ASSERT_TRUE(build.has_value());
  EXPECT_EQ(*build, (BuildProcess{cmake, static_cast<std::uint64_t>(1000 + cmake), "cmake"}));
}

TEST(BuildFinderTest, RecursiveMakesAreOneBuild) {
  FakeProcessList processes;
  processes.add("init", "/");
  const pid_t top = processes.add("gmake", "/b");
  processes.add("gmake", "/b");
  processes.add("gmake", "/b/sub");
  EXPECT_EQ(found_pid(processes, processes.add("compiler-cache-", "/b/sub")), top);
}

TEST(BuildFinderTest, AnOuterBuildElsewhereIsNotThisTrees) {
  FakeProcessList processes;
  processes.add("init", "/");
  processes.add("make", "/");
  processes.add("make", "/bb");
  const pid_t inner = processes.add("ninja", "/b/inner");
  EXPECT_EQ(found_pid(processes, processes.add("compiler-cache-", "/b")), inner);
}

TEST(BuildFinderTest, AShellInTheTreeIsNoBuild) {
  FakeProcessList processes;
  processes.add("init", "/");
  processes.add("bash", "/b", "/usr/bin/bash");
  processes.add("python3", "/b", "/usr/bin/python3");
  EXPECT_EQ(found_pid(processes, processes.add("compiler-cache-", "/b")), 0);
}

TEST(BuildFinderTest, TheLauncherItselfIsNotLookedAt) {
  FakeProcessList processes;
  processes.add("init", "/");
  EXPECT_EQ(found_pid(processes, processes.add("ninja", "/b")), 0);
}

TEST(BuildFinderTest, TheProgramsFileTellsWhenTheNameDoesNot) {
  FakeProcessList processes;
  processes.add("init", "/");
  const pid_t ninja = processes.add("main-thread", "/b", "/opt/bin/ninja");
  EXPECT_EQ(found_pid(processes, processes.add("compiler-cache-", "/b")), ninja);
}

TEST(BuildFinderTest, TheFirstProcessOfAContainerMayBeTheBuild) {
  FakeProcessList processes;
  const pid_t ninja = processes.add("ninja", "/b");
  EXPECT_EQ(found_pid(processes, processes.add("compiler-cache-", "/b")), ninja);
}

TEST(BuildFinderTest, TheBuildFolderMayBeNamedByALink) {
  FakeProcessList processes;
  processes.alias("/link", "/b");
  processes.add("init", "/");
  const pid_t ninja = processes.add("ninja", "/b");
  EXPECT_EQ(found_pid(processes, processes.add("compiler-cache-", "/b"), "/link"), ninja);
}

TEST(BuildFinderTest, AFolderThatMayNotBeReadIsNotInTheTree) {
  FakeProcessList processes;
  processes.add("init", "/");
  const pid_t outer = processes.add("cmake", "/b");
  const pid_t hidden = processes.add("ninja", "");
  const pid_t launcher = processes.add("compiler-cache-", "/b");
  EXPECT_EQ(found_pid(processes, launcher), outer);
  processes.at(hidden).folder = "/b";
  processes.at(outer).folder = "";
  EXPECT_EQ(found_pid(processes, launcher), hidden);
}

TEST(BuildFinderTest, AnAncestorThatEndedEndsTheWalk) {
  FakeProcessList processes;
  processes.add("ninja", "/b");
  const pid_t gone = processes.add("sh", "/b");
  const pid_t launcher = processes.add("compiler-cache-", "/b");
  processes.remove(gone);
  EXPECT_EQ(found_pid(processes, launcher), 0);
}

TEST(BuildFinderTest, AReusedPidIsNoAncestor) {
  FakeProcessList processes;
  processes.add("init", "/");
  const pid_t other = processes.add("ninja", "/b");
  const pid_t launcher = processes.add("compiler-cache-", "/b");
  processes.at(other).info.start_time = processes.at(launcher).info.start_time + 1;
  EXPECT_EQ(found_pid(processes, launcher), 0);
}

TEST(BuildFinderTest, TheWalkIsBounded) {
  FakeProcessList processes;
  processes.add("ninja", "/b");
  pid_t last = 0;
  for (int i = 0; i < 200; ++i) last = processes.add("sh", "/b");
  EXPECT_EQ(found_pid(processes, last), 0);
  EXPECT_LE(processes.looked_at, 65);
}

TEST(BuildFinderTest, BuildToolsAreKnownByTheirWholeName) {
  EXPECT_TRUE(is_build_tool("ninja"));
  EXPECT_TRUE(is_build_tool("mingw32-make"));
  EXPECT_FALSE(is_build_tool("ninja-but-not"));
  EXPECT_FALSE(is_build_tool("sh"));
  EXPECT_FALSE(is_build_tool(""));
}

}  // namespace
}  // namespace compiler_cache
