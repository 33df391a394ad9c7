// Asking a compiler's driver, and the linker behind it, where a link looks for libraries and start files.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "helper/compiler_family.h"
#include "helper/file_system.h"
#include "helper/process_runner.h"

namespace compiler_cache {

struct LinkPlaces {
  std::vector<std::string>
      folders;                     ///< absolute or relative to the working directory; more than are searched
  std::vector<std::string> names;  ///< of files that -l may mean
  std::vector<std::string> files;  ///< that the driver names to the linker, by absolute path
};

struct LinkPlacesQuestion {
  std::string driver;  ///< its path
  CompilerFamily family = CompilerFamily::gcc;
  std::vector<std::string> argv;      ///< of the link, without response files
  std::vector<std::string> choosing;  ///< those of its words that choose programs
  std::vector<std::string> environment;
  std::string cwd;
};

/// Runs driver and linker three or four times. An error when they do not tell. For a worker thread.
Result<LinkPlaces> ask_link_places(FileSystem& files, ProcessRunner& processes,
                                   const LinkPlacesQuestion& question);

}  // namespace compiler_cache
