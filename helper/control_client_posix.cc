#include "helper/control_client.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "helper/codec.h"
#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

class SocketDescriptor {
 public:
  explicit SocketDescriptor(int number) : number_(number) {}
  ~SocketDescriptor() {
    if (number_ >= 0) ::close(number_);
  }
  SocketDescriptor(SocketDescriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  SocketDescriptor& operator=(SocketDescriptor&&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Error late() { return {ErrorKind::timed_out, "the helper does not answer"}; }
Error broken() { return {ErrorKind::io, "the helper closed the connection"}; }
Error garbled() { return {ErrorKind::corrupt, "the helper's answer makes no sense"}; }

/// Waits until `file` is ready for `events`, or hangs up.
Status wait_for(int file, short events, Deadline deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return late();
    pollfd waited{file, events, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(std::min<long long>(left, 1 << 30)));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return Error{ErrorKind::io, std::strerror(errno)};
  }
}

/// sun_path holds 108 bytes, a build tree's path may have more: the folder is named by a descriptor.
Result<SocketDescriptor> connect_to(const std::string& folder, Deadline deadline) {
  const SocketDescriptor directory(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0) {
    return Error{errno == ENOENT ? ErrorKind::not_found : ErrorKind::io, "cannot open " + folder};
  }
  SocketDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.number() < 0) return Error{ErrorKind::io, std::strerror(errno)};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path =
      "/proc/self/fd/" + std::to_string(directory.number()) + "/" + protocol::kSocketName;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  while (::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return Error{ErrorKind::not_found, "no helper is running"};
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return Error{ErrorKind::io, std::string("cannot connect: ") + std::strerror(errno)};
    // Its queue of connections is full, and nothing tells when it no longer is.
    if (std::chrono::steady_clock::now() >= deadline) return late();
    ::poll(nullptr, 0, 5);
  }
  return socket;
}

Status send_all(int socket, std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return broken();
    if (Status status = wait_for(socket, POLLOUT, deadline); !status) return status;
  }
  return {};
}

Result<std::string> receive_exactly(int socket, std::size_t size, Deadline deadline) {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::recv(socket, bytes.data() + have, size - have, 0);
    if (got > 0) {
      have += static_cast<std::size_t>(got);
      continue;
    }
    if (got == 0) return broken();
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return broken();
    if (Status status = wait_for(socket, POLLIN, deadline); !status) return status.error();
  }
  return bytes;
}

std::string encode_request(std::string_view command, const std::vector<std::string>& arguments) {
  Packer packer;
  packer.array(4).uint(protocol::kControl).uint(protocol::kVersion).bin(command).array(arguments.size());
  for (const std::string& argument : arguments) packer.bin(argument);
  const std::string body = packer.take();
  std::string frame;
  for (unsigned shift = 0; shift < 32; shift += 8) frame.push_back(static_cast<char>(body.size() >> shift));
  return frame + body;
}

Result<ControlAnswer> decode_answer(std::string_view body) {
  Result<Document> document = Document::parse(body);
  if (!document) return garbled();
  const Node root = document->root();
  std::uint32_t type = 0;
  ControlAnswer answer;
  if (!root.at(0).get(type) || type != protocol::kAnswer || !root.at(1).get(answer.ok) ||
      !root.at(2).get(answer.payload)) {
    return garbled();
  }
  return answer;
}

Result<ControlAnswer> exchange(int socket, std::string_view command,
                               const std::vector<std::string>& arguments, Deadline deadline) {
  if (Status sent = send_all(socket, encode_request(command, arguments), deadline); !sent) {
    return sent.error();
  }
  Result<std::string> header = receive_exactly(socket, 4, deadline);
  if (!header) return header.error();
  std::size_t size = 0;
  for (unsigned i = 0; i < 4; ++i) {
    size |= static_cast<std::size_t>(static_cast<unsigned char>((*header)[i])) << (8 * i);
  }
  if (size > protocol::kMaxFrame) return garbled();
  Result<std::string> body = receive_exactly(socket, size, deadline);
  if (!body) return body.error();
  return decode_answer(*body);
}

/// Readable once the process that listens on the other side is gone; -1 where the kernel has no such thing.
SocketDescriptor watch_peer(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.pid <= 0) {
    return SocketDescriptor(-1);
  }
  return SocketDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, peer.pid, 0)));
}

/// A helper that ends closes its connections last thing, so without a pidfd the end of ours has to do.
Status wait_for_end(const SocketDescriptor& process, int socket, Deadline deadline) {
  if (process.number() >= 0) return wait_for(process.number(), POLLIN, deadline);
  char byte;
  for (;;) {
    const ssize_t got = ::recv(socket, &byte, 1, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return {};
    if (Status status = wait_for(socket, POLLIN, deadline); !status) return status;
  }
}

}  // namespace

Result<ControlAnswer> ask_helper(const std::string& folder, std::string_view command,
                                 const std::vector<std::string>& arguments, std::chrono::milliseconds limit) {
  const Deadline deadline = std::chrono::steady_clock::now() + limit;
  Result<SocketDescriptor> socket = connect_to(folder, deadline);
  if (!socket) return socket.error();
  return exchange(socket->number(), command, arguments, deadline);
}

Status stop_helper(const std::string& folder, std::chrono::milliseconds limit) {
  const Deadline deadline = std::chrono::steady_clock::now() + limit;
  Result<SocketDescriptor> socket = connect_to(folder, deadline);
  if (!socket) return socket.status();
  // Taken before it is told, while the pid cannot be another's.
  const SocketDescriptor process = watch_peer(socket->number());
  Result<ControlAnswer> answer = exchange(socket->number(), kStopCommand, {}, deadline);
  if (!answer && answer.error().kind == ErrorKind::timed_out) return answer.status();
  if (answer && !answer->ok) return Error{ErrorKind::io, answer->payload};
  // A connection that broke instead of an answer: it is ending already.
  return wait_for_end(process, socket->number(), deadline);
}

}  // namespace compiler_cache
