// How Microsoft's compiler, and Clang where it stands in for that one, look for a quoted header: beside the
// file that includes it, then beside the one that includes that, and so on up to the source, and only then in
// the search path. Which files led to an include is not known. So the folders of all that was read count:
// whatever is in one of them or is not, the rest is decided by the inputs.
#include <algorithm>

#include "helper/header_lookup.h"
#include "helper/path_text.h"

namespace compiler_cache {

/// Each folder of an input once, in the order of the inputs.
const std::vector<std::string>& HeaderLookup::includer_folders() {
  if (!includer_folders_.empty()) return includer_folders_;
  std::unordered_set<std::string> seen;
  for (const PathId input : inputs_) {
    std::string folder = folder_of_path(paths_[input]);
    if (seen.insert(folder).second) includer_folders_.push_back(std::move(folder));
  }
  return includer_folders_;
}

/// `folders`: where the name is looked for otherwise, of which the first comes before the chain.
void HeaderLookup::resolve_in_chain(const std::vector<std::string>& folders, const std::string& name,
                                    bool probe) {
  const auto there = [](Candidate kind) {
    return kind == Candidate::read || kind == Candidate::unread || kind == Candidate::changing;
  };
  if (name.starts_with('/') || there(classify(join_path(folders.front(), name)))) {
    return resolve(folders, name, false, probe);
  }
  bool counts = probe;
  bool found = false;
  const std::vector<std::string>& chain = includer_folders();
  for (const std::string& folder : chain) {
    const Candidate kind = classify(join_path(folder, name));
    found = found || there(kind);
    counts = counts || kind == Candidate::read;
  }
  for (const std::string& folder : folders) {
    counts = counts || classify(join_path(folder, name)) == Candidate::read;
  }
  if (!counts) return;  // in code that was not compiled
  for (const std::string& folder : chain) {
    const std::string candidate = join_path(folder, name);
    commit(candidate, classify(candidate));
  }
  // Clang looks further after one that it found so, and warns if it would not have found that one otherwise.
  resolve(folders, name, false, probe || found);
}

}  // namespace compiler_cache
