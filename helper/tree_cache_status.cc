// What a tree's cache says of itself, for the status.
#include <memory>
#include <utility>

#include "helper/file_age.h"
#include "helper/tree_cache.h"

namespace compiler_cache {

void TreeCache::measure(std::function<void()> then) {
  if (!loaded(Need::light)) return then();
  begin_pending();
  components_.begin(Component::disk_usage);
  auto measures = std::make_shared<std::vector<TierMeasure>>();
  executor.run(
      [this, measures] {
        const std::vector<TierHealth> health = store->health();
        for (HitSource source : {HitSource::memory, HitSource::tree, HitSource::shared}) {
          Tier* tier = store->tier(source);
          if (tier == nullptr) continue;
          Result<TierUsage> usage = tier->usage();
          measures->push_back({source, usage.ok() ? *usage : TierUsage{}, {}});
          for (const TierHealth& one : health) {
            if (one.source == source) measures->back().health = one;
          }
        }
      },
      [this, measures, then = std::move(then)] {
        measures_ = std::move(*measures);
        components_.ready(Component::disk_usage);
        end_pending();
        then();
      });
}

void TreeCache::fill(StatusReport& report) const {
  const bool all = loaded(Need::full);
  const auto component = [&](Component which, std::uint64_t entries) {
    report.components.push_back(components_.status(which));
    report.components.back().entries = entries;
  };
  component(Component::counters, loaded(Need::light) ? counters.total().requests() : 0);
  component(Component::files, all ? index.entries().size() : 0);
  component(Component::identities, all ? identities.entries().size() : 0);
  component(Component::searches, all ? searches.entries().size() : 0);
  component(Component::graph, all ? graph.context_count() : 0);
  component(Component::disk_usage, measures_.size());
  for (const TierMeasure& measure : measures_) {
    StoreStatus status;
    status.name = to_string(measure.source);
    if (measure.source == HitSource::tree) status.path = folder_path_ + "/objects";
    if (measure.source == HitSource::shared) status.path = config.shared_dir + "/objects";
    status.objects = measure.usage.blobs;
    status.bytes = measure.usage.bytes;
    status.limit = measure.source == HitSource::memory ? measure.usage.limit : config.max_size;
    status.least_recent = static_cast<std::uint64_t>(measure.usage.least_recent_ns / kSecondNs);
    status.failures = measure.health.failures;
    status.last_error = measure.health.last_error;
    report.stores.push_back(std::move(status));
  }
  fill_remote(report);
  report.watching = watches.describe();
  report.events = recent_events(world, folder_path_, kStatusEvents);
  report.notes.insert(report.notes.end(), notes_.begin(), notes_.end());
}

}  // namespace compiler_cache
