// JSON strings for the small writers; whoever prints more than a line uses json_view.h.
#pragma once

#include <string>
#include <string_view>

namespace compiler_cache {

/// Appends `text` in quotes. Bytes that are no UTF-8 (file names may hold any) become U+FFFD, so that each
/// line can be read by every parser.
void append_json_string(std::string& out, std::string_view text);

}  // namespace compiler_cache
