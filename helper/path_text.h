// Paths as text. Nothing here looks at a disk or resolves `..`.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace compiler_cache {

/// Everything before the last slash: "." when there is none, "/" for an entry of the root.
inline std::string folder_of_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

/// Everything behind the last slash.
inline std::string_view name_of_path(std::string_view path) { return path.substr(path.rfind('/') + 1); }

inline std::string join_path(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.ends_with('/')) path += '/';
  return path.append(name);
}

/// `path` as seen from `cwd`, which is absolute. A leading "./" goes.
inline std::string absolute_path(std::string_view cwd, std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path.starts_with('/') ? std::string(path) : join_path(cwd, path);
}

/// `path` (absolute) without components that lead nowhere, so that two spellings by the same links compare
/// equal. What ".." means is up to symlinks.
inline std::string without_dots(std::string_view path) {
  std::string plain;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view component = path.substr(at, end - at);
    if (!component.empty() && component != ".") plain.append("/").append(component);
    at = end + 1;
  }
  return plain;
}

}  // namespace compiler_cache
