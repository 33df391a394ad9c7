// Which names a folder holds, from listings that are kept in memory for as long as the folder's stat shows
// that no entry came or went. So the question "does this name still not exist?" costs one stat per folder and
// request, however many names are asked about.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "helper/clock.h"
#include "helper/file_system.h"
#include "helper/names.h"
#include "helper/path_watches.h"

namespace compiler_cache {

class FolderListings {
 public:
  /// `watches`: what they trust is not looked at; may be null.
  FolderListings(FileSystem& files, const Clock& clock, PathTable& paths, PathWatches* watches = nullptr)
      : files_(files), clock_(clock), paths_(paths), watches_(watches) {}

  /// Begins a request: within one, each folder is looked at once at most. The watches have begun it before.
  void begin_request() { ++epoch_; }

  /// Whether the folder exists and has an entry of that name, of any kind (a dangling symlink counts). A
  /// folder that cannot be listed is taken to have it.
  bool has_entry(PathId folder, std::string_view name);

  /// Whether the folder exists and has an entry whose name ends in ".gch". True also when it cannot be
  /// listed.
  bool has_precompiled_header(PathId folder);

  /// Whether there is a folder (or a symlink to one) at that path.
  bool exists(PathId folder);

  /// Whether there is anything at that path, links followed. True also when that cannot be told.
  bool leads_somewhere(PathId path);

 private:
  enum class State : std::uint8_t { listed, missing, no_folder, unreadable };

  /// Lets a name be looked up without a copy of it.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct Listing {
    std::uint64_t epoch = 0;
    State state = State::missing;
    FileStat stat;
    std::int64_t listed_at_ns = 0;
    std::unordered_set<std::string, TextHash, std::equal_to<>> names;
    bool has_gch = false;
  };

  Listing& current(PathId folder);
  void look(PathId folder, Listing& listing);
  void read(PathId folder, Listing& listing);

  FileSystem& files_;
  const Clock& clock_;
  PathTable& paths_;
  PathWatches* const watches_;
  std::unordered_map<PathId, std::unique_ptr<Listing>> listings_;
  std::uint64_t epoch_ = 1;
};

}  // namespace compiler_cache
