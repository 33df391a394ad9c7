#include "corpus.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

namespace wordstats {

namespace {

std::vector<std::filesystem::path> text_files(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return {path};
  std::vector<std::filesystem::path> files;
  for (std::filesystem::recursive_directory_iterator it(path, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".txt") files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<Document> load_corpus(const std::filesystem::path& path) {
  std::vector<Document> documents;
  for (const auto& file : text_files(path)) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) continue;
    std::ostringstream text;
    text << stream.rdbuf();
    documents.push_back({file, text.str()});
  }
  return documents;
}

}  // namespace wordstats
