#include "tests/situations/snapshot.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace compiler_cache::situations {
namespace {

namespace fs = std::filesystem;

Item item_of(const fs::path& path) {
  Item item;
  struct stat stat {};
  if (lstat(path.c_str(), &stat) != 0) return item;
  item.mode = stat.st_mode;
  item.inode = stat.st_ino;
  item.changed_ns = std::int64_t{stat.st_ctim.tv_sec} * 1'000'000'000 + stat.st_ctim.tv_nsec;
  if (S_ISREG(stat.st_mode)) {
    item.links = stat.st_nlink;
    std::ifstream file(path, std::ios::binary);
    item.bytes.assign(std::istreambuf_iterator<char>(file), {});
  } else if (S_ISLNK(stat.st_mode)) {
    item.bytes = fs::read_symlink(path).string();
  }
  return item;
}

bool same_file(const Item& one, const Item& other) {
  if (S_ISDIR(one.mode)) return one.mode == other.mode;
  return one.inode == other.inode && one.changed_ns == other.changed_ns;
}

bool same_result(const Item& one, const Item& other) {
  return one.mode == other.mode && one.links == other.links && one.bytes == other.bytes;
}

void make(const fs::path& path, const Item& item) {
  if (S_ISDIR(item.mode)) {
    fs::create_directory(path);
  } else if (S_ISLNK(item.mode)) {
    fs::create_symlink(item.bytes, path);
    return;
  } else {
    std::ofstream(path, std::ios::binary) << item.bytes;
  }
  fs::permissions(path, static_cast<fs::perms>(item.mode & 07777));
}

std::string shorten(const std::string& text) {
  constexpr std::size_t kShown = 3000;
  return text.size() <= kShown ? text : text.substr(0, kShown) + "...";
}

}  // namespace

Snapshot take_snapshot(const std::string& folder) {
  Snapshot snapshot;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    snapshot[entry.path().lexically_relative(folder).string()] = item_of(entry.path());
  }
  return snapshot;
}

Snapshot written_since(const Snapshot& before, const Snapshot& after) {
  Snapshot written;
  for (const auto& [path, item] : after) {
    auto old = before.find(path);
    if (old == before.end() || !same_file(old->second, item)) written[path] = item;
  }
  return written;
}

void put_back(const std::string& folder, const Snapshot& before) {
  const Snapshot now = take_snapshot(folder);
  // Backwards, so that a folder's entries go before the folder.
  for (auto item = now.rbegin(); item != now.rend(); ++item) {
    auto old = before.find(item->first);
    if (old == before.end() || !same_file(old->second, item->second)) {
      fs::remove_all(folder + "/" + item->first);
    }
  }
  std::map<std::uint64_t, std::string> by_inode;
  for (const auto& [path, item] : before) {
    const std::string target = folder + "/" + path;
    struct stat stat {};
    const bool there = lstat(target.c_str(), &stat) == 0;
    auto [twin, first] = by_inode.try_emplace(item.inode, target);
    if (there) continue;
    if (first || item.links == 1)
      make(target, item);
    else
      fs::create_hard_link(twin->second, target);
  }
}

std::string difference(const Snapshot& expected, const Snapshot& found, bool bytes) {
  std::ostringstream text;
  for (const auto& [path, item] : expected) {
    auto other = found.find(path);
    if (other == found.end()) {
      text << path << " is missing\n";
    } else if (other->second.mode != item.mode || other->second.links != item.links) {
      text << path << ": mode " << std::oct << other->second.mode << " instead of " << item.mode << ", links "
           << other->second.links << " instead of " << item.links << "\n";
    } else if (bytes && !same_result(item, other->second)) {
      text << path << " has other bytes: " << other->second.bytes.size() << " instead of "
           << item.bytes.size() << "\n";
      if (path.ends_with(".d") || path.ends_with(".s"))
        text << shorten(other->second.bytes) << "\ninstead of\n" << shorten(item.bytes) << "\n";
    }
  }
  for (const auto& [path, item] : found) {
    if (!expected.contains(path)) text << path << " should not be there\n";
  }
  return text.str();
}

}  // namespace compiler_cache::situations
