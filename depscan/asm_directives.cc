#include "depscan/asm_directives.h"

#include <algorithm>
#include <string_view>

#include "depscan/text_bytes.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kIncbin = ".incbin";
constexpr std::string_view kInclude = ".include";

/// The assembler ignores case.
bool is_start_of(std::string_view part, std::string_view directive) {
  return part.size() < directive.size() && matches_nocase(part, 0, directive.substr(0, part.size()));
}

bool contains_nocase(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at) {
    if (matches_nocase(text, at, word)) return true;
  }
  return false;
}

/// The end of `text` that is a proper beginning of a directive, with its dot.
std::string_view tail_of(std::string_view text) {
  const std::size_t window = std::min(text.size(), kInclude.size() - 1);
  const std::size_t dot = text.substr(text.size() - window).rfind('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view tail = text.substr(text.size() - window + dot);
  return is_start_of(tail, kIncbin) || is_start_of(tail, kInclude) ? tail : std::string_view();
}

/// asm, __asm, __asm__ and the like, in comments too: more often true than need be. <asm/types.h> is none.
bool has_asm_token(std::string_view text) {
  for (std::size_t at = 0; (at = text.find("asm", at)) != std::string_view::npos; at += 3) {
    std::size_t begin = at;
    std::size_t end = at + 3;
    while (begin > 0 && text[begin - 1] == '_') --begin;
    while (end < text.size() && text[end] == '_') ++end;
    const bool starts = begin == 0 || !is_word_byte(text[begin - 1]);
    const bool ends = end == text.size() || (!is_word_byte(text[end]) && text[end] != '/');
    if (starts && ends) return true;
  }
  return false;
}

int digit_value(char c, int base) {
  const char small = lower(c);
  const int value = is_digit(c) ? c - '0' : small >= 'a' && small <= 'f' ? small - 'a' + 10 : base;
  return value < base ? value : -1;
}

/// Whether a backslash at `at` begins an escape that can stand for any byte.
bool is_numeric_escape(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return false;
  const char kind = text[at + 1];
  return kind == 'x' || kind == 'u' || kind == 'U' || kind == 'o' || kind == 'N' || is_digit(kind);
}

/// The byte that the numeric escape at `at` stands for, and `at` moved behind it; "?" for what is no ASCII.
char take_numeric_escape(std::string_view text, std::size_t& at) {
  const char kind = text[++at];
  const bool octal = is_digit(kind);
  const int base = octal || kind == 'o' ? 8 : 16;
  if (!octal) ++at;
  const bool braces = at < text.size() && text[at] == '{';
  if (braces) ++at;
  std::size_t left = octal ? 3 : kind == 'u' && !braces ? 4 : kind == 'U' ? 8 : text.size();
  unsigned value = 0;
  for (; left > 0 && at < text.size() && digit_value(text[at], base) >= 0; --left, ++at) {
    value = std::min(value * static_cast<unsigned>(base), 0xffffU) +
            static_cast<unsigned>(digit_value(text[at], base));
  }
  if (braces) at = std::min(text.find('}', at), text.size() - 1) + 1;
  return value > 0 && value < 0x80 ? static_cast<char>(value) : '?';
}

std::string without_numeric_escapes(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      plain += text[at++];
    } else if (is_numeric_escape(text, at)) {
      plain += take_numeric_escape(text, at);
    } else {
      plain += text.substr(at, 2);
      at += 2;
    }
  }
  return plain;
}

}  // namespace

bool is_pasted_directive(std::string_view text, std::size_t at, std::string_view paste) {
  // The "n" of a line's end is no word that goes on.
  const bool behind_escape = at > 1 && text[at - 2] == '\\';
  if (at > 0 && is_word_byte(text[at - 1]) && !behind_escape) return false;
  const std::size_t end = word_end(text, at + 1);
  const std::string_view start = text.substr(at, end - at);
  if (!is_start_of(start, kIncbin) && !is_start_of(start, kInclude)) return false;
  const bool joined = text.substr(end).starts_with(paste);
  // What .altmacro and .mri have for it.
  const bool other_joined = end > at + 1 && end < text.size() && text[end] == '&';
  const std::size_t name = end + (joined ? paste.size() : 1);
  return (joined || other_joined) && name < text.size() && (is_word_byte(text[name]) || text[name] == '(');
}

AsmDirectives::AsmDirectives(std::string_view text) : text_(text) {
  for (std::size_t at = 0; (at = text.find('.', at)) != std::string_view::npos; ++at) {
    if (is_pasted_directive(text, at, "\\\\")) incbin_if_asm_ = include_if_asm_ = true;
    const bool incbin = matches_nocase(text, at, kIncbin);
    if (!incbin && !matches_nocase(text, at, kInclude)) continue;
    const std::size_t end = at + (incbin ? kIncbin : kInclude).size();
    if (end == text.size() || !is_word_byte(text[end])) mentions_.push_back({at, incbin});
  }
}

void AsmDirectives::ignore(std::size_t begin, std::size_t end) {
  while (cursor_ < mentions_.size() && mentions_[cursor_].at < begin) ++cursor_;
  for (; cursor_ < mentions_.size() && mentions_[cursor_].at < end; ++cursor_)
    mentions_[cursor_].ignored = true;
}

void AsmDirectives::note_definition(std::size_t begin, std::size_t end) {
  const auto from = std::lower_bound(mentions_.begin(), mentions_.end(), begin,
                                     [](const Mention& mention, std::size_t at) { return mention.at < at; });
  for (auto mention = from; mention != mentions_.end() && mention->at < end; ++mention)
    mention->in_definition = true;
}

void AsmDirectives::note_escapes(std::string_view contents) {
  if (contains_nocase(contents, kIncbin)) incbin_if_asm_ = true;
  if (contains_nocase(contents, kInclude)) include_if_asm_ = true;
}

void AsmDirectives::note_raw_literal(std::string_view contents) {
  for (std::size_t at = 0; (at = contents.find('.', at)) != std::string_view::npos; ++at) {
    if (is_pasted_directive(contents, at, "\\")) incbin_if_asm_ = include_if_asm_ = true;
  }
}

std::string AsmDirectives::note_literal(std::string_view carried, std::string_view contents) {
  std::string plain;
  for (std::size_t at = 0; (at = contents.find('\\', at)) != std::string_view::npos; at += 2) {
    if (!is_numeric_escape(contents, at)) continue;
    plain = without_numeric_escapes(contents);
    contents = plain;
    note_escapes(contents);
    break;
  }
  if (!carried.empty() && contents.starts_with("\\\\")) incbin_if_asm_ = include_if_asm_ = true;
  if (carried.empty()) return std::string(tail_of(contents));
  const std::string seam = std::string(carried) + std::string(contents.substr(0, kInclude.size()));
  incbin_ = incbin_ || contains_nocase(seam, kIncbin);
  include_ = include_ || contains_nocase(seam, kInclude);
  return std::string(tail_of(contents.size() < kInclude.size() ? std::string_view(seam) : contents));
}

void AsmDirectives::note_unknown_continuation(std::string_view tail, bool same_line) {
  // A dot alone ends many a format string ("%d." PRIu64), and a name on the next line is mostly another
  // statement's.
  const bool probable = same_line && tail.size() > 1;
  if (is_start_of(tail, kIncbin)) (probable ? incbin_ : incbin_if_asm_) = true;
  if (is_start_of(tail, kInclude)) include_if_asm_ = true;
}

/// Whether the mention stands where a directive may: first on a line of assembler text, or behind a label or
/// separator.
bool AsmDirectives::looks_like_include(const Mention& mention) const {
  if (mention.at == 0) return true;
  const char before = text_[mention.at - 1];
  if (before == 'n' || before == 't' || before == 'r') return mention.at > 1 && text_[mention.at - 2] == '\\';
  return !is_word_byte(before) && before != ')' && before != ']' && before != '.' && before != '>' &&
         before != '*' && before != '/';
}

void AsmDirectives::decide(ScanFacts& facts) const {
  bool incbin = incbin_;
  bool include = include_;
  bool include_if_asm = include_if_asm_;
  for (const Mention& mention : mentions_) {
    if (mention.ignored) continue;
    if (mention.incbin) {
      incbin = true;
    } else if (looks_like_include(mention)) {
      std::size_t next = mention.at + kInclude.size();
      while (next < text_.size() && is_blank_byte(text_[next])) ++next;
      const bool has_operand = next > mention.at + kInclude.size() && text_.substr(next, 2) == "\\\"";
      (mention.in_definition || has_operand ? include : include_if_asm) = true;
    }
  }
  const bool may_ask = (incbin_if_asm_ && !incbin) || (include_if_asm && !include);
  const bool has_asm = may_ask && has_asm_token(text_);
  facts.incbin = facts.incbin || incbin || (incbin_if_asm_ && has_asm);
  facts.asm_include = facts.asm_include || include || (include_if_asm && has_asm);
}

}  // namespace compiler_cache
