#include "helper/build_handles.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace compiler_cache {
namespace {

/// A process that runs until it is told to end.
class Tool {
 public:
  Tool() {
    pid_ = fork();
    if (pid_ == 0) {
      pause();
      _exit(0);
    }
    pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  }
  ~Tool() {
    end();
    if (pidfd_ >= 0) close(pidfd_);
  }
  Tool(const Tool&) = delete;
  Tool& operator=(const Tool&) = delete;

  int pidfd() const { return pidfd_; }
  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
  int pidfd_ = -1;
};

TEST(BuildHandlesTest, WithoutABuildNoneHasEnded) { EXPECT_FALSE(BuildHandles().all_ended()); }

TEST(BuildHandlesTest, ABuildHasEndedAsSoonAsItsProcessHas) {
  Tool tool;
  if (tool.pidfd() < 0) GTEST_SKIP() << "no pidfds on this system";
  BuildHandles handles;
  handles.add(tool.pidfd());
  EXPECT_FALSE(handles.all_ended());
  tool.end();
  EXPECT_TRUE(handles.all_ended());
  handles.remove(tool.pidfd());
  EXPECT_FALSE(handles.all_ended());
}

TEST(BuildHandlesTest, OneThatRunsIsEnough) {
  Tool first;
  Tool second;
  if (first.pidfd() < 0) GTEST_SKIP() << "no pidfds on this system";
  BuildHandles handles;
  handles.add(first.pidfd());
  handles.add(second.pidfd());
  first.end();
  EXPECT_FALSE(handles.all_ended());
  second.end();
  EXPECT_TRUE(handles.all_ended());
  handles.clear();
  EXPECT_FALSE(handles.all_ended());
}

}  // namespace
}  // namespace compiler_cache
