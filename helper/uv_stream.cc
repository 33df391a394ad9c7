#include "helper/uv_stream.h"

#include <cstring>
#include <utility>

#include "helper/tls_session.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kStreamChunk = 256 * 1024;

struct WriteRequest {
  uv_write_t request{};
  std::vector<UvStream::Piece> pieces;
  std::shared_ptr<UvStream> stream;
};

}  // namespace

std::shared_ptr<UvStream> UvStream::open(uv_loop_t* loop, const RemoteTarget& target, Handlers handlers) {
  std::shared_ptr<UvStream> stream(new UvStream(loop, target, std::move(handlers)));
  if (const Status started = stream->start(target); !started.ok()) stream->opened(started);
  return stream;
}

UvStream::UvStream(uv_loop_t* loop, const RemoteTarget& target, Handlers handlers)
    : loop_(loop), port_(target.url.port), handlers_(std::move(handlers)), active_at_(uv_now(loop)) {}

UvStream::~UvStream() = default;

Status UvStream::start(const RemoteTarget& target) {
  connect_.data = this;
  lookup_.data = this;
  if (target.url.scheme == RemoteScheme::redis_tls) {
    Result<std::unique_ptr<TlsSession>> tls = TlsSession::begin(target.url.host, target.ca_file);
    if (!tls.ok()) return tls.error();
    tls_ = std::move(*tls);
  }
  if (target.url.scheme == RemoteScheme::redis_socket) {
    uv_pipe_init(loop_, &handle_.pipe, 0);
    handle_.pipe.data = this;
    has_handle_ = true;
    self_ = shared_from_this();
    uv_pipe_connect(&connect_, &handle_.pipe, target.url.path.c_str(), [](uv_connect_t* request, int status) {
      static_cast<UvStream*>(request->data)->connected(status);
    });
    return {};
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  const auto found = [](uv_getaddrinfo_t* request, int status, addrinfo* addresses) {
    const std::shared_ptr<UvStream> stream =
        std::exchange(static_cast<UvStream*>(request->data)->lookup_self_, nullptr);
    if (!stream->closed_ && status == 0 && addresses != nullptr) {
      stream->connect_to(addresses->ai_addr);
    } else if (!stream->closed_) {
      stream->opened(Error{ErrorKind::io, std::string("the server's name: ") + uv_strerror(status)});
    }
    uv_freeaddrinfo(addresses);
  };
  const int started = uv_getaddrinfo(loop_, &lookup_, found, target.url.host.c_str(),
                                     std::to_string(target.url.port).c_str(), &hints);
  if (started != 0) return Error{ErrorKind::io, std::string("the server's name: ") + uv_strerror(started)};
  lookup_self_ = shared_from_this();
  return {};
}

void UvStream::connect_to(const sockaddr* address) {
  uv_tcp_init(loop_, &handle_.tcp);
  handle_.tcp.data = this;
  has_handle_ = true;
  self_ = shared_from_this();
  uv_tcp_nodelay(&handle_.tcp, 1);
  const int started = uv_tcp_connect(&connect_, &handle_.tcp, address, [](uv_connect_t* request, int status) {
    static_cast<UvStream*>(request->data)->connected(status);
  });
  if (started != 0) connected(started);
}

void UvStream::connected(int status) {
  if (closed_) return;
  if (status != 0) return opened(Error{ErrorKind::io, std::string("connecting: ") + uv_strerror(status)});
  active_at_ = uv_now(loop_);
  uv_read_start(
      stream(),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        auto* const self = static_cast<UvStream*>(handle->data);
        self->buffer_.resize(kStreamChunk);
        *buffer = uv_buf_init(self->buffer_.data(), static_cast<unsigned>(kStreamChunk));
      },
      [](uv_stream_t* handle, ssize_t got, const uv_buf_t* buffer) {
        const std::shared_ptr<UvStream> self = static_cast<UvStream*>(handle->data)->shared_from_this();
        if (self->closed_ || got == 0) return;
        if (got < 0) return self->end(static_cast<int>(got), "reading");
        self->active_at_ = uv_now(self->loop_);
        self->arrived({buffer->base, static_cast<std::size_t>(got)});
      });
  if (tls_) return go_on_with_tls();
  opened({});
}

void UvStream::opened(const Status& status) {
  const auto self = shared_from_this();
  const auto call = std::exchange(handlers_.on_open, nullptr);
  if (!status.ok()) close();
  if (call) call(status);
}

void UvStream::arrived(std::string_view bytes) {
  if (!tls_) {
    if (handlers_.on_bytes) handlers_.on_bytes(bytes);
    return;
  }
  tls_->take_encrypted(bytes);
  go_on_with_tls();
}

void UvStream::go_on_with_tls() {
  const auto self = shared_from_this();
  const Status shaken = tls_->go_on();
  if (std::string out = tls_->encrypted(); !out.empty())
    write_plain({std::make_shared<const std::string>(std::move(out))});
  if (!shaken.ok()) {
    if (handlers_.on_open) return opened(shaken);
    const auto call = std::exchange(handlers_.on_end, nullptr);
    close();
    if (call) call(shaken.error());
    return;
  }
  if (tls_->ready() && handlers_.on_open) opened({});
  for (std::string plain = tls_->plain(); !closed_ && !plain.empty(); plain = tls_->plain()) {
    if (handlers_.on_bytes) handlers_.on_bytes(plain);
  }
}

void UvStream::write(std::vector<Piece> pieces) {
  if (closed_) return;
  if (!tls_) return write_plain(std::move(pieces));
  for (const Piece& piece : pieces) tls_->send(*piece);
  if (std::string out = tls_->encrypted(); !out.empty())
    write_plain({std::make_shared<const std::string>(std::move(out))});
}

void UvStream::write_plain(std::vector<Piece> pieces) {
  auto write = std::make_unique<WriteRequest>();
  write->pieces = std::move(pieces);
  write->stream = shared_from_this();
  write->request.data = write.get();
  std::vector<uv_buf_t> buffers;
  for (const Piece& piece : write->pieces)
    buffers.push_back(uv_buf_init(const_cast<char*>(piece->data()), static_cast<unsigned>(piece->size())));
  const int started =
      uv_write(&write->request, stream(), buffers.data(), static_cast<unsigned>(buffers.size()),
               [](uv_write_t* request, int status) {
                 const std::unique_ptr<WriteRequest> done(static_cast<WriteRequest*>(request->data));
                 UvStream& self = *done->stream;
                 if (self.closed_) return;
                 if (status != 0) return self.end(status, "writing");
                 self.active_at_ = uv_now(self.loop_);
               });
  if (started != 0) return end(started, "writing");
  static_cast<void>(write.release());
}

void UvStream::end(int status, const char* what) {
  const auto self = shared_from_this();
  const auto call = std::exchange(handlers_.on_end, nullptr);
  close();
  if (call) call({ErrorKind::io, std::string(what) + ": " + uv_strerror(status)});
}

void UvStream::close() {
  if (std::exchange(closed_, true)) return;
  const auto self = shared_from_this();
  handlers_ = {};
  uv_cancel(reinterpret_cast<uv_req_t*>(&lookup_));  // most often there is none under way
  if (!has_handle_) return;
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_), [](uv_handle_t* handle) {
    const std::shared_ptr<UvStream> last =
        std::exchange(static_cast<UvStream*>(handle->data)->self_, nullptr);
  });
}

}  // namespace compiler_cache
