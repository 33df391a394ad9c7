// One pass over C-family text. Internal to depscan.
//
// Line splices are understood where they continue a comment, a literal or a directive. Within a token they
// are not: a text that has some is scanned a second time with them removed (see token_scan.cc). Trigraphs are
// for that pass, too.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "depscan/asm_directives.h"
#include "depscan/fact_collector.h"

namespace compiler_cache {

class CScanner {
 public:
  CScanner(std::string_view text, FactCollector& collector);

  /// Once.
  void run();

 private:
  enum class Literal { whole, spliced, absent };

  bool find_stop();
  bool find_stop_among_wrappers();

  // What the main loop stops at; each leaves position_ past what it has dealt with.
  void on_double_quote();
  void on_single_quote();
  void on_slash();
  void on_hash(std::size_t length);
  void on_word();

  void on_directive(std::size_t hash);
  void on_include(std::size_t at, bool next, bool import);
  void on_definition(std::size_t at);
  void on_pragma(std::string_view rest);
  void on_pragma_operator(std::size_t at);
  void on_paste(std::size_t at, std::size_t length);
  void on_header_probe(std::size_t word, std::size_t end, bool next);
  void on_embed_probe(std::size_t word, std::size_t end);
  void on_literal(std::size_t quote, std::size_t begin, std::size_t end, std::size_t next);
  bool take_raw_string(std::size_t quote);
  void finish();

  bool starts_line(std::size_t at) const;
  bool is_macro_question(std::size_t word) const;
  bool is_parameter_of_wrapper(std::size_t argument) const;
  Literal header_literal(std::size_t at, IncludeSpelling& spelling, std::size_t& end);

  std::string_view text_;
  FactCollector& collector_;
  ScanFacts& facts_;
  AsmDirectives asm_directives_;
  std::size_t position_ = 0;
  std::size_t clean_ = 0;             ///< nothing but blanks and comments between here and its line's start
  std::size_t directive_to_ = 0;      ///< the logical line of the last directive ends here
  std::size_t definition_to_ = 0;     ///< the same, if that is a #define
  std::string_view definition_name_;  ///< of that, if it has one parameter; else empty
  std::string_view definition_parameter_;
  std::size_t carried_to_ = 0;  ///< the quote of the literal that follows the one which ended in carried_
  std::string carried_;
  std::size_t angle_unclosed_to_ = 0;  ///< no header name that opens before here is closed on its line
  std::size_t quote_unclosed_to_ = 0;
  bool raw_strings_ = true;  ///< false once one had no end: then R is no prefix in this language
  bool wrappers_ = false;    ///< there are words that may stand for __has_include
  bool pastes_ = false;
  bool pastes_underscores_ = false;
};

}  // namespace compiler_cache
