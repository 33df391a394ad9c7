#include "helper/uv_connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "helper/messages.h"
#include "helper/uv_polls.h"
#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kReadChunk = 64U << 10;
constexpr std::size_t kLengthBytes = 4;

std::uint32_t length_of(std::string_view bytes) {
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return length;
}

}  // namespace

UvConnection::UvConnection(uv_loop_t* loop, int socket, pid_t pid, std::shared_ptr<Inputs> inputs,
                           UvProcessEnds& ends, Handlers handlers)
    : loop_(loop),
      socket_(socket),
      pid_(pid),
      inputs_(std::move(inputs)),
      ends_(ends),
      handlers_(std::move(handlers)),
      active_at_(uv_now(loop)) {}

UvConnection::~UvConnection() { shut(); }

/// A launcher's question has mostly come with it, and is answered before libuv's preparations.
void UvConnection::start() {
  read_available();
  if (polled_ == 0) poll_for(UV_READABLE);  // else there is an answer that did not fit
}

void UvConnection::poll_for(int events) {
  if (shut_ || polled_ == events) return;
  polled_ = events;
  if (poll_ == nullptr) poll_ = new_poll(loop_, socket_, this);
  if (poll_ == nullptr) return shut(true);  // the launcher sees the connection end, and compiles
  uv_poll_start(poll_, events, [](uv_poll_t* poll, int status, int ready) {
    // Handlers may drop the last reference.
    auto self = static_cast<UvConnection*>(poll->data)->shared_from_this();
    if (status < 0) return self->shut(true);
    if ((ready & UV_WRITABLE) != 0) self->write_available();
    if ((ready & (UV_READABLE | UV_DISCONNECT)) != 0) self->read_available();
  });
}

void UvConnection::read_available() {
  char buffer[kReadChunk];
  while (!shut_) {
    const ssize_t got = recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (got <= 0) return shut(got < 0 || !output_.empty());
    active_at_ = uv_now(loop_);
    input_.append(buffer, static_cast<std::size_t>(got));
    parse_frames();
    count_input();
    if (static_cast<std::size_t>(got) < sizeof buffer) return;
  }
}

bool UvConnection::peer_has_ended() const {
  char next = 0;
  return recv(socket_, &next, sizeof next, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void UvConnection::count_input() {
  if (shut_) return;  // and no longer counted
  if (input_.empty()) input_.shrink_to_fit();
  inputs_->bytes += input_.size() - std::exchange(counted_, input_.size());
  if (inputs_->bytes > inputs_->limit) shut();
}

void UvConnection::parse_frames() {
  std::size_t at = 0;
  while (!shut_ && input_.size() - at >= kLengthBytes) {
    const std::uint32_t length = length_of(std::string_view(input_).substr(at));
    if (length > (first_frame_ ? protocol::kMaxRequest : protocol::kMaxFrame)) return shut();
    if (input_.size() - at - kLengthBytes < length) break;
    first_frame_ = false;
    handlers_.on_frame(*this, std::string_view(input_).substr(at + kLengthBytes, length));
    at += kLengthBytes + length;
  }
  input_.erase(0, at);
}

void UvConnection::send(const std::string& body, std::vector<std::shared_ptr<OpenFile>> files) {
  if (shut_) return;
  const auto self = shared_from_this();  // hanging up drops the server's reference
  output_.push_back({frame(body), 0, std::move(files)});
  write_available();
}

void UvConnection::close() {
  const auto self = shared_from_this();
  close_when_sent_ = true;
  if (output_.empty()) shut();
}

/// True when all of it is sent. Descriptors go with the first byte.
bool UvConnection::write_one(Outgoing& outgoing) {
  while (outgoing.sent < outgoing.bytes.size()) {
    iovec part{outgoing.bytes.data() + outgoing.sent, outgoing.bytes.size() - outgoing.sent};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * protocol::kMaxOutputs)] = {};
    if (outgoing.sent == 0 && !outgoing.files.empty()) {
      int descriptors[protocol::kMaxOutputs];
      const std::size_t count = std::min(outgoing.files.size(), protocol::kMaxOutputs);
      for (std::size_t i = 0; i < count; ++i) descriptors[i] = outgoing.files[i]->descriptor();
      message.msg_control = control;
      message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(sizeof(int) * count);
      std::memcpy(CMSG_DATA(header), descriptors, sizeof(int) * count);
    }
    const ssize_t sent = sendmsg(socket_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
    if (sent < 0) {
      shut(true);
      return false;
    }
    active_at_ = uv_now(loop_);
    outgoing.sent += static_cast<std::size_t>(sent);
  }
  return true;
}

void UvConnection::write_available() {
  while (!shut_ && !output_.empty()) {
    if (!write_one(output_.front())) {
      poll_for(UV_READABLE | UV_WRITABLE);
      return;
    }
    output_.pop_front();
  }
  if (close_when_sent_) return shut();
  poll_for(UV_READABLE);
}

/// `cut_off`: the peer ended with words of ours unread, of which Linux tells by an error.
void UvConnection::shut(bool cut_off) {
  if (shut_) return;
  shut_ = true;
  cut_off_ = cut_off;
  inputs_->bytes -= std::exchange(counted_, 0);
  close_poll(std::exchange(poll_, nullptr));
  ::close(socket_);
  if (handlers_.on_closed) handlers_.on_closed(*this);
}

}  // namespace compiler_cache
