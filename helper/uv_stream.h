// A connection to a server by TCP, TLS or a Unix socket, opened without blocking: names are looked up by a
// worker. Loop thread only.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/remote_settings.h"

namespace compiler_cache {

class TlsSession;

class UvStream : public std::enable_shared_from_this<UvStream> {
 public:
  struct Handlers {
    std::function<void(const Status&)> on_open;  ///< once
    std::function<void(std::string_view)> on_bytes;
    std::function<void(const Error&)> on_end;  ///< once, unless close() was called
  };
  using Piece = std::shared_ptr<const std::string>;

  static std::shared_ptr<UvStream> open(uv_loop_t* loop, const RemoteTarget& target, Handlers handlers);
  ~UvStream();

  void write(std::vector<Piece> pieces);
  /// Calls no handler from here on.
  void close();
  /// When bytes last went either way, by uv_now().
  std::uint64_t active_at() const { return active_at_; }

 private:
  UvStream(uv_loop_t* loop, const RemoteTarget& target, Handlers handlers);
  Status start(const RemoteTarget& target);
  void connect_to(const sockaddr* address);
  void connected(int status);
  void opened(const Status& status);
  void arrived(std::string_view bytes);
  void go_on_with_tls();
  void write_plain(std::vector<Piece> pieces);
  void end(int status, const char* what);
  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&handle_); }

  union Handle {
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  };

  uv_loop_t* const loop_;
  const std::uint16_t port_;
  Handlers handlers_;
  Handle handle_{};
  uv_connect_t connect_{};
  uv_getaddrinfo_t lookup_{};
  std::unique_ptr<TlsSession> tls_;
  std::shared_ptr<UvStream> self_;  ///< while a handle or request refers to it
  std::shared_ptr<UvStream> lookup_self_;
  std::string buffer_;
  std::uint64_t active_at_ = 0;
  bool has_handle_ = false;
  bool closed_ = false;
};

}  // namespace compiler_cache
