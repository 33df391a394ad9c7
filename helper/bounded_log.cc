#include "helper/bounded_log.h"

namespace compiler_cache {
namespace {

constexpr std::uint32_t kLogMode = 0600;

}  // namespace

void BoundedLog::append(std::string_view line) {
  const std::lock_guard<std::mutex> guard(mutex_);
  const Result<FileStat> stat = files_.stat(path_);
  if (stat && stat->size > 0 && stat->size + line.size() > limit_bytes_) {
    // If it cannot be moved, lines are lost rather than the disk filled.
    if (!files_.rename(path_, path_ + ".1")) return;
  }
  // Opened for each line: whoever removes the file gets a new one, and lines are rare.
  Result<std::unique_ptr<AppendFile>> file = files_.open_append(path_, kLogMode);
  if (!file) return;
  [[maybe_unused]] const Status written = (*file)->append(line);
}

}  // namespace compiler_cache
