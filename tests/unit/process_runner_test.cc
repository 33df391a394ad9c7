#include "helper/process_runner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

constexpr int kLongMs = 60'000;

Result<ProcessOutput> shell(const std::string& script, const std::vector<std::string>& environment = {},
                            int limit_ms = kLongMs, const std::string& cwd = "/") {
  return real_process_runner().run({"/bin/sh", "-c", script}, environment, cwd, limit_ms);
}

TEST(ProcessRunnerTest, CollectsBothOutputsAndTheExitCode) {
  const Result<ProcessOutput> output = shell("echo out; echo err >&2; exit 3");
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->exit_code, 3);
  EXPECT_EQ(output->standard_output, "out\n");
  EXPECT_EQ(output->standard_error, "err\n");
}

TEST(ProcessRunnerTest, RunsWithExactlyThatEnvironmentInThatFolder) {
  const TemporaryFolder folder;
  const Result<ProcessOutput> output =
      shell("echo \"$A|$HOME\"; pwd -P; cat", {"A=b c"}, kLongMs, folder.path());
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->standard_output, "b c|\n" + folder.path() + "\n");  // and no standard input
}

TEST(ProcessRunnerTest, ManyBytesOnBothOutputsDoNotBlockEachOther) {
  const Result<ProcessOutput> output =
      shell("i=0; while [ $i -lt 2000 ]; do printf '%0100d' 0; printf '%0100d' 1 >&2; i=$((i+1)); done");
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->standard_output.size(), 200'000U);
  EXPECT_EQ(output->standard_error.size(), 200'000U);
}

TEST(ProcessRunnerTest, KilledProgramHasTheShellsExitCode) {
  const Result<ProcessOutput> output = shell("kill -KILL $$");
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->exit_code, 128 + SIGKILL);
}

TEST(ProcessRunnerTest, MissingProgramIsNotFound) {
  const Result<ProcessOutput> output = real_process_runner().run({"/no/such/program"}, {}, "/", kLongMs);
  ASSERT_FALSE(output.ok());
  EXPECT_EQ(output.error().kind, ErrorKind::not_found);
}

TEST(ProcessRunnerTest, ProgramThatTakesTooLongIsEnded) {
  const Result<ProcessOutput> output = shell("sleep 600 & sleep 600", {"PATH=/usr/bin:/bin"}, 50);
  ASSERT_FALSE(output.ok());
  EXPECT_EQ(output.error().kind, ErrorKind::timed_out);
}

TEST(ProcessRunnerTest, ProgramThatPrintsTooMuchIsEnded) {
  const Result<ProcessOutput> output =
      shell("while :; do echo 0123456789012345678901234567890123456789; done");
  ASSERT_FALSE(output.ok());
  EXPECT_EQ(output.error().kind, ErrorKind::too_large);
}

TEST(ProcessRunnerTest, ProgramsChildrenAreEndedWithIt) {
  const TemporaryFolder folder;
  const std::string alive = folder / "alive";
  ASSERT_EQ(::mkfifo(alive.c_str(), 0600), 0);
  const int descriptor = ::open(alive.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  const Result<ProcessOutput> output = shell(
      "exec 9>alive; sleep 600 >/dev/null 2>&1 & while :; do echo 0123456789012345678901234567890123456789; "
      "done",
      {"PATH=/usr/bin:/bin"}, kLongMs, folder.path());
  EXPECT_FALSE(output.ok());
  pollfd polled{descriptor, POLLIN, 0};
  EXPECT_EQ(::poll(&polled, 1, 30'000), 1);
  EXPECT_EQ(polled.revents & POLLHUP, POLLHUP);  // nobody has it open any more
  ::close(descriptor);
}

TEST(ProcessRunnerTest, SignalsThatTheHelperIgnoresAreNotIgnoredByItsChildren) {
  const auto before = std::signal(SIGTERM, SIG_IGN);
  const Result<ProcessOutput> output = shell("kill -TERM $$; echo alive");
  std::signal(SIGTERM, before);
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->exit_code, 128 + SIGTERM);
}

}  // namespace
}  // namespace compiler_cache
