#include "helper/printed_command.h"

#include <algorithm>
#include <array>

#include "helper/text_split.h"

namespace compiler_cache {
namespace {

// As the compilers proper spell them, GCC's and Clang's.
constexpr auto kReadWhatTheyLike = std::to_array<std::string_view>(
    {"-fplugin=", "-fpass-plugin=", "-load", "-ivfsoverlay", "-vfsoverlay", "-fthinlto-index=",
     "-fmodules-ts", "-fmodule-mapper=", "-fmodule-file=", "-fmodule-map-file=", "-fprebuilt-module-path="});
constexpr auto kReadAFile = std::to_array<std::string_view>(
    {"-fprofile-use", "-fbranch-probabilities", "-fauto-profile",
     "-fprofile-instrument-use-path=", "-fprofile-sample-use=", "-fprofile-remapping-file=",
     "-fprofile-list=", "-fxray-always-instrument=", "-fxray-never-instrument=", "-fxray-attr-list=",
     "-fsanitize-coverage-allowlist=", "-fsanitize-coverage-ignorelist=", "-fbasic-block-sections=list="});

template <class Prefixes>
bool starts_with_one_of(std::string_view word, const Prefixes& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return word.starts_with(prefix); });
}

}  // namespace

bool reads_what_it_likes(std::string_view word) {
  return word == "-fmodules" || starts_with_one_of(word, kReadWhatTheyLike);
}

bool reads_a_file(std::string_view word) { return starts_with_one_of(word, kReadAFile); }

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

std::vector<std::string> last_printed_command(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.starts_with(' ') && !line.starts_with(" (")) words = printed_words(line);
  }
  return words;
}

}  // namespace compiler_cache
