// Which files and folders need not be looked at again: those that were looked at during the build that asks,
// and of which every change since would have been told.
//
// A path is trusted while all of this holds:
//   - every folder on its resolved way, from the root and through each link's target, was watched before it
//     was looked at, and no event named one of them, a link among them, or the file itself;
//   - a file with several names is watched itself, too: a write through another name shows there only;
//   - no mount has come or gone;
//   - it was looked at during this build.
// What cannot be watched, or after events may have been lost, is looked at each time.
//
// Not told of, and therefore found only between builds: a write through a memory mapping; a write through a
// second name that a file was given after it had been looked at. Both only where a file changes in place that
// a compile of the same build has read before.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "helper/file_system.h"
#include "helper/names.h"
#include "helper/watch_source.h"

namespace compiler_cache {

class PathWatches {
 public:
  /// Without a source nothing is ever trusted.
  PathWatches(FileSystem& files, PathTable& paths, std::unique_ptr<WatchSource> source);

  /// Takes in what has happened. `build`: the build tool's run that the request belongs to; 0 when that is
  /// not known: then nothing is trusted.
  void begin_request(std::uint64_t build);

  /// How often a mount has come or gone, or word of changes was lost, up to now: paths may lead elsewhere
  /// since, though no file on the way has changed. Of any build, and of none.
  std::uint64_t upheavals();

  bool trusts_file(PathId path) const { return active_ && is_current(Trusted::file, path); }
  bool trusts_folder(PathId path) const { return active_ && is_current(Trusted::folder, path); }

  /// Before a path is looked at: whether it may be trusted afterwards.
  bool watch_file(PathId path);
  bool watch_folder(PathId path);
  /// After it was: until something happens to it. `stat`: what the file was like, links followed.
  void trust_file(PathId path, const FileStat& stat);
  void trust_folder(PathId path);

  /// Stands for all that somebody has looked at in one go: what stat says of some paths, or that it says that
  /// nothing is there. What several look at each has its own guard, as each remembers something else of it.
  using Guard = std::uint32_t;
  Guard new_guard() { return guards_++; }
  bool holds(Guard guard) const { return active_ && is_current(Trusted::guard, guard); }
  /// Before a path is looked at: whether the guard may be set afterwards.
  bool watch_for(Guard guard, const std::string& path);
  /// After all were: until something happens to one of them.
  void set(Guard guard);

  /// How often something has happened to a name, by the end of the request's beginning.
  struct Mark {
    std::uint64_t generation = 0;
    int watch = -1;  ///< of the folder
    std::string name;
    std::uint32_t arrivals = 0;  ///< it came, went or was replaced
    std::uint32_t touches = 0;   ///< something else: it was written to, its mode or times changed
  };
  /// Watches the folder that `path`, whose last part is taken as no link, is in. None where that cannot be
  /// done.
  std::optional<Mark> mark(PathId path);
  /// Whether all that has happened to the name since is that it came or went so many times.
  bool happened_since(const Mark& mark, std::uint32_t arrivals) const;

  /// For the status.
  std::string describe() const;

 private:
  enum class Kind : std::uint8_t { folder, missing, other_file, unwatched };
  enum class Trusted : std::uint8_t { file, folder, guard };

  /// What is trusted until something happens.
  struct Dependent {
    Trusted kind;
    std::uint32_t id;  ///< PathId or Guard
    friend bool operator==(const Dependent&, const Dependent&) = default;
  };
  using Dependents = std::vector<Dependent>;

  /// Where a path leads.
  struct Resolved {
    Kind kind = Kind::unwatched;
    std::string path;  ///< of a folder: without links and dots
    int watch = -1;    ///< of a folder
  };
  struct Entry {
    bool on_the_way = false;  ///< a folder or link that others are reached through, or one that is not there
    Dependents dependents;    ///< that are reached through this name
    std::uint32_t arrivals = 0;
    std::uint32_t touches = 0;
  };
  struct Folder {
    std::string path;
    bool contents = false;
    std::unordered_map<std::string, Entry> entries;
    Dependents listings;  ///< that depend on what comes and goes
  };
  struct Twin {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
  };

  using Stamps = std::vector<std::uint64_t>;  ///< by id: the generation in which it was looked at

  bool is_current(Trusted kind, std::uint32_t id) const {
    const Stamps& stamps = stamps_[static_cast<std::size_t>(kind)];
    return id < stamps.size() && stamps[id] == generation_;
  }
  void stamp(Trusted kind, std::uint32_t id);
  void forget(const Dependents& dependents);
  void take_in();
  void trust_nothing();
  void apply(const WatchEvent& event);
  void apply_to_entry(Folder& folder, const WatchEvent& event);

  Resolved resolve(const std::string& path, int links_left);
  Resolved resolve_anew(const std::string& path, int links_left);
  Resolved enter(const std::string& path);
  bool watch_contents(int watch);
  bool watch_file_itself(const std::string& path, Dependent dependent);
  bool watch_twin(PathId id, const FileStat& stat, const std::string& here);
  void note(const Error& error);

  FileSystem& files_;
  PathTable& paths_;
  const std::unique_ptr<WatchSource> source_;
  bool active_ = false;
  std::uint64_t build_ = 0;
  std::uint64_t generation_ = 1;
  std::array<Stamps, 3> stamps_;  ///< by Trusted
  Guard guards_ = 0;
  std::unordered_map<std::string, Resolved> resolved_;  ///< in this generation
  std::unordered_map<int, Folder> folders_;
  std::unordered_map<int, Dependents> twins_of_;  ///< by watch, of files with several names
  std::unordered_map<PathId, Twin> twins_;        ///< those files
  std::uint64_t lost_ = 0;                        ///< how often events may have been lost
  std::string problem_;                           ///< the last
};

}  // namespace compiler_cache
