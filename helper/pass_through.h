// Arguments that the driver hands on unread: to assembler, preprocessor, front end and optimiser. The lists
// are closed, for any of these programs can be told to write files that no driver option shows.
#pragma once

#include <string_view>

namespace compiler_cache {

/// How an argument that is handed on is dealt with.
enum class PassThrough : unsigned char {
  known,       ///< in the key as it is
  takes_next,  ///< likewise, and so is the next one, which is its value
  refused,
};

/// `argument` is one element of -Wa,a,b or the value of -Xassembler.
PassThrough assembler_argument(std::string_view argument);

/// One element of -Wp,a,b or the value of -Xpreprocessor; depfile options are the caller's.
PassThrough preprocessor_argument(std::string_view argument);

/// The value of -Xclang.
PassThrough frontend_argument(std::string_view argument);

/// The value of -mllvm.
PassThrough optimizer_argument(std::string_view argument);

}  // namespace compiler_cache
