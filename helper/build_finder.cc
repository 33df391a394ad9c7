#include "helper/build_finder.h"

#include <algorithm>
#include <utility>

#include "helper/path_text.h"

namespace compiler_cache {
namespace {

constexpr int kMaxAncestors = 64;

/// Names of at most 15 bytes: the kernel keeps no more.
constexpr std::string_view kBuildTools[] = {
    "ninja", "ninja-build", "samu",  "n2",    "make",   "gmake",
    "bmake", "remake",      "pmake", "cmake", "cmake3", "mingw32-make",
};

bool is_in(std::string_view path, std::string_view folder) {
  if (folder == "/") return path.starts_with('/');
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

/// A program may have renamed its main thread: then the file that it runs tells.
bool runs_build_tool(ProcessList& processes, const ProcessInfo& info) {
  if (is_build_tool(info.name)) return true;
  const Result<std::string> executable = processes.executable(info.pid);
  return executable && is_build_tool(name_of_path(*executable));
}

}  // namespace

bool is_build_tool(std::string_view program_name) {
  return std::ranges::find(kBuildTools, program_name) != std::end(kBuildTools);
}

std::optional<BuildProcess> find_build(ProcessList& processes, pid_t peer, const std::string& build_root) {
  const std::string root = processes.real_path(build_root);
  std::optional<BuildProcess> outermost;
  Result<ProcessInfo> child = processes.info(peer);
  // Down to pid 1 itself: in a container it may be the build tool.
  for (int i = 0; i < kMaxAncestors && child && child->parent > 0; ++i) {
    Result<ProcessInfo> parent = processes.info(child->parent);
    // Younger than its child: the parent is gone and its pid is another's by now.
    if (!parent || parent->start_time > child->start_time) break;
    child = std::move(parent);
    const Result<std::string> folder = processes.working_folder(child->pid);
    if (!folder || !is_in(*folder, root)) continue;
    if (!runs_build_tool(processes, *child)) continue;
    outermost = BuildProcess{child->pid, child->start_time, child->name};
  }
  return outermost;
}

}  // namespace compiler_cache
