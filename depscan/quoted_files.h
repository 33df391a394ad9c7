// Which files a compiler's diagnostics point at. A `#line` directive or a linemarker can make it quote the
// text of a file that is no input of the compile (the grammar behind a generated parser): then that text is
// part of what it printed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// No longer name can be opened.
inline constexpr std::size_t kMaxQuotedName = 4096;

/// The names before `:<line>` in `diagnostics`, each once, as printed, up to kMaxQuotedName bytes each;
/// colours and "In file included from" are passed over. What merely looks like a location is among them: a
/// name that is no file does no harm.
std::vector<std::string> quoted_files(std::string_view diagnostics);

}  // namespace compiler_cache
