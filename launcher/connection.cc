#include "launcher/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "launcher/memory.h"

namespace compiler_cache::launcher {
namespace {

// How long a helper that is marked as stalled may take to show that it is back.
constexpr int kGraceMs = 25;
constexpr size_t kFirstRead = 64U << 10;
uint8_t receive_memory[kFirstRead];

Reach reach_of_error(int error) {
  switch (error) {
    case ENOENT:
    case ECONNREFUSED:
      return Reach::absent;
    case EAGAIN:
      return Reach::busy;
    default:
      return Reach::failed;
  }
}

bool is_stdio(int descriptor) { return descriptor >= 0 && descriptor <= STDERR_FILENO; }

// Who listens may have us run anything, so it must be ourselves: whatever the folder's mode lets others put
// there.
bool is_own(int socket) {
  struct ucred peer = {};
  socklen_t size = sizeof peer;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == getauxval(AT_EUID);
}

Reach connect_at(int socket, const char* path, size_t size) {
  struct sockaddr_un address;
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, path, size + 1);
  const socklen_t length = static_cast<socklen_t>(offsetof(struct sockaddr_un, sun_path) + size + 1);
  if (connect(socket, reinterpret_cast<const struct sockaddr*>(&address), length) == 0)
    return is_own(socket) ? Reach::connected : Reach::foreign;
  return reach_of_error(errno);
}

Reach connect_through_folder(int socket, const Tree& tree) {
  const int folder = openat(AT_FDCWD, tree.folder().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return errno == ENOENT ? Reach::absent : Reach::failed;
  Text<64> path;
  path.add("/proc/self/fd/").add_number(folder).add("/").add(protocol::kSocketName);
  const Reach reach = connect_at(socket, path.c_str(), path.size());
  ::close(folder);
  return reach;
}

// Keeps the descriptors that came along; false when the message has something else, or more than there is
// room for.
bool take_descriptors(struct msghdr* header, Message* message) {
  for (struct cmsghdr* part = CMSG_FIRSTHDR(header); part != nullptr; part = CMSG_NXTHDR(header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) return false;
    const size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    if (count > protocol::kMaxOutputs - message->descriptor_count) return false;
    memcpy(message->descriptors + message->descriptor_count, CMSG_DATA(part), count * sizeof(int));
    message->descriptor_count += count;
  }
  return (header->msg_flags & MSG_CTRUNC) == 0;
}

// As recv(), and keeps the descriptors that come along; `*valid` is false when they are not as they should
// be.
ssize_t read_some(int socket, uint8_t* data, size_t size, Message* message, bool* valid) {
  struct iovec part = {data, size};
  alignas(struct cmsghdr) char control[CMSG_SPACE(protocol::kMaxOutputs * sizeof(int))];
  struct msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  const ssize_t count = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  if (count > 0) *valid = take_descriptors(&header, message);
  return count;
}

}  // namespace

int64_t now_ms() {
  struct timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

Reach Connection::open(const Tree& tree) {
  // Non-blocking: connect() to a stopped helper with a full backlog would wait for ever.
  if (socket_ < 0) socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ < 0) return Reach::failed;
  // The user closed one of the three. What we print would go to the helper, so stay out; that costs no system
  // call.
  if (is_stdio(socket_)) return Reach::closed_stdio;
  const Path path = tree.path_of(protocol::kSocketName);
  if (!path.ok()) return Reach::failed;
  const bool fits = path.size() < sizeof(sockaddr_un::sun_path);
  return fits ? connect_at(socket_, path.c_str(), path.size()) : connect_through_folder(socket_, tree);
}

bool Connection::wait_for(short events, int64_t* deadline_ms) {
  if (*deadline_ms == 0) *deadline_ms = now_ms() + protocol::kAnswerTimeoutMs;
  while (true) {
    const int64_t left = *deadline_ms - now_ms();
    struct pollfd waited = {socket_, events, 0};
    const int ready = poll(&waited, 1, left > 0 ? static_cast<int>(left) : 0);
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

bool Connection::send(struct iovec* parts, size_t count) {
  int64_t deadline = 0;
  struct msghdr header = {};
  header.msg_iov = parts;
  header.msg_iovlen = static_cast<decltype(header.msg_iovlen)>(count);  // musl and glibc differ
  while (header.msg_iovlen > 0) {
    const ssize_t sent = sendmsg(socket_, &header, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN || !wait_for(POLLOUT, &deadline)) return false;
      continue;
    }
    size_t left = static_cast<size_t>(sent);
    while (header.msg_iovlen > 0 && left >= header.msg_iov->iov_len) {
      left -= header.msg_iov->iov_len;
      ++header.msg_iov;
      --header.msg_iovlen;
    }
    if (header.msg_iovlen > 0) {
      header.msg_iov->iov_base = static_cast<uint8_t*>(header.msg_iov->iov_base) + left;
      header.msg_iov->iov_len -= left;
    }
  }
  return true;
}

bool Connection::is_answering(const Tree& tree) {
  struct pollfd waited = {socket_, POLLIN, 0};
  int ready = 0;
  do {
    ready = poll(&waited, 1, kGraceMs);
  } while (ready < 0 && errno == EINTR);
  return ready > 0 || !tree.is_stalled();
}

Receipt Connection::receive(Message* message) {
  int64_t deadline = 0;
  wire::Buffer buffer = {receive_memory, 0, sizeof receive_memory, grow_by_mapping};
  *message = Message();
  size_t wanted = wire::kFrameHeader;
  while (buffer.size < wanted) {
    bool valid = true;
    const ssize_t count =
        read_some(socket_, buffer.data + buffer.size, buffer.capacity - buffer.size, message, &valid);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      if (!wait_for(POLLIN, &deadline)) return Receipt::timed_out;
      continue;
    }
    if (count <= 0) return Receipt::ended;
    buffer.size += static_cast<size_t>(count);
    if (!valid) return Receipt::invalid;
    if (wanted == wire::kFrameHeader && buffer.size >= wanted) {
      const size_t frame = wire::decode_frame_size(buffer.data);
      if (frame > protocol::kMaxFrame) return Receipt::invalid;
      wanted += frame;
      if (wanted > buffer.capacity && !buffer.reserve(wanted - buffer.size)) return Receipt::invalid;
    }
  }
  if (buffer.size != wanted) return Receipt::invalid;  // the helper never says two things at once
  message->data = buffer.data + wire::kFrameHeader;
  message->size = wanted - wire::kFrameHeader;
  return Receipt::received;
}

void Connection::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

}  // namespace compiler_cache::launcher
