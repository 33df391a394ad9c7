#include "helper/commands.h"

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "helper/config.h"

namespace compiler_cache {

Result<std::string> find_tree(const std::string& given) {
  std::error_code error;
  const std::filesystem::path root = std::filesystem::canonical(given, error);
  if (error) return Error{ErrorKind::invalid, given + ": " + error.message()};
  if (!std::filesystem::is_directory(root / kTreeFolderName, error)) {
    return Error{ErrorKind::invalid, given + " has no " + kTreeFolderName +
                                         ": not a build folder of a project that uses CompilerCache, or "
                                         "not configured yet"};
  }
  return root.string();
}

void print_error(const std::string& sentence) {
  std::fprintf(stderr, "compiler-cache-helper: %s\n", sentence.c_str());
}

}  // namespace compiler_cache
