// Which compiler's command-line dialect and file naming a command follows.
#pragma once

#include <cstdint>
#include <string_view>

namespace compiler_cache {

enum class CompilerFamily : std::uint8_t { gcc, clang };

constexpr std::string_view to_string(CompilerFamily family) {
  return family == CompilerFamily::gcc ? "gcc" : "clang";
}

}  // namespace compiler_cache
