// Search paths by question, asked from the compiler on a worker. A compile's search path can change without
// its command changing only by folders coming and going: an answer is kept while none did. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "helper/digest.h"
#include "helper/driver_mode.h"
#include "helper/executor.h"
#include "helper/folder_listings.h"
#include "helper/pending_answers.h"
#include "helper/process_runner.h"
#include "helper/search_path.h"

namespace compiler_cache {

struct SearchPathQuestion {
  Digest identity;
  std::string compiler;                ///< path of the program
  std::string language;                ///< as for -x
  std::vector<std::string> arguments;  ///< those of the command that can change the answer
  std::vector<std::string> environment;
  std::vector<std::string> keyed_environment;  ///< the part that can change the answer
  std::string cwd;
  DriverMode mode = DriverMode::gnu;      ///< how it is asked
  std::vector<std::string> folders = {};  ///< those that `arguments` name, as spelled
};

class SearchPathCache {
 public:
  struct Entry {
    std::string cwd;
    SearchPath path;
  };
  using Answer = std::function<void(const Result<SearchPath>&)>;

  SearchPathCache(Executor& executor, ProcessRunner& processes, FolderListings& listings, PathTable& paths)
      : executor_(executor), processes_(processes), listings_(listings), paths_(paths) {}

  /// Answers at once when it can. Looks at folders within the listings' current request.
  void get(const SearchPathQuestion& question, Answer answer);

  const std::unordered_map<Digest, Entry>& entries() const { return entries_; }
  void adopt(const Digest& key, const Entry& entry) { entries_.try_emplace(key, entry); }
  bool take_changed() { return std::exchange(changed_, false); }

 private:
  bool still_right(const Entry& entry);
  void ask(const Digest& key, const SearchPathQuestion& question);

  Executor& executor_;
  ProcessRunner& processes_;
  FolderListings& listings_;
  PathTable& paths_;
  std::unordered_map<Digest, Entry> entries_;
  PendingAnswers<Answer> pending_;
  bool changed_ = false;
};

}  // namespace compiler_cache
