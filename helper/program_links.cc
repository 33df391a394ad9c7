#include "helper/program_links.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "helper/path_text.h"

namespace compiler_cache {
namespace {

/// Links in a circle end somewhere.
constexpr int kMaxLinks = 16;

constexpr auto kCaches = std::to_array<std::string_view>(
    {"ccache", "sccache", "zccache", "buildcache", "cachepot", "distcc", "icecc", "icerun"});

/// Moves `path` to what it links to; false when it is no link.
bool follow(FileSystem& files, std::string& path) {
  const Result<std::string> target = files.read_link(path);
  if (!target.ok()) return false;
  path = absolute_path(folder_of_path(path), *target);
  return true;
}

}  // namespace

std::string end_of_links(FileSystem& files, std::string path) {
  for (int left = kMaxLinks; left > 0 && follow(files, path); --left) {
  }
  return path;
}

std::string cache_behind(FileSystem& files, const std::string& program) {
  std::string path = program;
  for (int left = kMaxLinks; left > 0; --left) {
    const std::string_view name = name_of_path(path);
    if (std::ranges::find(kCaches, name) != kCaches.end()) return std::string(name);
    if (!follow(files, path)) break;
  }
  return {};
}

}  // namespace compiler_cache
