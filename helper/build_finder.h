// Which build a launcher works for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "helper/process_list.h"

namespace compiler_cache {

struct BuildProcess {
  pid_t pid = 0;
  std::uint64_t start_time = 0;  ///< check again after pidfd_open: the pid may be another's by then
  std::string name;

  friend bool operator==(const BuildProcess&, const BuildProcess&) = default;
};

/// True for the programs that a build may hang on: ninja, make, cmake and their kin. A shell is none: it
/// outlives the build.
bool is_build_tool(std::string_view program_name);

/// The outermost build tool among the ancestors of `peer` whose working folder is `build_root` or below:
/// an outer `make` elsewhere (a superbuild, a watcher) lives on when this tree's build has ended, and the
/// make that started the launcher may be one of many per target. Looks at up to 64 ancestors.
std::optional<BuildProcess> find_build(ProcessList& processes, pid_t peer, const std::string& build_root);

}  // namespace compiler_cache
