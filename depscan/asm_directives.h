// The assembler's directives that read files, .incbin and .include, in C text: within strings, or as tokens
// that a macro turns into a string. Internal to depscan.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "depscan/token_scan.h"

namespace compiler_cache {

/// Usage: construct, report comments and macro definitions in text order and strings as they come, then
/// decide.
class AsmDirectives {
 public:
  explicit AsmDirectives(std::string_view text);

  /// The bytes from `begin` to `end` are a comment or a header's name, where no directive counts.
  void ignore(std::size_t begin, std::size_t end);
  /// Whether any mention is at stake, so that macro definitions need to be reported.
  bool any() const { return !mentions_.empty(); }
  /// The bytes from `begin` to `end` are a macro's body, which may end up in an asm statement of another
  /// file.
  void note_definition(std::size_t begin, std::size_t end);

  /// Text that could go on to be a directive, at the end of a literal with these contents which followed
  /// `carried`, what this function returned for the literal just before. Also notes a directive at the seam
  /// of the two.
  std::string note_literal(std::string_view carried, std::string_view contents);
  /// A literal without escapes.
  void note_raw_literal(std::string_view contents);
  /// A literal that ends in `tail` is followed by a name or a stringification; `same_line`, or on a later
  /// line.
  void note_unknown_continuation(std::string_view tail, bool same_line);

  void decide(ScanFacts& facts) const;

 private:
  struct Mention {
    std::size_t at;
    bool incbin;
    bool ignored = false;
    bool in_definition = false;
  };

  bool looks_like_include(const Mention& mention) const;
  void note_escapes(std::string_view contents);

  std::string_view text_;
  std::vector<Mention> mentions_;
  std::size_t cursor_ = 0;
  bool incbin_ = false;
  bool include_ = false;
  bool incbin_if_asm_ = false;
  bool include_if_asm_ = false;
};

/// Whether the dot at `at` begins a directive whose rest a macro of the assembler puts in: ".inc\x", or in a
/// C literal ".inc\\x". `paste` is what stands for the assembler's backslash.
bool is_pasted_directive(std::string_view text, std::size_t at, std::string_view paste);

}  // namespace compiler_cache
