#include "readability.h"

#include <numeric>

#include "sentence.h"
#include "tokenizer.h"

namespace wordstats {

Readability measure(std::string_view text) {
  const auto words = tokenize(text);
  const auto sentences = split_sentences(text);
  if (words.empty() || sentences.empty()) return {};
  const auto letters =
      std::accumulate(words.begin(), words.end(), std::size_t{0},
                      [](std::size_t sum, const std::string& word) { return sum + word.size(); });
  Readability result;
  result.words_per_sentence = static_cast<double>(words.size()) / static_cast<double>(sentences.size());
  result.letters_per_word = static_cast<double>(letters) / static_cast<double>(words.size());
  return result;
}

}  // namespace wordstats
