#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace wordstats {

struct WordCount {
  std::string word;
  std::size_t count = 0;
};

/// Each word once, the most frequent first, equal ones in alphabetical order; stop words are left out.
std::vector<WordCount> count_words(const std::vector<std::string>& words);

}  // namespace wordstats
