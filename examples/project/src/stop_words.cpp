#include "stop_words.h"

#include <unordered_set>

namespace wordstats {

bool is_stop_word(std::string_view word) {
  static const std::unordered_set<std::string_view> words = {
#include "stop_words.inc"
  };
  return words.count(word) != 0;
}

}  // namespace wordstats
