#include "helper/step_files.h"

#include <string_view>

#include "helper/language.h"

namespace compiler_cache {

StepFiles guess_step_files(const std::vector<std::string>& argv) {
  StepFiles files;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string_view word = argv[i];
    const bool has_next = i + 1 < argv.size();
    if (word == "-o" && has_next) {
      files.output = argv[++i];
    } else if ((word == "-MF" || word == "-MT" || word == "-MQ" || word == "-include") && has_next) {
      ++i;
    } else if (word.starts_with("-o") && files.output.empty()) {
      files.output = word.substr(2);
    } else if (word.starts_with("/Fo")) {
      files.output = word.substr(3);
    } else if (!word.starts_with('-') && files.source.empty() &&
               language_from_path(word, CompilerFamily::gcc, true)) {
      files.source = word;
    }
  }
  return files;
}

}  // namespace compiler_cache
