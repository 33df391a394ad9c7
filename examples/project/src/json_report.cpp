#include <iomanip>
#include <ostream>

#include "report.h"

namespace wordstats {

void print_json(std::ostream& out, const Report& report) {
  out << "{\"file\": " << std::quoted(report.document.path.filename().string())
      << ", \"words_per_sentence\": " << report.readability.words_per_sentence
      << ", \"letters_per_word\": " << report.readability.letters_per_word << ", \"words\": {";
  const char* separator = "";
  for (const WordCount& entry : report.words) {
    out << separator << std::quoted(entry.word) << ": " << entry.count;
    separator = ", ";
  }
  out << "}}\n";
}

}  // namespace wordstats
