#include "helper/search_places.h"

#include <algorithm>

#include "helper/add_once.h"
#include "helper/path_text.h"
#include "helper/text_split.h"

namespace compiler_cache {
namespace {

/// Calls with each line of `text`, without its end.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  while (!text.empty()) visit(take_line(text));
}

std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> folders;
  for (const std::string_view folder : split_at(':', list)) {
    if (!folder.empty()) add_once(folders, std::string(folder));
  }
  return folders;
}

}  // namespace

GccSearchFolders parse_gcc_search_folders(std::string_view text) {
  constexpr std::string_view kPrograms = "programs: =";
  constexpr std::string_view kLibraries = "libraries: =";
  GccSearchFolders folders;
  for_each_line(text, [&](std::string_view line) {
    if (line.starts_with(kPrograms)) folders.programs = split_list(line.substr(kPrograms.size()));
    if (line.starts_with(kLibraries)) folders.libraries = split_list(line.substr(kLibraries.size()));
  });
  return folders;
}

std::vector<std::string> specs_places(const GccSearchFolders& folders) {
  std::vector<std::string> places;
  for (const std::string& folder : folders.libraries) places.push_back(join_path(folder, "specs"));
  // Of the compiler's own folders one is searched that -print-search-dirs counts among the programs only.
  for (const std::string& folder : folders.programs) places.push_back(join_path(folder, "specs"));
  return places;
}

std::vector<std::string> assembler_places(const GccSearchFolders& folders, std::string_view target) {
  std::vector<std::string> places;
  for (const std::string& folder : folders.programs) {
    places.push_back(join_path(folder, "as"));
    if (!target.empty()) places.push_back(join_path(folder, std::string(target) + "-as"));
  }
  return places;
}

std::vector<std::string> gcc_installation_places(std::string_view selected, std::string_view installed) {
  // Clang also asks what distribution this is, and on one of them a file says which GCC is chosen.
  std::vector<std::string> places{"/etc/env.d/gcc", "/etc/os-release", "/etc/lsb-release",
                                  "/etc/redhat-release", "/etc/debian_version"};
  std::vector<std::string> prefixes;
  if (!installed.empty()) prefixes.push_back(std::string(installed) + "/..");
  if (!selected.empty()) {
    std::string folder(selected);
    // The version, the triple and gcc: a folder's time moves when an entry comes or goes.
    for (int i = 0; i < 3; ++i, folder = folder_of_path(folder)) places.push_back(folder);
    prefixes.push_back(folder_of_path(folder));
  }
  for (const std::string& prefix : prefixes) {
    for (const char* name : {"lib", "lib32", "lib64", "libx32"}) {
      for (const char* kind : {"gcc", "gcc-cross"}) {
        std::string place = join_path(prefix, name) + "/" + kind;
        const bool known = std::find(places.begin(), places.end(), place) != places.end();
        if (!known) places.push_back(std::move(place));
      }
    }
  }
  return places;
}

std::vector<std::string> visual_studio_places(std::string_view path,
                                              const std::vector<std::string>& arguments) {
  std::vector<std::string> places;
  for (const std::string& folder : split_list(path)) {
    places.push_back(join_path(folder, "cl.exe"));
    places.push_back(join_path(folder, "link.exe"));
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view option = arguments[i];
    if (option.starts_with('/') || option.starts_with('-')) option.remove_prefix(1);
    for (const std::string_view name : {"winsysroot", "winsdkdir"}) {
      if (!option.starts_with(name)) continue;
      std::string folder(option.substr(name.size()));
      if (folder.empty() && i + 1 < arguments.size()) folder = arguments[i + 1];
      for (const char* inside : {"VC/Tools/MSVC", "Windows Kits", "Windows Kits/10/Include", "Include"})
        places.push_back(join_path(folder, inside));
    }
  }
  return places;
}

std::vector<std::string> loader_places(std::string_view text) {
  constexpr std::string_view kTrying = "trying file=";
  std::vector<std::string> places;
  for_each_line(text, [&](std::string_view line) {
    const std::size_t at = line.find(kTrying);
    if (at != std::string_view::npos) places.emplace_back(line.substr(at + kTrying.size()));
  });
  return places;
}

}  // namespace compiler_cache
