#include "helper/process_list.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

namespace compiler_cache {
namespace {

/// A line of the kernel's form for a process of that name: pid 42, parent 7, start time 123456.
std::string stat_line(const std::string& name) {
  return "42 (" + name + ") S 7 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 10 11\n";
}

TEST(ProcessListTest, ParsesPidParentStartTimeAndName) {
  ProcessInfo info;
  ASSERT_TRUE(parse_process_stat(stat_line("ninja"), info));
  EXPECT_EQ(info.pid, 42);
  EXPECT_EQ(info.parent, 7);
  EXPECT_EQ(info.start_time, 123456U);
  EXPECT_EQ(info.name, "ninja");
}

TEST(ProcessListTest, NamesMayHoldAnything) {
  for (const char* name : {"a b", "a) S 1 (b", "(", ")", "", "a\nb", ") ", " ("}) {
    ProcessInfo info;
    ASSERT_TRUE(parse_process_stat(stat_line(name), info)) << name;
    EXPECT_EQ(info.name, name);
    EXPECT_EQ(info.parent, 7) << name;
    EXPECT_EQ(info.start_time, 123456U) << name;
  }
}

TEST(ProcessListTest, TruncatedLinesAreRefusedAndChangeNothing) {
  const std::string line = stat_line("ninja");
  const std::size_t after_start_time = line.find(" 9 10");
  for (std::size_t size = 0; size < after_start_time - 6; ++size) {
    ProcessInfo info;
    info.pid = 99;
    EXPECT_FALSE(parse_process_stat(line.substr(0, size), info)) << size;
    EXPECT_EQ(info.pid, 99);
  }
}

TEST(ProcessListTest, KnowsThisProcess) {
  ProcProcessList processes;
  const Result<ProcessInfo> info = processes.info(::getpid());
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info.value().pid, ::getpid());
  EXPECT_EQ(info.value().parent, ::getppid());
  EXPECT_GT(info.value().start_time, 0U);
  EXPECT_EQ(processes.working_folder(::getpid()).value(), std::filesystem::current_path().string());
  EXPECT_TRUE(std::filesystem::path(processes.executable(::getpid()).value()).is_absolute());
}

TEST(ProcessListTest, ThisProcessSeesTheSameFilesAsItself) {
  ProcProcessList processes;
  const Result<bool> same = processes.sees_same_files(::getpid(), {});
  ASSERT_TRUE(same.ok());
  EXPECT_TRUE(same.value());
}

/// What is said of a child that has begun with `begin`; `unknown` when it could not.
enum class Said { same, other, unknown };
Said said_of_child(ProcProcessList& processes, const std::function<bool()>& begin) {
  int ready[2];
  if (::pipe(ready) != 0) return Said::unknown;
  const pid_t child = ::fork();
  if (child == 0) {
    const char began = begin() ? 'y' : 'n';
    if (::write(ready[1], &began, 1) == 1) ::pause();
    ::_exit(0);
  }
  char began = 'n';
  const bool told = child > 0 && ::read(ready[0], &began, 1) == 1 && began == 'y';
  const Result<bool> same = told ? processes.sees_same_files(child, {}) : Result<bool>(false);
  ::close(ready[0]);
  ::close(ready[1]);
  if (child > 0) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  if (!told || !same.ok()) return Said::unknown;
  return *same ? Said::same : Said::other;
}

TEST(ProcessListTest, EachPeerIsAskedAnewWhatItSees) {
  ProcProcessList processes;
  ASSERT_EQ(said_of_child(processes, [] { return true; }), Said::same);
  const Said in_other_root = said_of_child(processes, [] { return ::chroot("/proc") == 0; });
  const Said in_other_mounts = said_of_child(processes, [] { return ::unshare(CLONE_NEWNS) == 0; });
  if (in_other_root == Said::unknown && in_other_mounts == Said::unknown)
    GTEST_SKIP() << "neither roots nor mount namespaces can be made here";
  EXPECT_NE(in_other_root, Said::same);
  EXPECT_NE(in_other_mounts, Said::same);
  EXPECT_EQ(said_of_child(processes, [] { return true; }), Said::same);
}

/// What a child that has begun with `begin` says of its root; mount 0 when it could not begin.
protocol::RootView root_of_child(const std::function<bool()>& begin) {
  int ready[2];
  if (::pipe(ready) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    const protocol::RootView root = begin() ? protocol::see_root() : protocol::RootView();
    ::_exit(::write(ready[1], &root, sizeof root) == sizeof root ? 0 : 1);
  }
  protocol::RootView root;
  const bool told = child > 0 && ::read(ready[0], &root, sizeof root) == sizeof root;
  ::close(ready[0]);
  ::close(ready[1]);
  if (child > 0) ::waitpid(child, nullptr, 0);
  return told ? root : protocol::RootView();
}

TEST(ProcessListTest, WhatAPeerSaysOfItsRootIsEnough) {
  constexpr pid_t kNobody = 1 << 30;  // of whom the system knows nothing
  ProcProcessList processes;
  const protocol::RootView own = root_of_child([] { return true; });
  if (own.mount == 0) GTEST_SKIP() << "this kernel does not tell of mounts";
  EXPECT_TRUE(processes.sees_same_files(kNobody, own).value());
  const protocol::RootView changed = root_of_child([] { return ::chroot("/proc") == 0; });
  const protocol::RootView inside = root_of_child([] { return ::chroot("/usr") == 0; });  // of the same mount
  const protocol::RootView mounts = root_of_child([] { return ::unshare(CLONE_NEWNS) == 0; });
  if (changed.mount == 0 || mounts.mount == 0)
    GTEST_SKIP() << "neither roots nor mount namespaces can be made here";
  EXPECT_FALSE(processes.sees_same_files(kNobody, changed).value());
  EXPECT_FALSE(processes.sees_same_files(kNobody, inside).value());
  EXPECT_FALSE(processes.sees_same_files(kNobody, mounts).value());
}

TEST(ProcessListTest, AProcessThatIsNotThereIsNotFound) {
  ProcProcessList processes;
  constexpr pid_t kBeyondTheKernelsLimit = 1 << 30;
  EXPECT_EQ(processes.info(kBeyondTheKernelsLimit).error().kind, ErrorKind::not_found);
  EXPECT_EQ(processes.working_folder(kBeyondTheKernelsLimit).error().kind, ErrorKind::not_found);
  EXPECT_FALSE(processes.sees_same_files(kBeyondTheKernelsLimit, {}).ok());
}

TEST(ProcessListTest, PathsThatCannotBeResolvedStayAsTheyAre) {
  ProcProcessList processes;
  EXPECT_EQ(processes.real_path("/proc/self/../self/no-such-entry"), "/proc/self/../self/no-such-entry");
  EXPECT_EQ(processes.real_path("/usr/../usr"), "/usr");
}

}  // namespace
}  // namespace compiler_cache
