#include "depscan/c_lexing.h"

#include "depscan/text_bytes.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

}  // namespace

std::size_t line_end(std::string_view text, std::size_t at) {
  for (; (at = text.find('\n', at)) != kNone; ++at) {
    if (splice_before(text, at + 1) == kNone) return at;
  }
  return text.size();
}

std::size_t block_comment_end(std::string_view text, std::size_t at) {
  // Slashes are rarer in comments than stars.
  for (std::size_t slash = text.find('/', at + 1); slash != kNone; slash = text.find('/', slash + 1)) {
    if (text[slash - 1] == '*') return slash + 1;
  }
  return text.size();
}

bool has_trigraph(std::string_view text) {
  for (std::size_t at = 0; (at = text.find("?\?", at)) != kNone; ++at) {
    const char third = at + 2 < text.size() ? text[at + 2] : '\0';
    if (third == '/' || third == '=') return true;
  }
  return false;
}

bool has_lone_carriage_return(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('\r', at)) != kNone; ++at) {
    if (text.substr(at, 2) != "\r\n") return true;
  }
  return false;
}

std::string without_splices(std::string_view text, std::vector<std::size_t>* places) {
  std::string result;
  result.reserve(text.size());
  std::size_t from = 0;
  for (std::size_t at = 0; (at = text.find('\\', at)) != kNone;) {
    const std::size_t length = splice_length(text, at);
    if (length == 0) {
      ++at;
      continue;
    }
    result.append(text, from, at - from);
    if (places != nullptr) places->push_back(result.size());
    from = at += length;
  }
  return result.append(text, from);
}

std::size_t skip_blank(std::string_view text, std::size_t at, bool across_lines) {
  while (at < text.size()) {
    if (is_blank_byte(text[at]) || (across_lines && text[at] == '\n')) {
      ++at;
    } else if (const std::size_t splice = splice_length(text, at); splice > 0) {
      at += splice;
    } else if (text.substr(at, 2) == "/*") {
      at = block_comment_end(text, at + 2);
    } else if (text.substr(at, 2) == "//") {
      at = line_end(text, at);
    } else {
      break;
    }
  }
  return at;
}

std::size_t blank_start(std::string_view text, std::size_t end) {
  while (end > 0) {
    if (is_blank_byte(text[end - 1])) {
      --end;
    } else if (text[end - 1] == '\n') {
      const std::size_t splice = splice_before(text, end);
      if (splice == kNone) break;
      end = splice;
    } else {
      break;
    }
  }
  return end;
}

std::size_t quoted_end(std::string_view text, std::size_t at) {
  const char quote = text[at++];
  while (at < text.size() && text[at] != quote && text[at] != '\n') {
    const std::size_t splice = splice_length(text, at);
    if (splice > 0) {
      at += splice;
    } else {
      at += text[at] == '\\' ? 2 : 1;
    }
  }
  if (at >= text.size()) return text.size();
  return text[at] == '\n' ? at : at + 1;
}

bool is_raw_prefix(std::string_view text, std::size_t quote) {
  if (quote == 0 || text[quote - 1] != 'R') return false;
  constexpr std::size_t kLongestPrefix = 3;  // u8R
  std::size_t start = quote;
  while (start > 0 && quote - start <= kLongestPrefix && is_word_byte(text[start - 1])) --start;
  if (start > 0 && (text[start - 1] == '$' || static_cast<unsigned char>(text[start - 1]) >= 0x80))
    return false;
  const std::string_view prefix = text.substr(start, quote - start);
  return prefix == "R" || prefix == "u8R" || prefix == "uR" || prefix == "UR" || prefix == "LR";
}

}  // namespace compiler_cache
