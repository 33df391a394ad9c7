// The words that ask for a header, and the names of macros that may stand for them. Internal to depscan.
#pragma once

#include <string_view>

namespace compiler_cache {

struct ProbeWord {
  std::string_view name;
  bool next;
};

/// The forms with trailing underscores are those of GCC 5 to 9, whose __has_include is a macro.
inline constexpr ProbeWord kProbeWords[] = {
    {"__has_include", false},
    {"__has_include__", false},
    {"__has_include_next", true},
    {"__has_include_next__", true},
};

/// A macro with one parameter that hands it to __has_include is followed if its name tells: then every use
/// can be found, in whatever file it is. FMT_HAS_INCLUDE, MSGPACK_HAS_INCLUDE, has_include.
bool is_wrapper_name(std::string_view word);

/// Whether such a name is anywhere in it.
bool mentions_wrapper(std::string_view text);

/// Whether one word may come of these two pieces that is such a name.
bool may_form_wrapper(std::string_view left, std::string_view right);

}  // namespace compiler_cache
