#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wordstats {

/// The words of `text` in order, in lower case. An apostrophe inside a word belongs to it.
std::vector<std::string> tokenize(std::string_view text);

}  // namespace wordstats
