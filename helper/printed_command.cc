#include "helper/printed_command.h"

namespace compiler_cache {

std::vector<std::string> printed_words(std::string_view line) {
  std::vector<std::string> words;
  bool in_word = false;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == ' ' && !quoted) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (line[i] == '"') {
      quoted = !quoted;
      continue;
    }
    if (line[i] == '\\' && quoted && i + 1 < line.size()) ++i;
    words.back() += line[i];
  }
  return words;
}

std::vector<ArgumentName> names_in_arguments(const std::vector<std::string>& words) {
  std::vector<ArgumentName> names;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::size_t value = word.find("=/");
    if (word.starts_with('/'))
      names.push_back({word, false});
    else if (value != std::string::npos)
      names.push_back({word.substr(value + 1), true});
  }
  return names;
}

}  // namespace compiler_cache
