#include "helper/offline_store.h"

#include <unistd.h>

#include <utility>

#include "helper/counters.h"
#include "helper/event_log.h"
#include "helper/file_age.h"
#include "helper/folder_tier.h"
#include "helper/session_folder.h"
#include "helper/shared_folder.h"
#include "helper/shared_variants.h"
#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

bool is_gone(const Status& status) { return !status && status.error().kind == ErrorKind::not_found; }

}  // namespace

OfflineStore::OfflineStore(FileSystem& world, FileSystem& tree, const Clock& clock, std::string folder,
                           Config config)
    : world_(world), tree_(tree), clock_(clock), folder_(std::move(folder)), config_(std::move(config)) {}

void OfflineStore::add_store(StatusReport& report, const std::string& root, bool shared) const {
  StoreStatus status;
  status.name = shared ? "shared" : "tree";
  status.path = root + "/objects";
  status.limit = config_.max_size;
  FolderTier tier(world_, clock_, {shared ? HitSource::shared : HitSource::tree, root});
  if (Result<TierUsage> usage = tier.usage()) {
    status.objects = usage->blobs;
    status.bytes = usage->bytes;
    status.least_recent = static_cast<std::uint64_t>(usage->least_recent_ns / kSecondNs);
  } else if (usage.error().kind != ErrorKind::not_found) {
    report.notes.push_back("the " + status.name + " store: " + usage.error().message);
  }
  report.stores.push_back(std::move(status));
}

StatusReport OfflineStore::status() const {
  StatusReport report;
  report.version = config_.version;
  report.events = recent_events(world_, folder_, kStatusEvents);
  add_store(report, folder_, false);
  if (config_.shared_dir.empty()) return report;
  const Status usable = check_shared_folder(world_, config_.shared_dir, ::geteuid());
  if (!usable && !is_gone(usable)) {
    report.notes.push_back("the shared store is not used: " + usable.error().message);
  }
  add_store(report, config_.shared_dir, true);
  return report;
}

/// The session knows best what is whose: begun and destroyed, it leaves nothing but the counters.
Status OfflineStore::clear_sessions() const {
  Result<std::unique_ptr<SessionFolder>> begun = SessionFolder::begin(tree_, clock_, SessionOptions{});
  if (!begun) return begun.status();
  SessionFolder& session = **begun;
  std::string counters;
  if (const auto part = session.parts().find(kCountersPartName); part != session.parts().end()) {
    if (part->second.status) counters = part->second.bytes;
  }
  if (Status destroyed = session.destroy(); !destroyed) return destroyed;
  if (counters.empty()) return session.end();
  if (Status kept = session.replace_part(kCountersPartName, counters); !kept) return kept;
  if (Result<PublishOutcome> published = session.publish(PublishMode::snapshot); !published) {
    return published.status();
  }
  return session.end();
}

Status OfflineStore::clear_shared() const {
  const std::string& root = config_.shared_dir;
  if (root.empty()) return {};
  if (Status usable = check_shared_folder(world_, root, ::geteuid()); !usable) {
    return is_gone(usable) ? Status() : usable;
  }
  SharedVariants variants(world_, clock_, root, ::geteuid());
  if (Status cleared = variants.clear(); !cleared && !is_gone(cleared)) return cleared;
  FolderTier objects(world_, clock_, {HitSource::shared, root});
  Status cleared = objects.clear();
  return is_gone(cleared) ? Status() : cleared;
}

Status OfflineStore::clear(bool shared_too) const {
  Result<std::unique_ptr<FileLock>> lock = tree_.lock(protocol::kLockName, LockMode::exclusive);
  if (!lock && lock.error().kind == ErrorKind::exists) {
    return Error{ErrorKind::exists, "a helper is starting or ending; try again"};
  }
  // Where there are no locks, a helper that runs has answered before it came to this.
  if (!lock && lock.error().kind != ErrorKind::unsupported) return lock.status();
  if (Status cleared = clear_sessions(); !cleared) return cleared;
  FolderTier objects(world_, clock_, {HitSource::tree, folder_});
  if (Status cleared = objects.clear(); !cleared && !is_gone(cleared)) return cleared;
  return shared_too ? clear_shared() : Status();
}

}  // namespace compiler_cache
