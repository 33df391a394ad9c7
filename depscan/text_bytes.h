// Byte classes and searches that the scans share. Internal to depscan.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace compiler_cache {

/// Bytes of identifiers in any dialect. "$" and multi-byte characters are none in some, and then a macro's
/// name may follow them directly: to leave them out finds more. A table, since this is asked of most bytes of
/// most headers.
inline constexpr auto kWordBytes = [] {
  std::array<bool, 256> bytes{};
  for (int c = '0'; c <= '9'; ++c) bytes[c] = true;
  for (int c = 'a'; c <= 'z'; ++c) bytes[c] = bytes[c - 'a' + 'A'] = true;
  bytes['_'] = true;
  return bytes;
}();
constexpr bool is_word_byte(char c) { return kWordBytes[static_cast<unsigned char>(c)]; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// The blank space that may stand between a backslash and the line end it removes; NUL is GCC's. A carriage
/// return is one half of a CRLF; alone it ends a line for Clang but not for GCC, which scan_c_family sees to.
constexpr bool is_blank_byte(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == '\0';
}
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// Past the identifier that starts at `at`.
inline std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_word_byte(text[at])) ++at;
  return at;
}

/// Where the identifier starts that ends before `end`.
inline std::size_t word_start(std::string_view text, std::size_t end) {
  while (end > 0 && is_word_byte(text[end - 1])) --end;
  return end;
}

/// Without the blanks at both ends.
constexpr std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank_byte(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank_byte(text.back())) text.remove_suffix(1);
  return text;
}

/// Whether `text` has `word`, which is lower case, at `at` in any case.
inline bool matches_nocase(std::string_view text, std::size_t at, std::string_view word) {
  if (at > text.size() || text.size() - at < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(text[at + i]) != word[i]) return false;
  }
  return true;
}

/// Whether `text` has `word` with no identifier going on at either side.
inline bool has_whole_word(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; at += word.size()) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word_byte(text[at - 1])) && (end == text.size() || !is_word_byte(text[end])))
      return true;
  }
  return false;
}

/// Length of the line splice at `at` (backslash, blanks, line end), or 0.
inline std::size_t splice_length(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '\\') return 0;
  std::size_t end = at + 1;
  while (end < text.size() && is_blank_byte(text[end])) ++end;
  return end < text.size() && text[end] == '\n' ? end + 1 - at : 0;
}

/// Where the splice starts whose line end is the byte before `end`; npos if that line end is a real one.
inline std::size_t splice_before(std::string_view text, std::size_t end) {
  std::size_t at = end - 1;
  while (at > 0 && is_blank_byte(text[at - 1])) --at;
  return at > 0 && text[at - 1] == '\\' ? at - 1 : std::string_view::npos;
}

}  // namespace compiler_cache
