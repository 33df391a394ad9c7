// By which headers a source reaches another: told from the `#include` lines as they are now, among the files
// that a compile is known to have read. What cannot be told for sure is not said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "helper/file_system.h"

namespace compiler_cache {

struct IncludeLine {
  std::string name;
  bool quoted = false;
  bool conditional = false;  ///< within #if, but for a guard around the whole file

  friend bool operator==(const IncludeLine&, const IncludeLine&) = default;
};

/// In order. Lines in comments are left out; continued lines and computed names are not followed.
std::vector<IncludeLine> include_lines(std::string_view text);

/// The files between `source` and `header`, both left out; empty when the source includes it itself.
struct IncludeChain {
  bool found = false;
  bool certain = false;  ///< no #include on the way is within an #if
  std::vector<std::string> through;
};

/// The shortest one, a certain one first. `inputs`: all that was read, absolute. A name that several of them
/// could stand for is not followed.
IncludeChain find_include_chain(FileSystem& files, const std::string& source, const std::string& header,
                                const std::vector<std::string>& inputs);

}  // namespace compiler_cache
