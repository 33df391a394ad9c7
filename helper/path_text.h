// Paths as text. Nothing here looks at a disk or resolves `..`.
#pragma once

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

}  // namespace compiler_cache
