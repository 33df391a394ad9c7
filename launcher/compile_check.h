// CMake's own compiles (try_compile) while it configures.
#pragma once

namespace compiler_cache::launcher {

/// True for a compile of CMake's in a scratch folder that is gone a moment later. Such ones neither use the
/// cache nor start a helper: they are small, never the same twice, and there may be no build after them.
bool is_compile_check(char** argv, const char* cwd);

}  // namespace compiler_cache::launcher
