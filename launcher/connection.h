// The connection to the helper: frames out, frames and descriptors in, each within a time limit.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "launcher/tree.h"
#include "protocol/protocol.h"

namespace compiler_cache::launcher {

/// One frame's content, without its length. The bytes stay valid until the next receive().
struct Message {
  const uint8_t* data = nullptr;
  size_t size = 0;
  int descriptors[protocol::kMaxOutputs];
  size_t descriptor_count = 0;
};

enum class Reach {
  connected,
  absent,        ///< no socket, or nobody listens on it
  busy,          ///< somebody listens, and too many wait already
  foreign,       ///< another user listens
  failed,        ///< the system refuses
  closed_stdio,  ///< a descriptor of ours would land on 0, 1 or 2
};

enum class Receipt {
  received,
  timed_out,
  ended,    ///< the helper closed the connection or died
  invalid,  ///< no frame of this protocol
};

class Connection {
 public:
  /// One attempt, never waiting. A path too long for a socket address is reached through /proc/self/fd.
  Reach open(const Tree& tree);
  /// All parts in order; false when the helper does not take them. `parts` is used up.
  bool send(struct iovec* parts, size_t count);
  /// Waits a moment for the helper to begin its answer, and longer unless another launcher has just marked it
  /// as stalled: so the mark is looked at only when the helper is slow, costs nothing otherwise, and is void
  /// once it answers again.
  bool is_answering(const Tree& tree);
  /// Within kAnswerTimeoutMs.
  Receipt receive(Message* message);
  void close();

 private:
  /// `*deadline_ms` is 0 before the first wait, which sets it: mostly nothing has to be waited for, and the
  /// first look at a clock costs a static program more than a system call.
  bool wait_for(short events, int64_t* deadline_ms);

  int socket_ = -1;
};

/// Milliseconds of a clock that only runs forward.
int64_t now_ms();

}  // namespace compiler_cache::launcher
