// What a source is written in, as the driver decides it: by -x, else by the file's extension.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "helper/compiler_family.h"

namespace compiler_cache {

enum class Language : std::uint8_t {
  c,
  cxx,
  objective_c,
  objective_cxx,
  c_preprocessed,
  cxx_preprocessed,
  objective_c_preprocessed,
  objective_cxx_preprocessed,
  assembler,
  assembler_with_cpp,
  llvm_ir,  ///< Clang only: .ll and .bc
  // Compiled, they become precompiled headers.
  c_header,
  cxx_header,
  objective_c_header,
  objective_cxx_header,
  // Known, so that they can be refused with the right reason.
  header_unit,  ///< a header as a C++20 module
  module_unit,  ///< .cppm and its like
};

/// The value that -x takes for `language`, for the two compilers alike; empty for header_unit and
/// module_unit.
std::string_view x_name(Language language);

/// True when the preprocessor runs, and therefore a depfile can be asked for.
bool is_preprocessed_by_compiler(Language language);

/// True for assembler with or without preprocessing.
bool is_assembler(Language language);

/// True when the result is a precompiled header.
bool is_header(Language language);

/// The language named by `-x value`; none when this compiler or the cache does not know it. `-x none` is the
/// caller's.
std::optional<Language> language_from_x(std::string_view value, CompilerFamily family);

/// The language by the extension of `path`; none when the driver would hand the file to the linker. A C++
/// driver (g++, clang++) compiles .c and .i as C++.
std::optional<Language> language_from_path(std::string_view path, CompilerFamily family, bool cxx_driver);

/// True when a driver called `argv0` is a C++ one: g++, clang++-14, aarch64-linux-gnu-g++, c++.exe.
bool is_cxx_driver_name(std::string_view argv0);

}  // namespace compiler_cache
