// What in the text of one source or header may let a result know in which folder it was made: names that are
// absolute, and who mentions which name, so that folder_reach can follow macros to __FILE__ and its kin.
//
// Nothing is evaluated here. Of the conditions around a place those are kept that only ask whether a macro is
// defined; whoever knows which may be can tell places that are never compiled. All others count as true.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

using NameHash = std::uint64_t;
inline NameHash name_hash(std::string_view name) { return std::hash<std::string_view>()(name); }

/// The compiler's own macros of which it says whether it has them, and that no pragma makes or takes away.
/// For any other name with "_" in front a compiler may hold it to be defined and not list it, as it does with
/// its operators (__has_include, _Pragma) and what pragmas add (__AVX2__).
inline constexpr auto kListedNames = std::to_array<std::string_view>(
    {"__cplusplus", "__GNUC__", "__clang__", "__STDC__", "__linux__", "__unix__", "__APPLE__", "__ANDROID__",
     "__CYGWIN__", "__MINGW32__", "__FreeBSD__", "__OBJC__", "__CUDACC__", "_WIN32", "_WIN64", "_MSC_VER",
     "_DEBUG", "_GNU_SOURCE"});

/// Whether a compiler may hold the name to be defined without telling. Libraries' names are not among those.
bool may_be_unlisted(std::string_view name);

/// One condition: whether that macro must be defined, or must not.
struct DefinedCondition {
  NameHash name = 0;
  bool defined = true;
  bool operator==(const DefinedCondition&) const = default;
};

/// All of them hold where the guard does. One that can never hold has `never`.
struct Guard {
  std::vector<DefinedCondition> conditions;
  bool never = false;
  bool operator==(const Guard&) const = default;
};

struct MacroDefinition {
  std::string name;
  std::uint32_t guard = 0;              ///< index into guards
  std::vector<NameHash> mentions = {};  ///< words in what it stands for, but for those beside ##
  /// What ## puts together: words, and for each parameter an empty one.
  std::vector<std::vector<std::string>> pastes = {};
};

struct NameUse {
  NameHash name = 0;
  std::uint32_t guard = 0;
  auto operator<=>(const NameUse&) const = default;
};

struct FolderFacts {
  /// An include, a probe or #line by an absolute name. What it leads to is the same file in every tree.
  bool absolute_name = false;
  bool computed_name = false;      ///< an include or #line by a macro
  bool absolute_in_macro = false;  ///< a macro holds an absolute name, as far as its text tells
  bool unsure = false;             ///< the text has what is not understood here
  bool once = false;               ///< it may be read once only: #pragma once, #import
  // What other dialects read differently, so that they might see code in what is none here.
  bool raw_literal = false;   ///< a raw literal that is more than a literal behind an R
  bool digit_quote = false;   ///< 1'000
  bool line_comment = false;  ///< one that begins with //
  std::vector<Guard> guards;  ///< the first one always holds
  std::vector<MacroDefinition> definitions;
  std::vector<NameUse> uses;        ///< outside of definitions and conditions; sorted, each once
  std::vector<NameHash> undefined;  ///< by #undef or #pragma pop_macro, wherever that stands
};

/// Any bytes will do. Linear in the length of `text`.
FolderFacts scan_for_folder(std::string_view text);

/// What `-D text` brings: one definition.
FolderFacts scan_option_for_folder(std::string_view text);

}  // namespace compiler_cache
