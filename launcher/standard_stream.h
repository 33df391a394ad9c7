// Writing to the standard output and error that the build tool gave us.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace compiler_cache::launcher {

/// Writes all of it, waiting where the other end is slow, also on a non-blocking descriptor. 0, or the errno
/// that ended it. A broken pipe raises SIGPIPE, as it would in the compiler.
int pass_on(int descriptor, const uint8_t* data, size_t size);

}  // namespace compiler_cache::launcher
