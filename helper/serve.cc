#include "helper/serve.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "helper/config.h"
#include "helper/control_client.h"
#include "helper/last_words.h"
#include "helper/memory_use.h"
#include "helper/real_file_system.h"
#include "helper/server.h"
#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

constexpr int kBacklog = 1024;
constexpr rlim_t kMaxDescriptors = 65536;
constexpr std::chrono::seconds kOwnerLimit{5};
constexpr std::chrono::milliseconds kLockRetry{5};

/// A listening socket at `<folder>/sock`, through the folder's descriptor: sun_path holds 107 bytes only.
Result<int> listen_in(const std::string& folder) {
  const int handle = open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return error_from_errno(errno, "open", folder);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", handle,
                protocol::kSocketName);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const bool listening = listener >= 0 &&
                         bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                         listen(listener, kBacklog) == 0;
  const int error = errno;
  close(handle);
  if (listening) return listener;
  if (listener >= 0) close(listener);
  return error_from_errno(error, "listen on", folder + "/" + protocol::kSocketName);
}

/// Memory holds blobs behind descriptors, and each launcher is a connection.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min(limit.rlim_max, kMaxDescriptors);
  setrlimit(RLIMIT_NOFILE, &limit);
}

int fail(const ServeOptions& options, const Error& error) {
  if (options.foreground) std::fprintf(stderr, "compiler-cache-helper: %s\n", error.message.c_str());
  return 1;
}

/// The helper that runs already is for this owner too.
int register_owner(const ServeOptions& options, const std::string& folder_path) {
  if (options.owner_pid <= 0) return 0;
  Result<ControlAnswer> answer =
      ask_helper(folder_path, "owner", {std::to_string(options.owner_pid)}, kOwnerLimit);
  if (!answer.ok()) return fail(options, answer.error());
  return answer->ok ? 0 : fail(options, {ErrorKind::invalid, "there is no process to be the owner"});
}

/// `exists` when another helper answers, or has held the lock for as long as launchers wait. One that is
/// ending holds it a little longer than it can be reached: the launcher that met no socket has started us for
/// that.
Result<std::unique_ptr<FileLock>> take_lock(FileSystem& folder, const std::string& folder_path) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(protocol::kStartTimeoutMs);
  while (true) {
    Result<std::unique_ptr<FileLock>> lock = folder.lock(protocol::kLockName, LockMode::exclusive);
    if (lock.ok() || lock.error().kind != ErrorKind::exists) return lock;
    if (std::chrono::steady_clock::now() >= deadline) return lock;
    if (ask_helper(folder_path, "ping", {}, kOwnerLimit).ok()) return lock;
    std::this_thread::sleep_for(kLockRetry);
  }
}

}  // namespace

int serve(const ServeOptions& options) {
  umask(077);
  signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  hold_little_memory();
  const std::string folder_path = options.build_root + "/" + kTreeFolderName;
  const std::unique_ptr<FileSystem> world = make_real_file_system();
  Result<std::unique_ptr<FileSystem>> folder = make_folder_file_system(folder_path);
  if (!folder.ok()) return fail(options, folder.error());
  Result<std::unique_ptr<FileLock>> lock = take_lock(**folder, folder_path);
  if (!lock.ok() && lock.error().kind == ErrorKind::exists) return register_owner(options, folder_path);
  if (!lock.ok() && lock.error().kind != ErrorKind::unsupported) return fail(options, lock.error());

  // Without locks only the socket tells that there is a helper.
  if (!lock.ok() && ask_helper(folder_path, "ping", {}, kOwnerLimit).ok())
    return register_owner(options, folder_path);

  (*folder)->remove(protocol::kSocketName).ok();  // of a helper that crashed
  (*folder)->remove(protocol::kStalledName).ok();
  leave_last_words(folder_path);
  Result<int> listener = listen_in(folder_path);
  if (!listener.ok()) return fail(options, listener.error());
  return run_server(options, *world, **folder, *listener);
}

}  // namespace compiler_cache
