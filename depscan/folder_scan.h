// What in the text of one source or header may let a result know in which folder it was made: names that are
// absolute, and who mentions which name, so that folder_reach can follow macros to __FILE__ and its kin.
//
// Nothing is evaluated here. Of the conditions around a place those are kept that only ask whether a macro is
// defined; whoever knows which may be can tell places that are never compiled. All others count as true.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

using NameHash = std::uint64_t;
inline NameHash name_hash(std::string_view name) { return std::hash<std::string_view>()(name); }

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
  std::vector<Guard> guards;       ///< the first one always holds
  std::vector<MacroDefinition> definitions;
  std::vector<NameUse> uses;        ///< outside of definitions and conditions; sorted, each once
  std::vector<NameHash> undefined;  ///< by #undef or #pragma pop_macro, wherever that stands
};

/// Any bytes will do. Linear in the length of `text`.
FolderFacts scan_for_folder(std::string_view text);

/// The definition that `-D text` makes.
MacroDefinition definition_of_option(std::string_view text);

}  // namespace compiler_cache
