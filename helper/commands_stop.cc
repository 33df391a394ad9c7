#include <poll.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "helper/commands.h"
#include "helper/config.h"
#include "helper/control_client.h"
#include "helper/real_file_system.h"
#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLimit{10};
constexpr int kPauseMs = 10;

/// A helper holds the lock for its whole life, also before it listens and after it stopped listening.
bool is_locked(const std::string& folder) {
  const std::unique_ptr<FileSystem> files = make_real_file_system();
  const auto lock = files->lock(folder + "/" + protocol::kLockName, LockMode::shared);
  return !lock && lock.error().kind == ErrorKind::exists;
}

enum class Stopped { stopped, none_ran };

Result<Stopped> stop(const std::string& folder) {
  const Clock::time_point deadline = Clock::now() + kLimit;
  bool seen = false;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    Status status = stop_helper(folder, left);
    if (status) return Stopped::stopped;
    if (status.error().kind != ErrorKind::not_found) return status.error();
    if (!is_locked(folder)) return seen ? Stopped::stopped : Stopped::none_ran;
    seen = true;
    if (Clock::now() >= deadline)
      return Error{ErrorKind::timed_out, "the helper is there but does not listen"};
    ::poll(nullptr, 0, kPauseMs);
  }
}

}  // namespace

int run_stop(const CommandOptions& options) {
  const Result<Stopped> result = stop(options.build_root + "/" + kTreeFolderName);
  if (!result) {
    print_error("not stopped: " + result.error().message);
    return kExitFailure;
  }
  std::puts(result.value() == Stopped::stopped ? "The helper has stopped." : "No helper is running.");
  return kExitOk;
}

}  // namespace compiler_cache
