// Where blanks, comments, lines and literals of C-family text end. Internal to depscan.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// The end of the logical line that `at` is on: its newline, or the end of the text. Comments are not looked
/// at.
std::size_t line_end(std::string_view text, std::size_t at);

/// Past the block comment whose contents start at `at`.
std::size_t block_comment_end(std::string_view text, std::size_t at);

/// Whether it has one of the two trigraphs that matter here, for a backslash or a #.
bool has_trigraph(std::string_view text);

/// One that is no half of a CRLF: Clang ends a line there, GCC does not.
bool has_lone_carriage_return(std::string_view text);

/// `places`: where in the result some were, in order.
std::string without_splices(std::string_view text, std::vector<std::size_t>* places = nullptr);

/// Past blanks, comments and splices, and line ends if `across_lines`.
std::size_t skip_blank(std::string_view text, std::size_t at, bool across_lines = false);

/// Where the blanks and splices start that end before `end`.
std::size_t blank_start(std::string_view text, std::size_t end);

/// Past the literal whose opening quote is at `at`, or the line end that cuts it off.
std::size_t quoted_end(std::string_view text, std::size_t at);

/// Whether the double quote at `quote` stands behind R, LR, u8R, uR or UR.
bool is_raw_prefix(std::string_view text, std::size_t quote);

}  // namespace compiler_cache
