#include "helper/uv_listener.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "helper/uv_polls.h"

namespace compiler_cache {
namespace {

/// The event loop's, a few for files, one for a launcher.
constexpr int kLeastDescriptors = 24;

int accept_from(int listener) { return accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK); }
int open_spare() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

}  // namespace

bool begin_loop(uv_loop_t* loop, int listener) {
  const int spare = fcntl(listener, F_DUPFD_CLOEXEC, kLeastDescriptors);
  if (spare < 0) return false;
  ::close(spare);
  return uv_loop_init(loop) == 0;
}

UvListener::UvListener(uv_loop_t* loop, int listener, Handlers handlers)
    : poll_(new_poll(loop, listener, this)),
      listener_(listener),
      spare_(open_spare()),
      handlers_(std::move(handlers)) {
  if (poll_ != nullptr) listen();
}

UvListener::~UvListener() { close(); }

std::size_t UvListener::descriptor_limit() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<std::size_t>(limit.rlim_cur) : 0;
}

void UvListener::listen() {
  uv_poll_start(poll_, UV_READABLE,
                [](uv_poll_t* poll, int, int) { static_cast<UvListener*>(poll->data)->accept_next(); });
}

void UvListener::accept_next() {
  while (!stopped_) {
    const int socket = accept_from(listener_);
    // Most often it is alone; where it is not, the loop says so again.
    if (socket >= 0) return handlers_.on_socket(socket);
    if (errno == EMFILE || errno == ENFILE) {
      if (!turn_away_one()) return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;  // none left
    }
  }
}

/// The launcher sees the connection end, and compiles. Otherwise it would wait for an answer in vain, and the
/// loop would wake for it again and again.
bool UvListener::turn_away_one() {
  if (spare_ >= 0) ::close(spare_);
  const int socket = accept_from(listener_);
  const int error = errno;
  if (socket >= 0) ::close(socket);
  spare_ = open_spare();
  if (socket >= 0) {
    handlers_.on_turned_away();
    return true;
  }
  if (error == EMFILE || error == ENFILE) {  // another thread took it
    uv_poll_stop(poll_);
    paused_ = true;
  }
  return false;
}

void UvListener::stop() {
  stopped_ = true;
  if (poll_ != nullptr) uv_poll_stop(poll_);
}

void UvListener::resume() {
  if (stopped_ || !std::exchange(paused_, false)) return;
  if (spare_ < 0) spare_ = open_spare();
  listen();
}

void UvListener::close() {
  if (listener_ < 0) return;
  close_poll(std::exchange(poll_, nullptr));
  stopped_ = true;
  ::close(std::exchange(listener_, -1));
  if (spare_ >= 0) ::close(spare_);
}

}  // namespace compiler_cache
