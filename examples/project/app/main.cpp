// wordstats [--json] <file or folder> [regular expression]
#include <iostream>
#include <string>
#include <vector>

#include "report.h"
#include "search.h"
#include "tokenizer.h"
#include "version.h"

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool json = !arguments.empty() && arguments.front() == "--json";
  if (json) arguments.erase(arguments.begin());
  if (arguments.empty()) {
    std::cerr << "wordstats " WORDSTATS_VERSION
                 ": wordstats [--json] <file or folder> [regular expression]\n";
    return 2;
  }
  for (const auto& document : wordstats::load_corpus(arguments[0])) {
    const auto words = wordstats::count_words(wordstats::tokenize(document.text));
    const wordstats::Report report{document, wordstats::measure(document.text), words};
    json ? print_json(std::cout, report) : print_text(std::cout, report);
    if (arguments.size() < 2) continue;
    for (const auto& match : wordstats::search_lines(document.text, arguments[1])) {
      std::cout << "  line " << match.line << ": " << match.text << '\n';
    }
  }
  return 0;
}
