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

void TreeCache::write_history(std::function<void(const Status&)> then) {
  begin_pending();
  auto news = std::make_shared<const std::vector<BuildHistory::News>>(history.take());
  auto outcome = std::make_shared<Status>();
  history_writing_.run([this, news, outcome] { *outcome = write_news(*news); },
                       [this, outcome, then = std::move(then)] {
                         if (!outcome->ok())
                           note_once("the history of builds is not written: " + outcome->error().message);
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
