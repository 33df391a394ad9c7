#include "helper/moved_folders.h"

#include "helper/content_index.h"
#include "helper/path_text.h"

namespace compiler_cache {
namespace {

constexpr int kMaxLinksOnTheWay = 40;  // the kernel's own limit

}  // namespace

std::string MovedFolders::on_the_way_to(const std::string& path) { return find(path, kMaxLinksOnTheWay); }

std::string MovedFolders::on_the_way_to(const std::string& path, const FileStat& link) {
  std::string moved = find(folder_of_path(path), kMaxLinksOnTheWay);
  return moved.empty() ? look(path, link, kMaxLinksOnTheWay) : moved;
}

std::string MovedFolders::find(const std::string& path, int links_left) {
  if (path.empty() || path == "/") return {};
  if (auto known = found_.find(path); known != found_.end()) return known->second;
  std::string moved = find(folder_of_path(path), links_left);
  if (moved.empty()) {
    const Result<FileStat> stat = files_.lstat(path);
    moved = stat.ok() ? look(path, *stat, links_left) : path;
  }
  found_.emplace(path, moved);
  return moved;
}

std::string MovedFolders::look(const std::string& path, const FileStat& stat, int links_left) {
  const bool recent = changed_since(stat, since_ns_);
  if (stat.type == FileType::folder) return recent && stat.ctime_ns != stat.mtime_ns ? path : std::string();
  if (stat.type != FileType::symlink) return {};
  Result<std::string> target = files_.read_link(path);
  if (recent || !target.ok() || links_left == 0) return path;
  return find(absolute_path(folder_of_path(path), *target), links_left - 1);
}

}  // namespace compiler_cache
