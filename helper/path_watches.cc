#include "helper/path_watches.h"

#include <utility>

#include "helper/add_once.h"
#include "helper/path_text.h"

namespace compiler_cache {
namespace {

constexpr int kMaxLinksOfPath = 40;  // the kernel's own limit

bool is_name(std::string_view name) { return !name.empty() && name != "." && name != ".."; }

}  // namespace

PathWatches::PathWatches(FileSystem& files, PathTable& paths, std::unique_ptr<WatchSource> source)
    : files_(files), paths_(paths), source_(std::move(source)) {}

void PathWatches::begin_request(std::uint64_t build) {
  active_ = source_ != nullptr && build != 0;
  if (!active_) return;
  if (std::exchange(build_, build) != build) trust_nothing();
  take_in();
}

void PathWatches::take_in() {
  if (source_->drain([this](const WatchEvent& event) { apply(event); })) return;
  ++lost_;
  trust_nothing();
}

std::uint64_t PathWatches::upheavals() {
  if (source_ != nullptr) take_in();
  return lost_;
}

void PathWatches::trust_nothing() {
  ++generation_;
  resolved_.clear();
}

void PathWatches::stamp(Trusted kind, std::uint32_t id) {
  Stamps& stamps = stamps_[static_cast<std::size_t>(kind)];
  if (id >= stamps.size()) {
    const std::size_t known = kind == Trusted::guard ? guards_ : paths_.size();
    stamps.resize(std::max<std::size_t>(known, id + 1));
  }
  stamps[id] = generation_;
}

void PathWatches::forget(const Dependents& dependents) {
  for (const Dependent& dependent : dependents) {
    Stamps& stamps = stamps_[static_cast<std::size_t>(dependent.kind)];
    if (dependent.id < stamps.size()) stamps[dependent.id] = 0;
  }
}

// ---- What happened

void PathWatches::apply(const WatchEvent& event) {
  if (const auto twin = twins_of_.find(event.watch); twin != twins_of_.end()) {
    forget(twin->second);
    if (event.change != WatchChange::gone) return;
    for (const Dependent& dependent : twin->second) {
      if (dependent.kind == Trusted::file) twins_.erase(dependent.id);
    }
    twins_of_.erase(twin);
    return;
  }
  const auto folder = folders_.find(event.watch);
  if (folder == folders_.end()) return;
  if (!event.name.empty()) return apply_to_entry(folder->second, event);
  trust_nothing();
  if (event.change != WatchChange::gone) return;
  source_->forget(event.watch);
  folders_.erase(folder);
}

void PathWatches::apply_to_entry(Folder& folder, const WatchEvent& event) {
  if (event.change == WatchChange::entry) {
    forget(folder.listings);
    folder.listings.clear();
  }
  const auto entry = folder.entries.find(event.name);
  if (entry == folder.entries.end()) return;
  ++(event.change == WatchChange::entry ? entry->second.arrivals : entry->second.touches);
  if (entry->second.on_the_way && event.change != WatchChange::content) trust_nothing();
  forget(entry->second.dependents);
}

// ---- Where paths lead

PathWatches::Resolved PathWatches::resolve(const std::string& path, int links_left) {
  if (const auto known = resolved_.find(path); known != resolved_.end()) return known->second;
  Resolved resolved = resolve_anew(path, links_left);
  resolved_.emplace(path, resolved);
  return resolved;
}

/// Each folder is watched before it is asked for the next name on the way.
PathWatches::Resolved PathWatches::resolve_anew(const std::string& path, int links_left) {
  if (path == "/") return enter(path);
  if (!path.starts_with('/')) return {};
  Resolved parent = resolve(folder_of_path(path), links_left);
  if (parent.kind != Kind::folder) return parent;
  const std::string name(name_of_path(path));
  if (name.empty() || name == ".") return parent;
  if (name == "..") return resolve(folder_of_path(parent.path), links_left);
  folders_[parent.watch].entries[name].on_the_way = true;
  const std::string here = join_path(parent.path, name);
  const Result<FileStat> stat = files_.lstat(here);
  if (!stat.ok())
    return {stat.error().kind == ErrorKind::not_found ? Kind::missing : Kind::unwatched, {}, -1};
  if (stat->type == FileType::folder) return enter(here);
  if (stat->type != FileType::symlink) return {Kind::other_file, {}, -1};
  const Result<std::string> target = files_.read_link(here);
  if (!target.ok() || links_left == 0) return {};
  return resolve(absolute_path(parent.path, *target), links_left - 1);
}

PathWatches::Resolved PathWatches::enter(const std::string& path) {
  const Result<int> watch = source_->watch_folder(path, false);
  if (!watch.ok()) {
    note(watch.error());
    return {};
  }
  folders_[*watch].path = path;
  return {Kind::folder, path, *watch};
}

bool PathWatches::watch_contents(int watch) {
  Folder& folder = folders_[watch];
  if (folder.contents) return true;
  const Result<int> again = source_->watch_folder(folder.path, true);
  folder.contents = again.ok() && *again == watch;
  return folder.contents;
}

void PathWatches::note(const Error& error) {
  if (error.kind != ErrorKind::not_found) problem_ = error.message;
}

// ---- Files and folders

bool PathWatches::watch_file(PathId id) {
  if (!active_) return false;
  std::string path = paths_[id];
  for (int links_left = kMaxLinksOfPath; links_left > 0; --links_left) {
    const Resolved folder = resolve(folder_of_path(path), kMaxLinksOfPath);
    const std::string name(name_of_path(path));
    if (folder.kind != Kind::folder || !is_name(name)) return false;
    if (!watch_contents(folder.watch)) return false;
    add_once(folders_[folder.watch].entries[name].dependents, Dependent{Trusted::file, id});
    const std::string here = join_path(folder.path, name);
    const Result<FileStat> stat = files_.lstat(here);
    if (!stat.ok()) return false;
    if (stat->type != FileType::symlink) return stat->links == 1 || watch_twin(id, *stat, here);
    const Result<std::string> target = files_.read_link(here);
    if (!target.ok()) return false;
    path = absolute_path(folder.path, *target);
  }
  return false;
}

/// A file with several names, found at `here` a moment ago.
bool PathWatches::watch_twin(PathId id, const FileStat& stat, const std::string& here) {
  const auto known = twins_.find(id);
  if (known != twins_.end() && known->second.device == stat.device && known->second.inode == stat.inode) {
    return true;
  }
  if (!watch_file_itself(here, {Trusted::file, id})) return false;
  twins_[id] = {stat.device, stat.inode};
  return true;
}

bool PathWatches::watch_file_itself(const std::string& path, Dependent dependent) {
  const Result<int> watch = source_->watch_file(path);
  if (!watch.ok()) {
    note(watch.error());
    return false;
  }
  add_once(twins_of_[*watch], dependent);
  return true;
}

/// Where the file has changed since it was prepared for, an event tells of that.
void PathWatches::trust_file(PathId path, const FileStat& stat) {
  if (!active_) return;
  const auto twin = twins_.find(path);
  const bool seen =
      twin != twins_.end() && twin->second.device == stat.device && twin->second.inode == stat.inode;
  if (stat.links == 1 || seen) stamp(Trusted::file, path);
}

bool PathWatches::watch_folder(PathId id) {
  if (!active_) return false;
  const Resolved folder = resolve(paths_[id], kMaxLinksOfPath);
  if (folder.kind == Kind::unwatched) return false;
  if (folder.kind == Kind::folder) add_once(folders_[folder.watch].listings, Dependent{Trusted::folder, id});
  return true;
}

void PathWatches::trust_folder(PathId path) {
  if (active_) stamp(Trusted::folder, path);
}

/// What is not there, or is behind something that is no folder, begins with an event of what is on the way.
bool PathWatches::watch_for(Guard guard, const std::string& wanted) {
  if (!active_) return false;
  const Dependent dependent{Trusted::guard, guard};
  std::string path = wanted;
  for (int links_left = kMaxLinksOfPath; links_left > 0; --links_left) {
    const std::string name(name_of_path(path));
    const Resolved parent = resolve(is_name(name) ? folder_of_path(path) : path, kMaxLinksOfPath);
    if (parent.kind != Kind::folder) return parent.kind != Kind::unwatched;
    if (!is_name(name)) {
      add_once(folders_[parent.watch].listings, dependent);
      return true;
    }
    if (!watch_contents(parent.watch)) return false;
    add_once(folders_[parent.watch].entries[name].dependents, dependent);
    const std::string here = join_path(parent.path, name);
    const Result<FileStat> stat = files_.lstat(here);
    if (!stat.ok()) return stat.error().kind == ErrorKind::not_found;
    if (stat->type == FileType::folder) {
      path = here + "/.";
    } else if (stat->type == FileType::symlink) {
      const Result<std::string> target = files_.read_link(here);
      if (!target.ok()) return false;
      path = absolute_path(parent.path, *target);
    } else {
      return stat->links == 1 || watch_file_itself(here, dependent);
    }
  }
  return false;
}

void PathWatches::set(Guard guard) {
  if (active_) stamp(Trusted::guard, guard);
}

std::optional<PathWatches::Mark> PathWatches::mark(PathId id) {
  if (!active_) return std::nullopt;
  const std::string& path = paths_[id];
  const Resolved folder = resolve(folder_of_path(path), kMaxLinksOfPath);
  const std::string name(name_of_path(path));
  if (folder.kind != Kind::folder || !is_name(name)) return std::nullopt;
  if (!watch_contents(folder.watch)) return std::nullopt;
  Entry& entry = folders_[folder.watch].entries[name];
  add_once(entry.dependents, Dependent{Trusted::file, id});
  return Mark{generation_, folder.watch, name, entry.arrivals, entry.touches};
}

bool PathWatches::happened_since(const Mark& mark, std::uint32_t arrivals) const {
  if (!active_ || mark.generation != generation_) return false;
  const auto folder = folders_.find(mark.watch);
  if (folder == folders_.end()) return false;
  const auto entry = folder->second.entries.find(mark.name);
  return entry != folder->second.entries.end() && entry->second.touches == mark.touches &&
         entry->second.arrivals == mark.arrivals + arrivals;
}

std::string PathWatches::describe() const {
  if (!source_) return "no folders: this system cannot tell of changes; every input is looked at each time";
  std::string text = std::to_string(folders_.size()) + " folders";
  if (!twins_.empty()) text += ", " + std::to_string(twins_.size()) + " files with several names";
  if (lost_ > 0) text += "; word of changes was lost " + std::to_string(lost_) + " times";
  if (!problem_.empty()) text += "; not all: " + problem_;
  return text;
}

}  // namespace compiler_cache
