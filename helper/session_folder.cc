#include "helper/session_folder.h"

#include <algorithm>

#include "helper/unique_tag.h"

namespace compiler_cache {
namespace {

constexpr std::uint32_t kSessionFolderMode = 0755;
constexpr std::uint32_t kPartMode = 0644;
constexpr std::size_t kMaxNotes = 64;
constexpr int kNameAttempts = 8;
/// Some systems refuse to rename a folder for a moment while a file in it is being looked at.
constexpr int kRenameAttempts = 3;

}  // namespace

SessionFolder::SessionFolder(FileSystem& files, const Clock& clock, SessionOptions options)
    : files_(files), clock_(clock), options_(std::move(options)), tag_(unique_tag()) {}

SessionFolder::~SessionFolder() = default;

void SessionFolder::note(const std::string& sentence) {
  if (notes_.size() < kMaxNotes) notes_.push_back(sentence);
}

void SessionFolder::release_loaded() {
  parts_.clear();
  records_.clear();
  records_.shrink_to_fit();
}

Result<std::vector<SessionName>> SessionFolder::list() const {
  const auto entries = files_.list(options_.folder);
  if (!entries) return entries.error();
  std::vector<SessionName> names;
  for (const FolderEntry& entry : entries.value()) {
    SessionName name;
    if (SessionName::parse(entry.name, name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return names;
}

// ---- beginning

Result<std::unique_ptr<SessionFolder>> SessionFolder::begin(FileSystem& files, const Clock& clock,
                                                            SessionOptions options) {
  std::unique_ptr<SessionFolder> session(new SessionFolder(files, clock, std::move(options)));
  const Status made = files.make_folder(session->options_.folder, kSessionFolderMode);
  if (!made.ok() && made.error().kind != ErrorKind::exists) return made.error();
  if (const Status opened = session->open_working(); !opened.ok()) return opened.error();
  session->take_over();
  return session;
}

/// Locks and makes a working folder under a new name.
Status SessionFolder::open_working() {
  auto names = list();
  if (!names && names.error().kind == ErrorKind::not_found) {
    // Deleted under us. Fails as well when the tree itself is gone.
    if (Status made = files_.make_folder(options_.folder, kSessionFolderMode); !made.ok()) return made;
    names = list();
  }
  if (!names) return names.status();
  std::uint64_t last = names.value().empty() ? 0 : names.value().back().id.sequence;
  last = std::max(last, published_.id.sequence);
  if (last >= kMaxSessionSequence) return {ErrorKind::too_large, "session numbers have run out"};
  for (int attempt = 0; attempt < kNameAttempts; ++attempt) {
    const SessionId id{last + 1, options_.random ? options_.random() : random_number()};
    bool taken = false;
    Status opened = try_open_working(id, taken);
    if (!opened.ok() && taken) continue;
    if (!opened.ok()) return opened;
    is_working_ = true;
    working_id_ = id;
    return {};
  }
  return {ErrorKind::exists, "no free name for a session"};
}

/// `taken`: another helper was faster with this name.
Status SessionFolder::try_open_working(const SessionId& id, bool& taken) {
  const std::string folder = path({id, SessionNameKind::working, {}});
  auto lock = lock_session(id, LockMode::exclusive);
  if (!lock) {
    taken = lock.error().kind == ErrorKind::exists;
    return lock.status();
  }
  Status made = files_.make_folder(folder, kSessionFolderMode);
  if (!made.ok()) {
    taken = made.error().kind == ErrorKind::exists;
    if (!taken && *lock != nullptr) static_cast<void>(files_.remove(lock_path(id)));
    return made;
  }
  // Between making the lock file and locking it somebody may have collected it.
  if (*lock != nullptr && !files_.lstat(lock_path(id)).ok()) {
    static_cast<void>(files_.remove_folder(folder));
    taken = true;
    return {ErrorKind::exists, "the lock was collected"};
  }
  working_lock_ = std::move(*lock);
  return {};
}

/// A null lock where the file system has none.
Result<std::unique_ptr<FileLock>> SessionFolder::lock_session(const SessionId& id, LockMode mode) {
  if (!has_locks_) return std::unique_ptr<FileLock>();
  auto lock = files_.lock(lock_path(id), mode);
  if (lock.ok() || lock.error().kind != ErrorKind::unsupported) return lock;
  has_locks_ = false;
  note("this file system has no locks: state of crashed helpers is not salvaged (" + lock.error().message +
       ")");
  return std::unique_ptr<FileLock>();
}

// ---- working

void SessionFolder::notice_deletion() {
  const std::string held = is_working_ ? working_path() : path(published_);
  if (!is_working_ && !is_published_) return;
  const auto there = files_.lstat(held);
  if (there.ok() || there.error().kind != ErrorKind::not_found) return;
  note("somebody has deleted " + held);
  forget_working();
  is_published_ = false;
  published_lock_.reset();
  published_journal_bytes_ = 0;
  needs_snapshot_ = true;
}

Status SessionFolder::ensure_working() {
  notice_deletion();
  if (is_working_) return {};
  if (Status opened = open_working(); !opened.ok()) {
    needs_snapshot_ = true;
    return opened;
  }
  if (!is_published_) return {};
  const std::string from = path(published_);
  const std::map<std::string, Carried> parts = carried_;
  for (const auto& [name, part] : parts) carry_part(from, name);
  auto journal = read_journal(files_, from + "/" + kSessionJournal);
  if (journal.ok()) {
    carry_records(journal->records);
    needs_snapshot_ = needs_snapshot_ || journal->tail_dropped;
  } else if (journal.error().kind != ErrorKind::not_found || published_journal_bytes_ > 0) {
    needs_snapshot_ = true;
  }
  published_lock_.reset();  // what we need of it is in our own folder now
  return {};
}

Status SessionFolder::ensure_journal() {
  if (journal_ != nullptr) return {};
  auto created = Journal::create(files_, working_path() + "/" + kSessionJournal, {});
  if (!created) return created.status();
  journal_ = std::move(*created);
  return {};
}

Status SessionFolder::append(std::string_view record) {
  Status done = ensure_working();
  if (done.ok()) done = ensure_journal();
  if (done.ok()) done = journal_->append(record);
  if (done.ok()) {
    changed_ = true;
  } else {
    needs_snapshot_ = true;
  }
  return done;
}

Status SessionFolder::replace_part(const std::string& name, std::string_view bytes) {
  if (!is_session_part_name(name)) return {ErrorKind::invalid, "not a part's name: " + name};
  if (!carried_.contains(name) && carried_.size() >= kMaxSessionParts) {
    return {ErrorKind::too_large, "too many parts"};
  }
  const auto sealed = seal(kSessionPartKind, name, bytes);
  if (!sealed) return sealed.status();
  if (Status working = ensure_working(); !working.ok()) return working;
  if (Status written = write_part(name, sealed.value()); !written.ok()) return written;
  carried_[name] = Carried{std::string(seal_checksum(sealed.value())), sealed.value().size()};
  changed_ = true;
  return {};
}

/// Replaces, never writes into: the old file may be a link to a finished session's.
Status SessionFolder::write_part(const std::string& name, std::string_view sealed) {
  const std::string temporary =
      working_path() + "/" + kSessionTemporaryPrefix + tag_ + "-" + std::to_string(next_temporary_++);
  if (Status written = files_.write_new(temporary, sealed, kPartMode); !written.ok()) return written;
  Status renamed = files_.rename(temporary, working_path() + "/" + name);
  if (!renamed.ok()) static_cast<void>(files_.remove(temporary));
  return renamed;
}

std::uint64_t SessionFolder::journal_bytes() const {
  if (is_working_) return journal_ == nullptr ? 0 : journal_->bytes();
  return published_journal_bytes_;
}

std::uint64_t SessionFolder::part_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& [name, part] : carried_) bytes += part.file_size;
  return bytes;
}

// ---- publishing

Digest SessionFolder::current_digest() const {
  SessionDigest digest;
  for (const auto& [name, part] : carried_) digest.add_part(name, part.checksum);
  return journal_ == nullptr ? digest.finish(0, {}) : digest.finish(journal_->records(), journal_->chain());
}

Result<PublishOutcome> SessionFolder::publish(PublishMode mode) {
  if (!is_working_ || !changed_) return PublishOutcome::unchanged;
  const bool snapshot = mode == PublishMode::snapshot;
  if (!snapshot && needs_snapshot_) {
    return Error{ErrorKind::invalid, "the working folder is not complete: it takes a snapshot"};
  }
  if (snapshot && journal_ != nullptr) {
    // From here to the rename the folder is complete without it: salvage takes the parts.
    const Status removed = files_.remove(working_path() + "/" + kSessionJournal);
    if (!removed.ok() && removed.error().kind != ErrorKind::not_found) return removed.error();
    journal_.reset();
  }
  const SessionName finished{working_id_, SessionNameKind::finished, current_digest()};
  if (const Status renamed = rename_working(finished); !renamed.ok()) return renamed.error();
  if (snapshot) needs_snapshot_ = false;
  if (working_lock_ != nullptr && !working_lock_->make_shared().ok()) working_lock_.reset();
  published_ = finished;
  is_published_ = true;
  published_lock_ = std::move(working_lock_);
  published_journal_bytes_ = journal_ == nullptr ? 0 : journal_->bytes();
  read_.insert(finished.id);
  journal_.reset();
  is_working_ = false;
  changed_ = false;
  return PublishOutcome::published;
}

Status SessionFolder::rename_working(const SessionName& to) {
  Status renamed;
  for (int attempt = 0; attempt < kRenameAttempts; ++attempt) {
    renamed = files_.rename(working_path(), path(to));
    if (renamed.ok()) return renamed;
    if (renamed.error().kind == ErrorKind::not_found) {
      // Somebody deleted it. What was in it is in the caller's memory only.
      forget_working();
      is_published_ = false;
      needs_snapshot_ = true;
      break;
    }
  }
  note("the session is not published: " + renamed.error().message);
  return renamed;
}

void SessionFolder::forget_working() {
  is_working_ = false;
  working_lock_.reset();
  journal_.reset();
  changed_ = false;
  carried_.clear();
}

Status SessionFolder::end() {
  if (!is_working_ || changed_) return {};
  Status removed = remove_session(files_, working_path());
  if (working_lock_ != nullptr) static_cast<void>(files_.remove(lock_path(working_id_)));
  forget_working();
  needs_snapshot_ = true;  // should the object be used again, after all
  return removed;
}

}  // namespace compiler_cache
