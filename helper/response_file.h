// Arguments of the form @file, replaced by what the file holds, as the drivers of GCC and Clang do it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/compiler_family.h"

namespace compiler_cache {

/// Returns the content of the file at `path` (absolute, or as spelled when the cwd is empty).
using ResponseFileReader = std::function<Result<std::string>(const std::string& path)>;

/// Beyond these a command is refused rather than expanded: they bound what one request can cost.
struct ResponseFileLimits {
  std::size_t bytes = std::size_t{4} << 20;  ///< of all files together
  std::size_t arguments = 100'000;           ///< after expansion
  std::size_t depth = 32;                    ///< of nesting
};

/// `text` split into arguments. GCC (libiberty): white space separates, a backslash takes the next character
/// literally everywhere, also between quotes; "" is an empty argument; \v and \f are white space too. Clang
/// differs in the last two: an empty pair of quotes vanishes.
std::vector<std::string> split_response_file(std::string_view text, CompilerFamily family);

/// `text` split as Windows programs split their command lines: only double quotes, which a backslash in front
/// keeps; a backslash elsewhere is a backslash. `invalid` when a quote is left open, for there Clangs differ.
/// Also how cl.exe and clang-cl read the variables CL and _CL_.
Result<std::vector<std::string>> split_windows_command_line(std::string_view text);

/// The family by whose rules the response files of `argv` are read: that of the compiler, or what Clang's
/// --rsp-quoting= chooses.
CompilerFamily response_file_dialect(const std::vector<std::string>& argv, CompilerFamily family);

/// `argv` with every @file (argv[0] excepted) expanded in place; relative names, also nested ones, are
/// relative to `cwd`. Clang and cl.exe read UTF-16 and UTF-8 with a byte order mark, too. Errors: not_found
/// (the compilers keep such an argument as a file name, the cache does not guess), too_large, and invalid for
/// cycles, NUL bytes, broken UTF-16, and any byte order mark for GCC.
Result<std::vector<std::string>> expand_response_files(const std::vector<std::string>& argv,
                                                       const std::string& cwd, CompilerFamily family,
                                                       const ResponseFileReader& reader,
                                                       const ResponseFileLimits& limits = {});

}  // namespace compiler_cache
