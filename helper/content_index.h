// The stat cache: which content a path has now, without reading it again while its stat says that nothing
// changed, and what a scan found in each content, once per content.
//
// A stat is trusted only if the file was last changed (ctime) well before it was hashed: within the
// granularity of timestamps a second change would leave no trace ("racy clean"). Such a file is hashed at
// each question until it is old enough.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/status.h"
#include "depscan/token_scan.h"
#include "helper/clock.h"
#include "helper/file_key.h"
#include "helper/file_system.h"
#include "helper/names.h"
#include "helper/path_watches.h"

namespace compiler_cache {

/// Which scanner reads a content. The numbers are part of the disk format.
enum class ScanKind : std::uint8_t { c_family = 0, assembler = 1 };

/// Files above this many bytes are not taken as inputs.
inline constexpr std::uint64_t kMaxInputBytes = 256ULL << 20;
/// What scans have found is remembered up to this many names, about 20 MB; then it is looked for anew.
inline constexpr std::size_t kMaxScannedNames = 200'000;

/// True when a change at or after `moment_ns` could have left `stat` as it is: its ctime is not before that
/// moment, as far as the granularity of the file system's timestamps goes.
bool changed_since(const FileStat& stat, std::int64_t moment_ns);

class ContentIndex {
 public:
  /// What one path was when last looked at.
  struct Entry {
    FileStat stat;
    std::int64_t hashed_at_ns = 0;  ///< file clock before the first byte was read
    ContentId content = kNoId;
  };

  /// `watches`: what they trust is not looked at; may be null.
  ContentIndex(FileSystem& files, const Clock& clock, PathTable& paths, ContentTable& contents,
               PathWatches* watches = nullptr)
      : files_(files), clock_(clock), paths_(paths), contents_(contents), watches_(watches) {}

  /// Begins a request: within one, each path is looked at once at most. The watches have begun it before.
  void begin_request();

  /// The content of a regular file now; kNoId when there is none or it cannot be read. A hit asks for each of
  /// its inputs, thousands of them: for one that the watches trust this is two loads.
  ContentId current(PathId path) {
    return is_watched(path) && young_.empty() ? looks_[path].content : look_once(path);
  }

  /// stat of the file as of this request's look at it; null before current() or when that gave kNoId.
  const FileStat* stat_of(PathId path) const;
  /// The same where this request has looked at the path itself and it is no link; else null.
  const FileStat* looked_at(PathId path) const;

  /// What a regular file with one name holds, told by whoever has written it or seen it written, under a
  /// watch that has told of nothing since. `at_ns`: the file clock then.
  void learn(PathId path, const FileStat& stat, std::int64_t at_ns, ContentId content);

  /// What the scanner finds in the file, whose content must be `content`; reads it once per content, mostly.
  /// An error when the file cannot be read or no longer has that content.
  Result<std::shared_ptr<const ScanFacts>> scan(PathId path, ContentId content, ScanKind kind);

  /// For persistence.
  const std::unordered_map<PathId, Entry>& entries() const { return entries_; }
  void reserve(std::size_t files) {
    entries_.reserve(files);
    by_file_.reserve(files);
  }
  void adopt(PathId path, const Entry& entry) {
    entries_.try_emplace(path, entry);
    by_file_.try_emplace({entry.stat.device, entry.stat.inode}, path);
  }

  std::uint64_t stats_made() const { return stats_made_; }
  std::uint64_t files_hashed() const { return files_hashed_; }

 private:
  struct Look {
    std::uint64_t epoch = 0;
    ContentId content = kNoId;
    bool no_link = false;  ///< as seen in that epoch
  };

  bool is_watched(PathId path) const {
    return watches_ != nullptr && path < looks_.size() && watches_->trusts_file(path);
  }
  ContentId look_once(PathId path);
  Look look(PathId path);
  ContentId content_of(PathId path, const FileStat& now);
  void keep_for_scan(ContentId content, std::string bytes);
  Result<std::string> bytes_of(PathId path, ContentId content);
  bool trusted(const Entry& entry, const FileStat& now) const;
  void grow_older(PathId path);

  FileSystem& files_;
  const Clock& clock_;
  PathTable& paths_;
  ContentTable& contents_;
  PathWatches* const watches_;
  std::unordered_map<PathId, Entry> entries_;
  std::unordered_map<FileKey, PathId, FileKeyHash> by_file_;  // one of its names
  std::vector<Look> looks_;                                   // by PathId
  std::unordered_set<PathId> young_;                          // learned, and as new as that
  std::uint64_t epoch_ = 1;
  std::unordered_map<std::uint64_t, std::shared_ptr<const ScanFacts>> scans_;  // content and kind
  std::size_t scanned_names_ = 0;                                              // in scans_
  std::unordered_map<ContentId, std::string> kept_;  // read in this request, not yet scanned
  std::size_t kept_bytes_ = 0;
  std::uint64_t stats_made_ = 0;
  std::uint64_t files_hashed_ = 0;
};

}  // namespace compiler_cache
