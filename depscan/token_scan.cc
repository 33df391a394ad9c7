#include "depscan/token_scan.h"

#include <string>
#include <utility>

#include "depscan/asm_directives.h"
#include "depscan/c_lexing.h"
#include "depscan/c_scanner.h"
#include "depscan/fact_collector.h"
#include "depscan/text_bytes.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// Whether a backslash at a line's end joins what stands at both sides into one token. One with a blank
/// beside it, as nearly all have, only continues its line.
bool has_splice_within_token(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('\\', at)) != kNone; ++at) {
    const std::size_t length = splice_length(text, at);
    if (length == 0 || at == 0 || at + length >= text.size()) continue;
    const char before = text[at - 1];
    const char after = text[at + length];
    const auto joins = [](char c) { return !is_blank_byte(c) && c != '\n'; };
    if (joins(before) && joins(after)) return true;
  }
  return false;
}

/// The two trigraphs that matter here replaced.
std::string without_trigraphs(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view three = text.substr(at, 3);
    if (three == "?\?/" || three == "?\?=") {
      result += three[2] == '/' ? '\\' : '#';
      at += 2;
    } else {
      result += text[at];
    }
  }
  return result;
}

std::string with_lone_carriage_returns_as_lines(std::string_view text) {
  std::string result(text);
  for (std::size_t at = 0; (at = result.find('\r', at)) != std::string::npos; ++at) {
    if (result.compare(at, 2, "\r\n") != 0) result[at] = '\n';
  }
  return result;
}

/// Whether the word at `at` (incbin or include, of whatever case) is a directive. `before` is the last byte
/// before it that is no blank. Some targets, and any after .mri, know the directives without their dot.
bool is_file_directive(std::string_view text, std::size_t at, char before) {
  const std::size_t end = word_end(text, at);
  if (end - at > std::string_view("include").size()) return false;
  if (before == '.') return true;
  const bool first = before == '\n' || before == ';' || before == ':';
  const std::size_t operand = text.find_first_not_of(" \t", end);
  return first && operand != kNone && text[operand] == '"';
}

/// Scans `text`, and once more as it reads without the splices inside its tokens.
void scan_spliced(std::string_view text, FactCollector& collector) {
  CScanner(text, collector).run();
  if (has_splice_within_token(text)) CScanner(without_splices(text), collector).run();
}

}  // namespace

// Dialects differ in whether trigraphs and lone carriage returns mean something. What any of them would see
// counts.
ScanFacts scan_c_family(std::string_view text) {
  FactCollector collector;
  scan_spliced(text, collector);
  if (has_trigraph(text)) scan_spliced(without_trigraphs(text), collector);
  if (has_lone_carriage_return(text)) scan_spliced(with_lone_carriage_returns_as_lines(text), collector);
  return collector.take();
}

ScanFacts scan_assembler(std::string_view text) {
  ScanFacts facts;
  char last_mark = '\n';  // the last byte that was no blank
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == 'i' || c == 'I') {
      const bool incbin = matches_nocase(text, at, "incbin");
      const bool include = !incbin && matches_nocase(text, at, "include");
      if ((incbin || include) && is_file_directive(text, at, last_mark)) {
        facts.incbin = facts.incbin || incbin;
        facts.asm_include = facts.asm_include || include;
      }
    }
    if (c == '.' && is_pasted_directive(text, at, "\\")) facts.incbin = facts.asm_include = true;
    if (!is_blank_byte(c)) last_mark = c;
  }
  return facts;
}

}  // namespace compiler_cache
