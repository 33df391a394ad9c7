#include "helper/library_places.h"

#include <algorithm>

#include "helper/add_once.h"
#include "helper/path_text.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kSearchFolder = "SEARCH_DIR(\"";

}  // namespace

std::vector<std::string> printed_library_folders(const std::vector<std::string>& command) {
  std::vector<std::string> folders;
  for (std::size_t i = 1; i < command.size(); ++i) {
    if (!command[i].starts_with("-L")) continue;
    if (command[i].size() > 2) {
      add_once(folders, command[i].substr(2));
    } else if (i + 1 < command.size()) {
      add_once(folders, command[++i]);
    }
  }
  return folders;
}

std::vector<std::string> printed_library_names(const std::vector<std::string>& command) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i < command.size(); ++i) {
    if (!command[i].starts_with("-l")) continue;
    std::string name = command[i].substr(2);
    if (name.empty() && i + 1 < command.size()) name = command[++i];
    if (name.starts_with(':')) {
      add_once(names, name.substr(1));
    } else {
      add_once(names, "lib" + name + ".so");
      add_once(names, "lib" + name + ".a");
    }
  }
  return names;
}

std::vector<std::string> built_in_library_folders(std::string_view text, std::string_view sysroot) {
  std::vector<std::string> folders;
  for (std::size_t at = text.find(kSearchFolder); at != std::string_view::npos;
       at = text.find(kSearchFolder, at)) {
    at += kSearchFolder.size();
    std::string_view folder = text.substr(at, std::min(text.find('"', at), text.size()) - at);
    const bool below = folder.starts_with('=');
    if (below) folder.remove_prefix(1);
    add_once(folders, (below ? std::string(sysroot) : std::string()) + std::string(folder));
  }
  return folders;
}

std::vector<std::string> names_searched_for(std::string_view path) {
  const std::string name(name_of_path(path));
  std::vector<std::string> names{name};
  if (!name.starts_with("lib")) return names;
  const std::size_t shared = name.find(".so");
  const std::string stem = shared != std::string::npos ? name.substr(0, shared)
                           : name.ends_with(".a")      ? name.substr(0, name.size() - 2)
                                                       : std::string();
  if (stem.empty()) return names;
  add_once(names, stem + ".so");
  add_once(names, stem + ".a");
  return names;
}

}  // namespace compiler_cache
