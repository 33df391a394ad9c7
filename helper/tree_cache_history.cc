// The history of builds, as the tree's cache writes it.
#include <memory>
#include <utility>

#include "helper/bypass_record.h"
#include "helper/tree_cache.h"

namespace compiler_cache {

void TreeCache::count(const RequestResult& result, std::uint64_t build, const EndedStep& step) {
  counters.add(result, build);
  history.add(build, result, step);
}

/// Any thread.
Status TreeCache::write_news(const std::vector<BuildHistory::News>& news) {
  Status all;
  for (const BuildHistory::News& one : news) {
    if (Status put = history_files_.write(one.summary, one.steps); !put) all = std::move(put);
  }
  return all;
}

/// Any thread, while the memory is frozen.
Status TreeCache::write_memory() {
  const Result<std::string> sealed = seal(kMemoryKind, kMemoryName, memory.encode());
  return sealed ? history_files_.replace(kMemoryName, *sealed) : sealed.status();
}

/// On a worker, before anything is remembered.
void TreeCache::load_memory() {
  const std::string path = std::string(kHistoryFolder) + "/" + kMemoryName;
  Result<std::string> file = folder_.read(path, kMemoryKind.max_size);
  if (!file) return;
  const Unsealed unsealed = unseal(kMemoryKind, kMemoryName, *file);
  Result<StepMemory> decoded = unsealed.state == SealState::good
                                   ? StepMemory::decode(unsealed.payload)
                                   : Error{ErrorKind::corrupt, "damaged, or of another version"};
  if (decoded) {
    memory = std::move(*decoded);
  } else {
    opened_.notes.push_back("how things were made before is forgotten: " + decoded.error().message);
  }
}

void TreeCache::write_history(std::function<void(const Status&)> then) {
  begin_pending();
  auto news = std::make_shared<const std::vector<BuildHistory::News>>(history.take());
  auto outcome = std::make_shared<Status>();
  const bool remembered = !memory.frozen() && memory.take_changed();
  if (remembered) memory.freeze();
  history_writing_.run(
      [this, news, remembered, outcome] {
        *outcome = write_news(*news);
        if (!remembered) return;
        if (Status put = write_memory(); !put) *outcome = std::move(put);
      },
      [this, remembered, outcome, then = std::move(then)] {
        if (remembered) memory.thaw();
        if (!outcome->ok()) note_once("the history of builds is not written: " + outcome->error().message);
        if (then) then(*outcome);
        end_pending();
      });
}

void TreeCache::fold_bypassed_calls(std::uint64_t build) {
  if (!loaded(Need::light)) return;
  const Result<ReasonCounts> counts = fold_bypassed(world, folder_path_);
  if (!counts.ok() || counts->empty()) return;
  counters.add_bypassed(*counts, build, static_cast<std::uint64_t>(clock.wall_seconds()));
  history.add_bypassed(*counts, build);
}

}  // namespace compiler_cache
