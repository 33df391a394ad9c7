#include <iostream>
#include <sstream>
#include <string>

#include "readability.h"
#include "report.h"
#include "search.h"
#include "sentence.h"
#include "stop_words.h"
#include "tokenizer.h"
#include "word_count.h"

namespace {

int failures = 0;

void expect(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << "failed: " << what << '\n';
  ++failures;
}

}  // namespace

int main() {
  const std::string text = "The cat isn't here. The cat sat on the mat!\nWhere is version 1.2 of the dog?";

  expect(wordstats::tokenize("Don't Stop-now") == std::vector<std::string>{"don't", "stop", "now"}, "words");
  expect(wordstats::split_sentences(text).size() == 3, "sentences, with a point inside one");
  expect(wordstats::is_stop_word("the") && !wordstats::is_stop_word("cat"), "generated stop words");

  const auto words = wordstats::count_words(wordstats::tokenize(text));
  expect(!words.empty() && words.front().word == "cat" && words.front().count == 2,
         "most frequent word first");
  expect(wordstats::measure(text).words_per_sentence > 5, "words per sentence");
  expect(wordstats::measure("").words_per_sentence == 0, "no words");

  const auto matches = wordstats::search_lines(text, "d.g");
  expect(matches.size() == 1 && matches.front().line == 2, "line of a match");
  expect(wordstats::search_lines(text, "(").empty(), "expression that is not valid");

  std::ostringstream json;
  wordstats::print_json(json, {{"a.txt", text}, {}, words});
  expect(json.str().find("\"cat\": 2") != std::string::npos, "JSON report");
  return failures == 0 ? 0 : 1;
}
