// Descriptors on the loop. libuv's own function may fail, with the handle left as it was: it is of no use
// then.
#pragma once

#include <uv.h>

namespace compiler_cache {

/// A handle on the heap, not started yet. Null where the kernel cannot watch the descriptor (any more).
uv_poll_t* new_poll(uv_loop_t* loop, int descriptor, void* data);

/// Stops and frees it, when the loop comes to that; its callback is not called again. Null: nothing.
void close_poll(uv_poll_t* poll);

}  // namespace compiler_cache
