#include <algorithm>
#include <iomanip>
#include <ostream>

#include "report.h"

namespace wordstats {

void print_text(std::ostream& out, const Report& report) {
  constexpr std::size_t kMostWords = 10;
  out << report.document.path.filename().string() << '\n' << std::fixed << std::setprecision(1);
  out << "  words per sentence: " << report.readability.words_per_sentence << '\n';
  out << "  letters per word:   " << report.readability.letters_per_word << '\n';
  for (std::size_t i = 0; i < std::min(kMostWords, report.words.size()); ++i) {
    out << "  " << std::setw(6) << report.words[i].count << "  " << report.words[i].word << '\n';
  }
}

}  // namespace wordstats
