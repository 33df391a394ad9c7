// Memory for a process that lives for milliseconds: taken, never given back.
#pragma once

#include <stddef.h>

#include "protocol/wire.h"

namespace compiler_cache::launcher {

/// `size` zeroed bytes, aligned for pointers; nullptr when there are none.
void* allocate(size_t size);

/// A copy of `bytes` with a NUL behind; nullptr when there is no memory, or a NUL is inside already.
char* allocate_text(wire::Bytes bytes);

/// For wire::Buffer::grow: moves the bytes into a mapping of at least twice the size. Start it with static
/// memory, so that the usual case takes no system call.
bool grow_by_mapping(wire::Buffer* buffer, size_t needed);

}  // namespace compiler_cache::launcher
