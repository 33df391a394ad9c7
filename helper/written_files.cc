#include "helper/written_files.h"

namespace compiler_cache {

void WrittenFiles::expect(const std::string& path, const Digest& content,
                          std::vector<ExpectedFile>& expected) {
  const PathId id = paths_.intern(path);
  const std::optional<PathWatches::Mark> mark = watches_.mark(id);
  if (!mark) return;
  const bool there = files_.lstat(path).ok();
  expected.push_back({id, *mark, there ? 2U : 1U, content});
}

void WrittenFiles::placed(const std::vector<ExpectedFile>& expected) {
  for (const ExpectedFile& file : expected) {
    if (!watches_.happened_since(file.mark, file.arrivals)) continue;
    const Result<FileStat> stat = files_.lstat(paths_[file.path]);
    if (stat.ok() && stat->type == FileType::regular) learn(file.path, *stat, file.content);
  }
}

std::optional<PathWatches::Mark> WrittenFiles::before_reading(const std::string& path) {
  return watches_.mark(paths_.intern(path));
}

void WrittenFiles::was_read(const std::string& path, const std::optional<PathWatches::Mark>& mark,
                            const FileStat& stat, const Digest& content) {
  if (mark && watches_.happened_since(*mark, 0)) learn(paths_.intern(path), stat, content);
}

void WrittenFiles::learn(PathId path, const FileStat& stat, const Digest& content) {
  if (stat.links == 1) index_.learn(path, stat, clock_.file_now_ns(), contents_.intern(content));
}

}  // namespace compiler_cache
