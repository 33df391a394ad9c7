#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace wordstats {

struct Document {
  std::filesystem::path path;
  std::string text;
};

/// The file `path`, or each .txt file below the folder `path` in alphabetical order. Unreadable files are
/// left out.
std::vector<Document> load_corpus(const std::filesystem::path& path);

}  // namespace wordstats
