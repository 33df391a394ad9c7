#include "helper/shared_folder.h"

namespace compiler_cache {
namespace {

constexpr std::uint32_t kPrivateMode = 0700;
constexpr std::uint32_t kOthersMayWrite = 022;

Status make_if_missing(FileSystem& files, const std::string& path) {
  const Status made = files.make_folder(path, kPrivateMode);
  if (made.ok() || made.error().kind == ErrorKind::exists) return {};
  return made;
}

/// `path` and its missing parents.
Status make_folders(FileSystem& files, const std::string& path) {
  if (files.stat(path).ok()) return {};
  const std::size_t slash = path.rfind('/');
  if (slash != std::string::npos && slash > 0) {
    if (Status parents = make_folders(files, path.substr(0, slash)); !parents.ok()) return parents;
  }
  return make_if_missing(files, path);
}

}  // namespace

Status check_shared_folder(FileSystem& files, const std::string& path, std::uint32_t uid) {
  const auto stat = files.stat(path);
  if (!stat) return stat.status();
  if (stat.value().type != FileType::folder) return {ErrorKind::invalid, path + " is not a folder"};
  if (stat.value().uid != uid) return {ErrorKind::denied, path + " belongs to another user"};
  if ((stat.value().mode & kOthersMayWrite) != 0) {
    return {ErrorKind::denied, path + " can be written to by others; run: chmod go-w " + path};
  }
  return {};
}

Status prepare_shared_folder(FileSystem& files, const std::string& path, std::uint32_t uid) {
  if (Status made = make_folders(files, path); !made.ok()) return made;
  if (Status checked = check_shared_folder(files, path, uid); !checked.ok()) return checked;
  for (const char* name : {"/objects", "/variants"}) {
    if (Status made = make_if_missing(files, path + name); !made.ok()) return made;
  }
  return {};
}

}  // namespace compiler_cache
