#include "sentence.h"

#include <regex>

namespace wordstats {

std::vector<std::string> split_sentences(std::string_view text) {
  static const std::regex sentence(R"([^.!?\s][^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*[.!?]?)");
  const std::string copy(text);
  std::vector<std::string> sentences;
  for (std::sregex_iterator it(copy.begin(), copy.end(), sentence), end; it != end; ++it) {
    sentences.push_back(it->str());
  }
  return sentences;
}

}  // namespace wordstats
