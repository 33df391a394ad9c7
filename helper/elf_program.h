// What the first bytes of a program, and the dynamic loader, tell of it. Pure text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

bool is_elf(std::string_view bytes);

/// True for a 64-bit little-endian ELF program with an interpreter: one that lists its libraries when asked.
/// Asking any other would run it.
bool has_interpreter(std::string_view bytes);

/// The absolute paths in what the dynamic loader prints for LD_TRACE_LOADED_OBJECTS.
std::vector<std::string> parse_loaded_objects(std::string_view text);

}  // namespace compiler_cache
