// A file of lines that never grows beyond twice its limit: when full it becomes <path>.1, in the place of the
// one before.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "helper/file_system.h"

namespace compiler_cache {

/// Any thread. Nothing that goes wrong here is reported: a log must never stop what it tells of.
class BoundedLog {
 public:
  BoundedLog(FileSystem& files, std::string path, std::uint64_t limit_bytes)
      : files_(files), path_(std::move(path)), limit_bytes_(limit_bytes) {}

  /// Appends `line`, which ends with a line feed, in one write.
  void append(std::string_view line);

 private:
  FileSystem& files_;
  const std::string path_;
  const std::uint64_t limit_bytes_;
  std::mutex mutex_;
};

}  // namespace compiler_cache
