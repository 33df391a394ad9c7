// What the cache knows of files that it has put in place, or has seen being written, without reading them: so
// that an archive or a link of these objects is found without touching their bytes.
//
// A file's times cannot tell that nobody has changed it since, for a change in the same tick leaves them as
// they are. So only the watch's word counts: between the moment before the file was written and now, nothing
// but that one writing has happened to its name. Without a watch nothing is known, and the file is read by
// whoever asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "helper/clock.h"
#include "helper/content_index.h"
#include "helper/digest.h"
#include "helper/file_system.h"
#include "helper/names.h"
#include "helper/path_watches.h"

namespace compiler_cache {

/// A file that is about to be put in place.
struct ExpectedFile {
  PathId path = kNoId;
  PathWatches::Mark mark;
  std::uint32_t arrivals = 1;  ///< how often its name comes or goes by that
  Digest content;
};

class WrittenFiles {
 public:
  WrittenFiles(FileSystem& files, const Clock& clock, PathTable& paths, ContentTable& contents,
               ContentIndex& index, PathWatches& watches)
      : files_(files), clock_(clock), paths_(paths), contents_(contents), index_(index), watches_(watches) {}

  /// Before a hit is sent: this file will be put at `path` (absolute) by one creation of its name, after the
  /// removal of an old one where there is one.
  void expect(const std::string& path, const Digest& content, std::vector<ExpectedFile>& expected);
  /// After its launcher has said that all are in place. The request has begun: what has happened is taken in.
  void placed(const std::vector<ExpectedFile>& expected);

  /// After a compile: this file is there, complete, and will be read now.
  std::optional<PathWatches::Mark> before_reading(const std::string& path);
  /// It was read: `stat` is from before its first byte. The request has begun.
  void was_read(const std::string& path, const std::optional<PathWatches::Mark>& mark, const FileStat& stat,
                const Digest& content);

 private:
  void learn(PathId path, const FileStat& stat, const Digest& content);

  FileSystem& files_;
  const Clock& clock_;
  PathTable& paths_;
  ContentTable& contents_;
  ContentIndex& index_;
  PathWatches& watches_;
};

}  // namespace compiler_cache
