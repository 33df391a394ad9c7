// The program that this process runs: to see when another one, a newer version most often, has taken its
// place in the tree.
#pragma once

#include <string>

#include "helper/file_system.h"

namespace compiler_cache {

class OwnProgram {
 public:
  /// `path`: its place in the tree, absolute.
  OwnProgram(FileSystem& files, std::string path)
      : files_(files), path_(std::move(path)), own_(look("/proc/self/exe")) {}

  /// False as well when nothing is there.
  bool is_replaced() const {
    const FileStat now = look(path_);
    return now.inode != 0 && own_.inode != 0 && (now.inode != own_.inode || now.device != own_.device);
  }

 private:
  FileStat look(const std::string& path) const {
    const Result<FileStat> stat = files_.stat(path);
    return stat.ok() ? *stat : FileStat{};
  }

  FileSystem& files_;
  const std::string path_;
  const FileStat own_;
};

}  // namespace compiler_cache
