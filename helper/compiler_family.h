// Which compiler's command line and file naming a command follows.
#pragma once

#include <cstdint>
#include <string_view>

namespace compiler_cache {

/// Kept in identities on disk by number: append only. The last two speak the MSVC dialect; clang_cl is Clang
/// behind that dialect, with Clang's depfiles, precompiled headers and front end.
enum class CompilerFamily : std::uint8_t { gcc, clang, clang_cl, msvc };

constexpr std::string_view to_string(CompilerFamily family) {
  switch (family) {
    case CompilerFamily::gcc:
      return "gcc";
    case CompilerFamily::clang:
      return "clang";
    case CompilerFamily::clang_cl:
      return "clang-cl";
    case CompilerFamily::msvc:
      return "msvc";
  }
  return "";
}

constexpr bool speaks_msvc(CompilerFamily family) {
  return family == CompilerFamily::clang_cl || family == CompilerFamily::msvc;
}

/// Made from Clang's sources, whatever dialect it speaks.
constexpr bool is_clang(CompilerFamily family) {
  return family == CompilerFamily::clang || family == CompilerFamily::clang_cl;
}

}  // namespace compiler_cache
