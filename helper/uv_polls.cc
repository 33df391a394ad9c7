#include "helper/uv_polls.h"

#include <memory>

namespace compiler_cache {

uv_poll_t* new_poll(uv_loop_t* loop, int descriptor, void* data) {
  auto poll = std::make_unique<uv_poll_t>();
  if (uv_poll_init(loop, poll.get(), descriptor) != 0) return nullptr;
  poll->data = data;
  return poll.release();
}

void close_poll(uv_poll_t* poll) {
  if (poll == nullptr) return;
  uv_poll_stop(poll);
  poll->data = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(poll),
           [](uv_handle_t* handle) { delete reinterpret_cast<uv_poll_t*>(handle); });
}

}  // namespace compiler_cache
