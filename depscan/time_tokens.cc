#include "depscan/time_tokens.h"

#include "depscan/text_bytes.h"

namespace compiler_cache {
namespace {

struct TimeMacro {
  std::string_view name;
  std::string_view middle;
  bool ScanFacts::*flag;
};

constexpr TimeMacro kTimeMacros[] = {
    {"__DATE__", "DATE", &ScanFacts::date_macro},
    {"__TIME__", "TIME", &ScanFacts::time_macro},
    {"__TIMESTAMP__", "TIMESTAMP", &ScanFacts::timestamp_macro},
};

constexpr std::size_t kLongestName = 13;

}  // namespace

void note_time_name_or_start(std::string_view word, std::size_t least, ScanFacts& facts) {
  for (const TimeMacro& macro : kTimeMacros) {
    if (word.size() >= least && macro.name.starts_with(word)) facts.*macro.flag = true;
  }
}

void note_time_name_end(std::string_view word, std::size_t least, ScanFacts& facts) {
  for (const TimeMacro& macro : kTimeMacros) {
    if (word.size() >= least && macro.name.ends_with(word)) facts.*macro.flag = true;
  }
}

void note_time_name_ends_in(std::string_view text, ScanFacts& facts) {
  constexpr std::size_t kLeast = 4;  // "E__" alone says too little
  for (const std::string_view end : {std::string_view("E__"), std::string_view("P__")}) {
    for (std::size_t at = 0; (at = text.find(end, at)) != std::string_view::npos; at += end.size()) {
      const std::size_t stop = at + end.size();
      if (stop < text.size() && is_word_byte(text[stop])) continue;
      std::size_t start = at;
      while (start > 0 && stop - start <= kLongestName && is_word_byte(text[start - 1])) --start;
      note_time_name_end(text.substr(start, stop - start), kLeast, facts);
    }
  }
}

void note_time_name_middles_in(std::string_view text, ScanFacts& facts) {
  for (const TimeMacro& macro : kTimeMacros) {
    if (has_whole_word(text, macro.middle)) facts.*macro.flag = true;
  }
}

}  // namespace compiler_cache
