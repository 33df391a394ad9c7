#pragma once

#include <string_view>

namespace wordstats {

struct Readability {
  double words_per_sentence = 0;
  double letters_per_word = 0;
};

/// All zero for a text without words.
Readability measure(std::string_view text);

}  // namespace wordstats
