#include "tokenizer.h"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace wordstats {

namespace {

bool belongs_to_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '\''; }

std::string lower_case(std::string_view word) {
  std::string lower;
  std::transform(word.begin(), word.end(), std::back_inserter(lower),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

}  // namespace

std::vector<std::string> tokenize(std::string_view text) {
  std::vector<std::string> words;
  auto at = text.begin();
  while (true) {
    const auto begin = std::find_if(at, text.end(), belongs_to_word);
    if (begin == text.end()) return words;
    at = std::find_if_not(begin, text.end(), belongs_to_word);
    words.push_back(lower_case(std::string_view(&*begin, static_cast<std::size_t>(at - begin))));
  }
}

}  // namespace wordstats
