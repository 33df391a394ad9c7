#include "depscan/c_scanner.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <utility>

#include "depscan/c_lexing.h"
#include "depscan/probe_words.h"
#include "depscan/text_bytes.h"
#include "depscan/time_tokens.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

constexpr std::array<bool, 256> table_of(std::string_view bytes) {
  std::array<bool, 256> table{};
  for (const char c : bytes) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr auto kStops = table_of("\"'/#%_");
constexpr auto kThirdBytes = table_of("DThr");  ///< of __DATE__, __TIME__, __has_include, _Pragma

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kAnyProbe = "__has_";
constexpr std::string_view kProbe = "__has_include";
constexpr std::string_view kEmbedProbe = "__has_embed";

/// Anywhere: a macro may put it behind #pragma or __pragma.
bool mentions_include_alias(std::string_view text) {
  static constexpr std::string_view kWord = "include_alias";
  static const std::boyer_moore_horspool_searcher searcher(kWord.begin(), kWord.end());
  return std::search(text.begin(), text.end(), searcher) != text.end();
}

enum class DirectiveKind : std::uint8_t { include, define, pragma, message, embed };

struct Directive {
  std::string_view name;
  DirectiveKind kind;
  bool next = false;
  bool import = false;
};

constexpr Directive kDirectives[] = {
    {"include", DirectiveKind::include},
    {"include_next", DirectiveKind::include, true},
    {"import", DirectiveKind::include, false, true},
    {"define", DirectiveKind::define},
    {"pragma", DirectiveKind::pragma},
    {"error", DirectiveKind::message},
    {"warning", DirectiveKind::message},
    {"embed", DirectiveKind::embed},
};

/// Words before __has_include which ask whether there is such a thing, or make one.
constexpr std::string_view kMacroQuestions[] = {"defined",  "ifdef", "ifndef", "elifdef",
                                                "elifndef", "undef", "define"};

}  // namespace

CScanner::CScanner(std::string_view text, FactCollector& collector)
    : text_(text),
      collector_(collector),
      facts_(collector.facts),
      asm_directives_(text),
      wrappers_(mentions_wrapper(text)) {
  if (text.starts_with(kByteOrderMark)) clean_ = position_ = kByteOrderMark.size();
}

void CScanner::run() {
  while (find_stop()) {
    switch (text_[position_]) {
      case '"':
        on_double_quote();
        break;
      case '\'':
        on_single_quote();
        break;
      case '/':
        on_slash();
        break;
      case '#':
        on_hash(1);
        break;
      case '_':
        on_word();
        break;
      default:
        if (text_.substr(position_, 2) == "%:") {
          on_hash(2);
        } else if (wrappers_ && is_word_byte(text_[position_])) {
          on_word();
        } else {
          ++position_;
        }
    }
  }
  finish();
}

/// Moves position_ to the next byte that may matter; false at the end. Most bytes are passed in here, and
/// most underscores too: they are inside words, or begin words that no rule is about.
bool CScanner::find_stop() {
  if (wrappers_) return find_stop_among_wrappers();
  const char* const bytes = text_.data();
  const std::size_t size = text_.size();
  std::size_t at = position_;
  for (;; ++at) {
    while (at < size && !kStops[static_cast<unsigned char>(bytes[at])]) ++at;
    if (at >= size) break;
    if (bytes[at] != '_') break;
    const bool inside_word = at > 0 && is_word_byte(bytes[at - 1]);
    if (!inside_word && at + 2 < size && kThirdBytes[static_cast<unsigned char>(bytes[at + 2])]) break;
    while (at + 1 < size && is_word_byte(bytes[at + 1])) ++at;
  }
  position_ = at;
  return at < size;
}

bool CScanner::find_stop_among_wrappers() {
  std::size_t at = position_;
  while (at < text_.size()) {
    if (!is_word_byte(text_[at])) {
      if (kStops[static_cast<unsigned char>(text_[at])]) break;
      ++at;
      continue;
    }
    const std::size_t end = word_end(text_, at);
    const bool inside_word = at > 0 && is_word_byte(text_[at - 1]);
    if (!inside_word && (text_[at] == '_' || is_wrapper_name(text_.substr(at, end - at)))) break;
    at = end;
  }
  position_ = at;
  return at < text_.size();
}

void CScanner::finish() {
  if (pastes_) note_time_name_ends_in(text_, facts_);
  if (pastes_underscores_) note_time_name_middles_in(text_, facts_);
  asm_directives_.decide(facts_);
  facts_.include_alias = facts_.include_alias || mentions_include_alias(text_);
}

// --- Lines and comments ---

/// Whether only blanks and comments stand before `at` on its logical line.
bool CScanner::starts_line(std::size_t at) const {
  while (at > clean_) {
    if (is_blank_byte(text_[at - 1])) {
      --at;
    } else if (text_[at - 1] == '\n') {
      const std::size_t splice = splice_before(text_, at);
      if (splice == kNone || splice < clean_) return true;
      at = splice;
    } else {
      return false;
    }
  }
  return at == clean_;
}

void CScanner::on_slash() {
  const std::size_t begin = position_;
  const char second = begin + 1 < text_.size() ? text_[begin + 1] : '\0';
  if (second == '*') {
    const bool clean = starts_line(begin);
    position_ = block_comment_end(text_, begin + 2);
    if (clean) clean_ = position_;
    if (begin < directive_to_ && directive_to_ < position_) {  // the directive goes on behind it
      const bool definition = definition_to_ == directive_to_;
      directive_to_ = line_end(text_, position_);
      if (definition) definition_to_ = directive_to_;
    }
  } else if (second == '/') {
    position_ = line_end(text_, begin + 2);
  } else {
    ++position_;
    return;
  }
  if (asm_directives_.any()) asm_directives_.ignore(begin, position_);
}

// --- Literals ---

bool CScanner::take_raw_string(std::size_t quote) {
  constexpr std::size_t kLongestDelimiter = 16;
  const std::size_t open =
      text_.substr(0, quote + kLongestDelimiter + 2).find_first_of("( )\\\t\v\f\r\n", quote + 1);
  if (open == kNone || text_[open] != '(') return false;
  const std::string close = ")" + std::string(text_.substr(quote + 1, open - quote - 1)) + "\"";
  const std::size_t end = text_.find(close, open + 1);
  if (end == kNone) {
    raw_strings_ = false;
    return false;
  }
  // Where R is no prefix this is an ordinary literal and then code: the names count in here, for certainty.
  for (const std::string_view name : {"__DATE__", "__TIME__", "__TIMESTAMP__"}) {
    if (text_.substr(open, end - open).find(name) != kNone)
      note_time_name_or_start(name, name.size(), facts_);
  }
  asm_directives_.note_raw_literal(text_.substr(open + 1, end - open - 1));
  on_literal(quote, open + 1, end, end + close.size());
  return true;
}

void CScanner::on_double_quote() {
  const std::size_t quote = position_;
  if (raw_strings_ && is_raw_prefix(text_, quote) && take_raw_string(quote)) return;
  const std::size_t next = quoted_end(text_, quote);
  const bool closed = next > quote + 1 && text_[next - 1] == '"';
  on_literal(quote, quote + 1, closed ? next - 1 : next, next);
}

/// A string literal: quote at `quote`, contents from `begin` to `end`, what follows at `next`.
void CScanner::on_literal(std::size_t quote, std::size_t begin, std::size_t end, std::size_t next) {
  position_ = next;
  const bool continues = !carried_.empty() && carried_to_ == quote;
  std::string tail = asm_directives_.note_literal(continues ? carried_ : std::string_view(),
                                                  text_.substr(begin, end - begin));
  carried_.clear();
  if (tail.empty()) return;
  const bool same_line = skip_blank(text_, next) == skip_blank(text_, next, true);
  const std::size_t follower = skip_blank(text_, next, true);
  if (follower == text_.size()) return;
  const std::size_t word = word_end(text_, follower);
  if (word < text_.size() && text_[word] == '"' && word - follower <= 3) {
    carried_ = std::move(tail);
    carried_to_ = word;
  } else if (word > follower || text_[follower] == '#') {
    asm_directives_.note_unknown_continuation(tail, same_line);
  }
}

void CScanner::on_single_quote() {
  const std::size_t quote = position_;
  std::size_t start = quote;
  while (start > 0 && (is_word_byte(text_[start - 1]) || text_[start - 1] == '.')) --start;
  const bool in_number =
      start < quote &&
      (is_digit(text_[start]) || (text_[start] == '.' && start + 1 < quote && is_digit(text_[start + 1])));
  const auto separates = [&](std::size_t at) {
    return text_[at] == '\'' && at + 1 < text_.size() && is_word_byte(text_[at + 1]);
  };
  if (!in_number || !separates(quote)) {
    position_ = quoted_end(text_, quote);
    return;
  }
  while (position_ < text_.size() &&
         (is_word_byte(text_[position_]) || text_[position_] == '.' || separates(position_))) {
    ++position_;
  }
}

// --- Words ---

void CScanner::on_word() {
  constexpr std::size_t kTellingStart = 4;  // __DA, __TI: nobody else's names begin so and end there
  const std::size_t start = position_;
  const std::size_t end = position_ = word_end(text_, start);
  const std::string_view word = text_.substr(start, end - start);
  note_time_name_or_start(word, kTellingStart, facts_);
  if (word == "_Pragma") on_pragma_operator(end);
  if (word == kEmbedProbe) on_embed_probe(start, end);
  for (const ProbeWord& probe : kProbeWords) {
    if (word == probe.name) on_header_probe(start, end, probe.next);
  }
  // Elsewhere such a word is an ordinary name.
  if (wrappers_ && start < directive_to_ && is_wrapper_name(word)) on_header_probe(start, end, false);
}

/// Whether the word at `word` stands behind defined, #ifdef, #define or the like.
bool CScanner::is_macro_question(std::size_t word) const {
  std::size_t end = blank_start(text_, word);
  if (end > 0 && text_[end - 1] == '(') end = blank_start(text_, end - 1);
  const std::size_t start = word_start(text_, end);
  for (const std::string_view question : kMacroQuestions) {
    if (text_.substr(start, end - start) == question) return true;
  }
  return false;
}

/// Whether the word at `argument`, alone between parentheses, is what the wrapper that is being defined is
/// given.
bool CScanner::is_parameter_of_wrapper(std::size_t argument) const {
  if (argument >= definition_to_ || !is_wrapper_name(definition_name_)) return false;
  const std::size_t end = word_end(text_, argument);
  const std::size_t close = skip_blank(text_, end);
  return text_.substr(argument, end - argument) == definition_parameter_ && close < text_.size() &&
         text_[close] == ')';
}

void CScanner::on_header_probe(std::size_t word, std::size_t end, bool next) {
  if (is_macro_question(word)) return;
  const std::size_t open = skip_blank(text_, end);
  IncludeSpelling spelling;
  spelling.next = next;
  const bool in_macro = word < definition_to_;
  if (open == text_.size() || text_[open] != '(' || (next && in_macro)) {
    facts_.computed_probe = true;
    return;
  }
  const std::size_t argument = skip_blank(text_, open + 1);
  position_ = argument;
  std::size_t after = argument;
  const Literal literal = header_literal(argument, spelling, after);
  if (literal == Literal::absent) {
    facts_.computed_probe = facts_.computed_probe || !is_parameter_of_wrapper(argument);
    return;
  }
  position_ = after;
  const bool angle = spelling.form == IncludeSpelling::Form::angle;
  const bool wrapped = wrappers_ && is_wrapper_name(text_.substr(word, end - word));
  spelling.in_macro = in_macro && !angle;
  spelling.expanded = (in_macro || wrapped) && angle;
  if (literal == Literal::whole) collector_.add_probe(std::move(spelling));
}

void CScanner::on_embed_probe(std::size_t word, std::size_t end) {
  if (is_macro_question(word)) return;
  const std::size_t open = skip_blank(text_, end);
  if (open < text_.size() && text_[open] == '(') facts_.embed = facts_.has_embed = true;
}

// --- Directives ---

/// Reads <name> or "name" at `at`; `end` is then what follows. spliced: it goes on behind a line splice, so
/// that the pass without splices will read it.
CScanner::Literal CScanner::header_literal(std::size_t at, IncludeSpelling& spelling, std::size_t& end) {
  if (at >= text_.size() || (text_[at] != '<' && text_[at] != '"')) return Literal::absent;
  const bool angle = text_[at] == '<';
  std::size_t& unclosed_to = angle ? angle_unclosed_to_ : quote_unclosed_to_;
  if (at < unclosed_to) return Literal::absent;
  const char close = angle ? '>' : '"';
  std::size_t stop = at + 1;
  while (stop < text_.size() && text_[stop] != close && text_[stop] != '\n') ++stop;
  if (stop == text_.size() || text_[stop] == '\n') {
    if (stop < text_.size() && splice_before(text_, stop + 1) != kNone) {
      end = stop;
      return Literal::spliced;
    }
    unclosed_to = stop;
    return Literal::absent;
  }
  spelling.form = angle ? IncludeSpelling::Form::angle : IncludeSpelling::Form::quote;
  spelling.name = text_.substr(at + 1, stop - at - 1);
  end = stop + 1;
  return Literal::whole;
}

void CScanner::on_hash(std::size_t length) {
  const std::size_t at = position_;
  position_ += length;
  if (text_.substr(position_, length) == text_.substr(at, length)) {
    position_ += length;
    on_paste(at, 2 * length);
  } else if (starts_line(at)) {
    on_directive(position_);
  }
}

void CScanner::on_directive(std::size_t after_hash) {
  const std::size_t start = skip_blank(text_, after_hash);
  const std::size_t end = word_end(text_, start);
  const std::string_view name = text_.substr(start, end - start);
  directive_to_ = line_end(text_, end);
  for (const Directive& directive : kDirectives) {
    if (directive.name != name) continue;
    position_ = end;
    switch (directive.kind) {
      case DirectiveKind::include:
        on_include(end, directive.next, directive.import);
        break;
      case DirectiveKind::define:
        on_definition(end);
        break;
      case DirectiveKind::pragma:
        on_pragma(text_.substr(end, line_end(text_, end) - end));
        break;
      case DirectiveKind::embed:
        facts_.embed = true;
        break;
      // Free text, full of apostrophes. Clang takes none of it for a comment, and an open one is not believed
      // here.
      case DirectiveKind::message:
        position_ = line_end(text_, end);
        break;
    }
    return;
  }
}

void CScanner::on_include(std::size_t at, bool next, bool import) {
  const std::size_t argument = skip_blank(text_, at);
  if (argument == text_.size() || text_[argument] == '\n') return;
  IncludeSpelling spelling;
  spelling.next = next;
  spelling.import = import;
  position_ = argument;
  const Literal literal = header_literal(argument, spelling, position_);
  if (literal == Literal::spliced) return;
  if (literal == Literal::absent) {
    spelling.form = IncludeSpelling::Form::computed;
  } else if (asm_directives_.any()) {
    asm_directives_.ignore(argument, position_);
  }
  collector_.add_include(std::move(spelling));
}

void CScanner::on_definition(std::size_t at) {
  definition_to_ = directive_to_;
  const std::size_t start = skip_blank(text_, at);
  const std::size_t end = word_end(text_, start);
  const bool has_parameters = end < text_.size() && text_[end] == '(';
  if (end > start && !has_parameters) collector_.add_macro(text_.substr(start, end - start));
  definition_name_ = {};
  if (has_parameters) {
    const std::size_t parameter = skip_blank(text_, end + 1);
    const std::size_t parameter_end = word_end(text_, parameter);
    const std::size_t close = skip_blank(text_, parameter_end);
    if (parameter_end > parameter && close < text_.size() && text_[close] == ')') {
      definition_name_ = text_.substr(start, end - start);
      definition_parameter_ = text_.substr(parameter, parameter_end - parameter);
    }
  }
  if (asm_directives_.any()) asm_directives_.note_definition(at, line_end(text_, at));
}

/// GCC dependency asks how old a file is, which no content tells. `rest` is the text behind the pragma's
/// name.
void CScanner::on_pragma(std::string_view rest) {
  const auto take_word = [&rest] {
    const std::size_t start = rest.find_first_not_of(" \t\f\v");
    const std::size_t from = start == kNone ? rest.size() : start;
    const std::size_t end = word_end(rest, from);
    const std::string_view word = rest.substr(from, end - from);
    rest.remove_prefix(end);
    return word;
  };
  const std::string_view space = take_word();
  if (space != "GCC" && space != "clang") return;
  const std::string_view what = take_word();
  facts_.computed_probe = facts_.computed_probe || what == "dependency";
  facts_.names_precompiled = facts_.names_precompiled || what == "pch_preprocess";
}

void CScanner::on_pragma_operator(std::size_t at) {
  const std::size_t open = skip_blank(text_, at);
  if (open == text_.size() || text_[open] != '(') return;
  const std::size_t word = skip_blank(text_, open + 1, true);
  const std::size_t quote = word_end(text_, word);  // behind an L or u8
  if (quote == text_.size() || text_[quote] != '"') return;
  std::string contents;
  for (std::size_t i = quote + 1, end = quoted_end(text_, quote); i + 1 < end; ++i) {
    if (text_[i] == '\\' && i + 2 < end) ++i;
    contents += text_[i];
  }
  on_pragma(contents);
}

/// ## at `at`: what stands at its sides may be pieces of a name that matters.
void CScanner::on_paste(std::size_t at, std::size_t length) {
  constexpr std::size_t kTellingStart = 4;  // as a word; "__T" and "__D" begin many a pasted name
  constexpr std::size_t kTellingEnd = 3;    // more than the underscores alone
  pastes_ = true;
  const std::size_t left_end = blank_start(text_, at);
  const std::size_t left_start = word_start(text_, left_end);
  const std::string_view left = text_.substr(left_start, left_end - left_start);
  const std::size_t right_start = skip_blank(text_, at + length);
  const std::string_view right = text_.substr(right_start, word_end(text_, right_start) - right_start);
  pastes_underscores_ = pastes_underscores_ || left == "__";
  note_time_name_or_start(left, kTellingStart, facts_);
  note_time_name_end(right, kTellingEnd, facts_);
  // "__has_" alone begins the names of countless traits, libstdc++'s too.
  const bool telling = left.size() > kAnyProbe.size() || right == "include" || right == "embed";
  if (left.starts_with(kAnyProbe) && telling) {
    facts_.computed_probe = facts_.computed_probe || kProbe.starts_with(left) || left.starts_with(kProbe);
    facts_.embed = facts_.embed || kEmbedProbe.starts_with(left);
  }
  if (right.starts_with("has_include") || right.starts_with("_has_include")) facts_.computed_probe = true;
  facts_.computed_probe = facts_.computed_probe || may_form_wrapper(left, right);
}

}  // namespace compiler_cache
