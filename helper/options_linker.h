// The options of GNU ld, gold, lld and mold, as a compiler's driver hands them on by -Wl and -Xlinker: which
// of them the cache knows, and what they make the linker read and write. Closed: an option without a row is
// refused.
#pragma once

#include <cstdint>
#include <string_view>

namespace compiler_cache {

enum class LinkerEffect : std::uint8_t {
  plain,   ///< changes the result by what it says, and no more
  input,   ///< its value is a file that the linker reads
  folder,  ///< its value is a list of folders in which libraries that libraries need are looked for
  map,     ///< its value is a file that the linker writes
  list,    ///< its value is a file in which the linker lists what it reads
};

enum class LinkerValue : std::uint8_t {
  none,
  optional,  ///< --build-id, --build-id=sha1
  needed,    ///< --soname=x, --soname x
  joined,    ///< -O2: one letter, the value right behind it or as the next word
};

struct LinkerOption {
  std::string_view name;  ///< without the dashes in front; one or two are the same but for single letters
  LinkerValue value = LinkerValue::none;
  LinkerEffect effect = LinkerEffect::plain;
};

/// What is known of `word`, which begins with a dash.
struct FoundLinkerOption {
  const LinkerOption* option = nullptr;  ///< null when it is not known
  std::string_view value;
  bool value_follows = false;  ///< the value is the next word
};
FoundLinkerOption find_linker_option(std::string_view word);

}  // namespace compiler_cache
