#include "helper/terminal_style.h"

#include <unistd.h>

#include <cstdlib>

namespace compiler_cache {

Style style_of_output() {
  return {wants_colors(::isatty(STDOUT_FILENO) != 0, std::getenv("NO_COLOR"), std::getenv("CLICOLOR_FORCE"),
                       std::getenv("TERM"))};
}

}  // namespace compiler_cache
