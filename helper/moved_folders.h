// Whether a name still leads where it led when a compile began. A folder that is moved into place brings its
// files along with their old times: only its own ctime tells, which a rename sets (measured: ext4, tmpfs).
// Making an entry in a folder sets its ctime, too, but to the same moment as its mtime: that happens in every
// build, and does not count.
//
// So a folder that was moved into place during a compile and in which an entry was made afterwards, still
// during the compile, goes unnoticed.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "helper/file_system.h"

namespace compiler_cache {

class MovedFolders {
 public:
  MovedFolders(FileSystem& files, std::int64_t since_ns) : files_(files), since_ns_(since_ns) {}

  /// The folder or link on the way to `path`, which is absolute, that was put there or changed since; empty
  /// when there is none. Looks at each name once.
  std::string on_the_way_to(const std::string& path);
  /// The same where it is known already what is there.
  std::string on_the_way_to(const std::string& path, const FileStat& link);

 private:
  std::string find(const std::string& path, int links_left);
  std::string look(const std::string& path, const FileStat& stat, int links_left);

  FileSystem& files_;
  const std::int64_t since_ns_;
  std::unordered_map<std::string, std::string> found_;
};

}  // namespace compiler_cache
