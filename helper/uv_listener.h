// The socket that launchers connect to, on the loop. Takes it over, and closes it.
#pragma once

#include <uv.h>

#include <cstddef>
#include <functional>

namespace compiler_cache {

/// Initializes the loop that is to listen. False: it cannot be had. Where libuv finds no descriptor for what
/// all loops share, it ends the process by abort(), so this looks first whether there are enough.
bool begin_loop(uv_loop_t* loop, int listener);

class UvListener {
 public:
  struct Handlers {
    std::function<void(int socket)> on_socket;  ///< who is called owns the socket
    std::function<void()> on_turned_away;       ///< somebody came for whom no descriptor was left
  };

  UvListener(uv_loop_t* loop, int listener, Handlers handlers);
  ~UvListener();
  UvListener(const UvListener&) = delete;
  UvListener& operator=(const UvListener&) = delete;

  /// How many descriptors this process may have; 0: not known.
  static std::size_t descriptor_limit();

  /// False: the kernel cannot watch the socket, and nobody will ever be heard.
  bool can_listen() const { return poll_ != nullptr; }

  /// Nobody is accepted any more; the socket stays open, so that nobody is refused either.
  void stop();
  /// Accepts again after there were no descriptors at all; to be called now and then, and when one is free.
  void resume();
  /// Before the loop ends.
  void close();

 private:
  void listen();
  void accept_next();
  bool turn_away_one();

  uv_poll_t* poll_;
  int listener_;
  /// Given up for a moment to turn somebody away.
  int spare_;
  const Handlers handlers_;
  bool paused_ = false;
  bool stopped_ = false;
};

}  // namespace compiler_cache
