#pragma once

#include <iosfwd>
#include <vector>

#include "corpus.h"
#include "readability.h"
#include "word_count.h"

namespace wordstats {

struct Report {
  Document document;
  Readability readability;
  std::vector<WordCount> words;
};

void print_text(std::ostream& out, const Report& report);
void print_json(std::ostream& out, const Report& report);

}  // namespace wordstats
