// Which dialect a compiler reads its command line in, and how it is asked in each for what it would do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

enum class DriverMode : unsigned char { gnu, cl };

/// As Clang decides it: by the last --driver-mode= of `arguments`, else by the name of the program: cl,
/// cl.exe, clang-cl-14, x86_64-pc-windows-msvc-clang-cl.
DriverMode driver_mode(std::string_view program, const std::vector<std::string>& arguments);

/// Those of `argv`'s arguments that choose the mode.
std::vector<std::string> driver_mode_arguments(const std::vector<std::string>& argv);

/// Arguments to make the compiler print what it would run for a source in `language` (as for -x).
std::vector<std::string> question_for_programs(DriverMode mode, const std::string& language);

/// Arguments to make it print where it looks for headers.
std::vector<std::string> question_for_search_path(DriverMode mode, const std::string& language);

/// cl.exe's first line; empty when `text`, which a compiler printed, does not begin with it.
std::string_view banner_of_cl(std::string_view text);

}  // namespace compiler_cache
