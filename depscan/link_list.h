// The list of what a linker has read: GNU ld, gold, lld and mold write it with --dependency-file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// The names in the first rule of `text`, as they stand there, each once. One a line: GNU ld and gold write
/// them raw, with blanks and all; lld and mold escape, see below.
std::vector<std::string> parse_link_list(std::string_view text);

/// What `name` means where blanks, number signs and dollars are escaped as in a makefile.
std::string unescaped_link_name(std::string_view name);

}  // namespace compiler_cache
