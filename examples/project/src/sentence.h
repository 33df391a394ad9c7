#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wordstats {

/// Splits at '.', '!' and '?' that are followed by a blank or the end.
std::vector<std::string> split_sentences(std::string_view text);

}  // namespace wordstats
