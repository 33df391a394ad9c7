#include "helper/capture.h"

#include "helper/content_index.h"
#include "helper/hasher.h"
#include "helper/path_text.h"

namespace compiler_cache {
namespace {

/// True when `path` holds a file that this compile has written, whose bytes are now in `bytes`.
bool take(FileSystem& files, const CaptureTask& task, const std::string& path, UncacheableReason missing,
          std::string& bytes, FileStat& stat, Captured& captured) {
  Result<std::string> read = files.read(absolute_path(task.cwd, path), kMaxOutputBytes, &stat);
  if (read.ok() && stat.type == FileType::regular && changed_since(stat, task.start_ns)) {
    bytes = std::move(*read);
    return true;
  }
  const bool too_large = !read.ok() && read.error().kind == ErrorKind::too_large;
  captured.failure = too_large ? UncacheableReason::output_too_large : missing;
  captured.detail = path;
  return false;
}

}  // namespace

Captured capture_outputs(FileSystem& files, const CaptureTask& task) {
  Captured captured;
  for (const OutputFile& output : task.outputs) {
    CapturedOutput taken{output.role, {}, {}};
    if (!take(files, task, output.path, UncacheableReason::output_missing, taken.bytes, taken.stat, captured))
      return captured;
    taken.digest = hash_bytes(taken.bytes);
    taken.names_root = task.roots && task.roots->mentioned_in(taken.bytes);
    captured.outputs.push_back(std::move(taken));
  }
  if (!task.user_depfile.empty()) {
    CapturedOutput taken{OutputRole::depfile, {}, {}};
    if (!take(files, task, task.user_depfile, UncacheableReason::depfile_missing, taken.bytes, taken.stat,
              captured)) {
      return captured;
    }
    taken.digest = hash_bytes(taken.bytes);
    captured.outputs.push_back(std::move(taken));
  }
  if (task.dependency_list.empty()) return captured;
  if (task.dependency_list == task.user_depfile) {
    captured.dependency_text = captured.outputs.back().bytes;
  } else {
    FileStat stat;
    take(files, task, task.dependency_list, UncacheableReason::depfile_missing, captured.dependency_text,
         stat, captured);
  }
  return captured;
}

}  // namespace compiler_cache
