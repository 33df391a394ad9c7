// What the command line tells the server.
#pragma once

#include <cstdint>
#include <string>

namespace compiler_cache {

struct ServeOptions {
  std::string build_root;      ///< absolute; has a .compiler-cache folder
  std::int32_t owner_pid = 0;  ///< end when this process ends; 0: nobody's
  bool foreground = false;     ///< stay attached to the terminal, and log to standard error
};

}  // namespace compiler_cache
