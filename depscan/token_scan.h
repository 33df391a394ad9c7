// What the text of one source or header may depend on beyond the files that a depfile lists: the clock, files
// that must not exist, files that the assembler reads. One pass over the bytes, without preprocessing:
// whatever stands in an inactive branch counts too, since another translation unit may take that branch.
//
// Doubt sets a flag. What no look at one file can find: a name pasted together from pieces in several files
// with none of them telling (__ ## x ## __ here, DATE there).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// A header as a directive or a probe spells it.
struct IncludeSpelling {
  enum class Form { quote, angle, computed };

  Form form = Form::quote;
  bool next = false;    ///< search starts behind the folder of the file that says so (#include_next)
  bool import = false;  ///< #import
  std::string name;     ///< between the delimiters, nothing unescaped; empty if computed
  // Of a probe:
  bool in_macro = false;  ///< quoted in the definition of a macro: relative to whatever file uses that
  bool expanded = false;  ///< in <>, and macros in the name are expanded before it is looked for

  bool operator==(const IncludeSpelling&) const = default;
};

struct ScanFacts {
  bool date_macro = false;       ///< __DATE__, or pieces that may form it
  bool time_macro = false;       ///< __TIME__
  bool timestamp_macro = false;  ///< __TIMESTAMP__
  bool embed = false;            ///< #embed or __has_embed(
  bool incbin = false;           ///< the assembler may be told to read a file as data
  bool asm_include = false;      ///< the assembler may be told to read a file as text
  bool computed_probe = false;   ///< it asks for a header whose name is not written out, or for a file's age
  bool has_embed = false;        ///< __has_embed(
  bool names_precompiled = false;  ///< #pragma GCC pch_preprocess, which GCC obeys in preprocessed text
  bool include_alias = false;      ///< Microsoft's #pragma include_alias, which puts one header for another
  std::vector<IncludeSpelling> includes;  ///< each once, in the order of first mention
  std::vector<IncludeSpelling> probes;    ///< __has_include, __has_include_next
  /// macro_name_hash of each macro that is defined with no parameters, in an inactive branch too; sorted.
  std::vector<std::uint64_t> macros;

  bool operator==(const ScanFacts&) const = default;
};

/// Good within one process.
inline std::uint64_t macro_name_hash(std::string_view name) { return std::hash<std::string_view>()(name); }

/// For C, C++, Objective-C and, with scan_assembler, assembler sources that are preprocessed. Any bytes will
/// do: NUL, invalid UTF-8 and unterminated literals included. Time is linear in the length of `text`.
ScanFacts scan_c_family(std::string_view text);

/// For assembler text. Sets incbin and asm_include only. What a comment is differs by target, so comments
/// count.
ScanFacts scan_assembler(std::string_view text);

}  // namespace compiler_cache
