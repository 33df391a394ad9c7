// What of `sessions` is removed, and when.
#include <algorithm>

#include "helper/file_age.h"
#include "helper/session_folder.h"

namespace compiler_cache {
namespace {

bool has_folder(const std::vector<SessionName>& names, const SessionId& id) {
  return std::any_of(names.begin(), names.end(), [&](const SessionName& name) {
    return name.id == id && name.kind != SessionNameKind::lock;
  });
}

SessionId newest_finished(const std::vector<SessionName>& names) {
  SessionId newest;
  for (const SessionName& name : names) {
    if (name.kind == SessionNameKind::finished) newest = std::max(newest, name.id);
  }
  return newest;
}

}  // namespace

bool SessionFolder::is_young(const std::string& path, std::int64_t limit_ns) const {
  const auto stat = files_.lstat(path);
  if (!stat) return true;
  const std::int64_t now = clock_.file_now_ns();
  return std::min(file_age_ns(stat.value().mtime_ns, now), file_age_ns(stat.value().ctime_ns, now)) <
         limit_ns;
}

/// Whether nobody, we included, can need the folder any more; not yet whether somebody holds it.
bool SessionFolder::is_removable(const SessionName& name, const SessionId& newest) {
  if (is_working_ && name.id == working_id_) return false;
  if (is_published_ && name.id == published_.id) return false;
  if (left_alone_.contains(name.id) || is_young(path(name), options_.young_ns)) return false;
  if (!has_locks_ && is_young(path(name), options_.lockless_age_ns)) return false;
  if (name.kind == SessionNameKind::removed) return true;
  // What ours took over, and does not have on disk yet, must stay.
  if (needs_snapshot_) return false;
  if (name.kind == SessionNameKind::working) return read_.contains(name.id) || !has_locks_;
  if (name.id == newest) return false;
  if (read_.contains(name.id)) return true;
  const auto newer = session_is_newer(files_, path(name));
  if (newer.ok() && !*newer) return true;
  left_alone_.insert(name.id);
  return false;
}

/// Locks, so that nobody takes it over meanwhile, and removes folder and lock.
bool SessionFolder::remove_finally(const SessionName& name) {
  std::unique_ptr<FileLock> lock;
  // No lock file: nobody can hold it, and none is to be made.
  const bool has_lock = files_.lstat(lock_path(name.id)).ok();
  if (has_lock) {
    auto locked = lock_session(name.id, LockMode::exclusive);
    if (!locked) return false;
    lock = std::move(*locked);
  }
  if (name.kind != SessionNameKind::lock) {
    // Under another name first: half a finished session must never be taken for one.
    SessionName removed{name.id, SessionNameKind::removed, {}};
    if (name.kind == SessionNameKind::removed || !files_.rename(path(name), path(removed)).ok())
      removed = name;
    if (!remove_session(files_, path(removed)).ok()) return false;
  }
  return !has_lock || files_.remove(lock_path(name.id)).ok();
}

SessionCollectReport SessionFolder::collect() {
  SessionCollectReport report;
  const auto names = list();
  if (!names) return report;
  const SessionId newest = newest_finished(names.value());
  for (const SessionName& name : names.value()) {
    if (name.kind == SessionNameKind::lock) {
      const bool idle = !has_folder(names.value(), name.id) && !(is_working_ && name.id == working_id_) &&
                        !is_young(path(name), has_locks_ ? options_.young_ns : options_.lockless_age_ns);
      if (idle && remove_finally(name)) ++report.locks_removed;
    } else if (is_removable(name, newest) && remove_finally(name)) {
      ++report.folders_removed;
    }
  }
  return report;
}

Status SessionFolder::destroy() {
  Status result;
  if (is_working_) {
    result = remove_session(files_, working_path());
    static_cast<void>(files_.remove(lock_path(working_id_)));
  }
  forget_working();
  published_lock_.reset();
  is_published_ = false;
  published_journal_bytes_ = 0;
  needs_snapshot_ = false;
  release_loaded();
  read_.clear();
  left_alone_.clear();
  const auto names = list();
  if (!names) return names.error().kind == ErrorKind::not_found ? Status() : names.status();
  for (const SessionName& name : names.value()) static_cast<void>(remove_finally(name));
  return result;
}

}  // namespace compiler_cache
