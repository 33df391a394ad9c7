// Where a compiler looks before it finds the programs, specs, libraries and GCC installation that it uses.
// What appears in such a place would be taken instead, without any file of the compiler changing. Pure text:
// from what compilers and the dynamic loader say about themselves to paths, which may exist or not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// What GCC answers to -print-search-dirs: folders, most with a slash at the end, in the order of the search.
struct GccSearchFolders {
  std::vector<std::string> programs;
  std::vector<std::string> libraries;
};
GccSearchFolders parse_gcc_search_folders(std::string_view text);

/// A file `specs` in any folder of libraries is read (those of LIBRARY_PATH are among them: observed with GCC
/// 12).
std::vector<std::string> specs_places(const GccSearchFolders& folders);

/// GCC looks for the assembler under its own name and under that of the target.
std::vector<std::string> assembler_places(const GccSearchFolders& folders, std::string_view target);

/// What Clang looks at to choose a GCC installation, whose headers it then takes: `selected` is the one that
/// it names (<prefix>/<lib>/gcc/<triple>/<version>), `installed` the folder that it says it is installed in.
/// Empty ones are left out.
std::vector<std::string> gcc_installation_places(std::string_view selected, std::string_view installed);

/// What a Clang that compiles for Microsoft's platform looks at to find their headers: the folders of `path`
/// (PATH), and those that the options in `arguments` name, of which it takes the newest version inside.
std::vector<std::string> visual_studio_places(std::string_view path,
                                              const std::vector<std::string>& arguments);

/// The files that the loader says it tried, with LD_DEBUG=libs.
std::vector<std::string> loader_places(std::string_view text);

}  // namespace compiler_cache
