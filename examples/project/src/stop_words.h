#pragma once

#include <string_view>

namespace wordstats {

/// Whether `word`, in lower case, is one of the frequent words that say little (data/stop_words.txt).
bool is_stop_word(std::string_view word);

}  // namespace wordstats
