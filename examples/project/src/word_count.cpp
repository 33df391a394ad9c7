#include "word_count.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "stop_words.h"

namespace wordstats {

std::vector<WordCount> count_words(const std::vector<std::string>& words) {
  std::unordered_map<std::string, std::size_t> counts;
  for (const std::string& word : words) {
    if (!is_stop_word(word)) ++counts[word];
  }
  std::vector<WordCount> sorted;
  for (const auto& [word, count] : counts) sorted.push_back({word, count});
  std::sort(sorted.begin(), sorted.end(), [](const WordCount& left, const WordCount& right) {
    return std::tie(right.count, left.word) < std::tie(left.count, right.word);
  });
  return sorted;
}

}  // namespace wordstats
