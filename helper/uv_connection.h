// One accepted connection: frames in, frames with descriptors out, never blocking the loop.
#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "helper/client.h"
#include "helper/uv_process_ends.h"

namespace compiler_cache {

class UvConnection final : public Client, public std::enable_shared_from_this<UvConnection> {
 public:
  struct Handlers {
    std::function<void(UvConnection&, std::string_view body)> on_frame;
    /// Once; the connection is of no more use afterwards.
    std::function<void(UvConnection&)> on_closed;
  };

  /// What all connections together hold of frames that are not whole yet. Beyond the limit who sends more is
  /// hung up on: each alone may send a large frame, and thousands may come.
  struct Inputs {
    std::size_t bytes = 0;
    std::size_t limit = std::size_t{256} << 20;
  };

  /// Takes over the socket. `pid`: the peer's. `ends` outlives the connection.
  UvConnection(uv_loop_t* loop, int socket, pid_t pid, std::shared_ptr<Inputs> inputs, UvProcessEnds& ends,
               Handlers handlers);
  ~UvConnection() override;
  UvConnection(const UvConnection&) = delete;
  UvConnection& operator=(const UvConnection&) = delete;

  /// Reads what is there already, and then whenever there is more.
  void start();
  /// Takes what has arrived, without waiting for the loop to say so. May end with the connection closed.
  void read_available();

  void send(const std::string& body, std::vector<std::shared_ptr<OpenFile>> files) override;
  void close() override;
  pid_t pid() const override { return pid_; }
  bool when_process_ends(UvProcessEnds::Then then) override { return ends_.watch(pid_, std::move(then)); }
  /// Loop time of the last byte in or out, milliseconds.
  std::uint64_t active_at() const { return active_at_; }
  bool has_partial_frame() const { return !input_.empty(); }
  /// Whether the peer has hung up behind what it has said so far.
  bool peer_has_ended() const;
  /// Once shut: whether the peer had not read all that was sent.
  bool was_cut_off() const { return cut_off_; }

 private:
  struct Outgoing {
    std::string bytes;
    std::size_t sent = 0;
    std::vector<std::shared_ptr<OpenFile>> files;
  };

  void parse_frames();
  void count_input();
  void write_available();
  bool write_one(Outgoing& outgoing);
  void poll_for(int events);
  void shut(bool cut_off = false);

  uv_loop_t* loop_;
  uv_poll_t* poll_ = nullptr;  // freed by libuv's close callback, which may come after this object's end
  int socket_;
  pid_t pid_;
  const std::shared_ptr<Inputs> inputs_;
  UvProcessEnds& ends_;
  Handlers handlers_;
  std::string input_;
  std::size_t counted_ = 0;  ///< of the input, in inputs_
  std::deque<Outgoing> output_;
  bool close_when_sent_ = false;
  bool shut_ = false;
  bool cut_off_ = false;
  bool first_frame_ = true;
  int polled_ = 0;
  std::uint64_t active_at_ = 0;
};

}  // namespace compiler_cache
