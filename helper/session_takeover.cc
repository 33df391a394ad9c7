// How a session begins: with what the newest finished one has, and what crashed helpers left.
#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "helper/hasher.h"
#include "helper/session_folder.h"

namespace compiler_cache {
namespace {

constexpr std::uint32_t kPartMode = 0644;

/// Keeps the last of equal records. Each session's journal starts with what it took over, so without this a
/// helper that crashes again and again would double its records each time. The last one, since what a record
/// says may have been undone and done again in between.
void drop_repeated(std::vector<std::string>& records) {
  std::unordered_set<Digest> seen;
  std::vector<std::string> kept;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (seen.insert(hash_bytes(*record)).second) kept.push_back(std::move(*record));
  }
  std::reverse(kept.begin(), kept.end());
  records = std::move(kept);
}

}  // namespace

/// A session on disk that we hold a lock on and take something from.
struct SessionFolder::Source {
  SessionName name;
  SessionContent content;
  std::unique_ptr<FileLock> lock;
  bool complete = false;  ///< its digest is right: nothing is damaged, nothing missing
};

void SessionFolder::take_over() {
  const auto names = list();
  if (!names) {
    note("the last session is not taken over: " + names.error().message);
    return;
  }
  Source base;
  const bool has_base = find_base(names.value(), base);
  std::vector<Source> sources;
  find_orphans(names.value(), sources);
  salvaged_ = sources.size();
  // Published soon, both heal: what was salvaged gets a finished session, what was damaged a whole one.
  changed_ = !sources.empty() || (has_base && !base.complete);
  const SessionId base_id = base.name.id;
  if (has_base) sources.push_back(std::move(base));
  std::sort(sources.begin(), sources.end(),
            [](const Source& a, const Source& b) { return a.name.id < b.name.id; });
  merge(sources, base_id);
  carry_records(records_);
}

/// The newest finished session that can be locked and is whole; else the newest that can be locked.
bool SessionFolder::find_base(const std::vector<SessionName>& names, Source& base) {
  bool found = false;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (name->kind != SessionNameKind::finished) continue;
    auto lock = lock_session(name->id, LockMode::shared);
    if (!lock) continue;
    auto content = read_session(files_, path(*name));
    if (!content) {
      note("session " + name->text() + " cannot be read: " + content.error().message);
      continue;
    }
    if (content->newer) {
      note("session " + name->text() + " was written by a newer version and is left alone");
      left_alone_.insert(name->id);
      continue;
    }
    const bool complete = content->intact() && content->digest() == name->digest;
    if (!complete) note("session " + name->text() + " is damaged");
    read_.insert(name->id);
    if (found && !complete) continue;
    base = Source{*name, std::move(*content), std::move(*lock), complete};
    found = true;
    if (complete) break;
  }
  return found;
}

/// Working folders whose owner is gone. Without locks nobody can tell, so there are none.
void SessionFolder::find_orphans(const std::vector<SessionName>& names, std::vector<Source>& orphans) {
  for (const SessionName& name : names) {
    if (name.kind != SessionNameKind::working || name.id == working_id_ || !has_locks_) continue;
    auto lock = lock_session(name.id, LockMode::exclusive);
    if (!lock || *lock == nullptr) continue;
    auto content = read_session(files_, path(name));
    if (!content) continue;
    if (content->newer) {
      left_alone_.insert(name.id);
      continue;
    }
    read_.insert(name.id);
    if (content->empty()) continue;
    note("salvaging " + std::to_string(content->journal.records.size()) + " records of " + name.text());
    orphans.push_back(Source{name, std::move(*content), std::move(*lock), false});
  }
}

/// Parts come from the newest session that has them, but from none older than the base; records come from
/// all.
void SessionFolder::merge(std::vector<Source>& sources, const SessionId& base) {
  std::map<std::string, std::string> folders;
  for (Source& source : sources) {
    SessionContent& content = source.content;
    std::move(content.journal.records.begin(), content.journal.records.end(), std::back_inserter(records_));
    if (!content.journal_status.ok()) {
      note(source.name.text() + ": " + content.journal_status.error().message);
    }
    if (source.name.id < base) continue;
    for (auto& [name, part] : content.parts) {
      if (!part.status.ok()) {
        if (!carried_.contains(name)) parts_[name].status = part.status;
        continue;
      }
      parts_[name] = LoadedPart{{}, std::move(part.bytes)};
      carried_[name] = Carried{std::move(part.checksum), part.file_size};
      folders[name] = path(source.name);
    }
  }
  if (salvaged_ > 0) drop_repeated(records_);
  for (const auto& [name, folder] : folders) carry_part(folder, name);
}

/// Links a part into the working folder, or copies it; else it is in the caller's memory only.
void SessionFolder::carry_part(const std::string& from_folder, const std::string& name) {
  const std::string from = from_folder + "/" + name;
  const std::string to = working_path() + "/" + name;
  if (has_links_) {
    const Status linked = files_.link(from, to);
    if (linked.ok()) return;
    if (linked.error().kind == ErrorKind::unsupported || linked.error().kind == ErrorKind::denied) {
      has_links_ = false;
      note("parts are copied, not linked: " + linked.error().message);
    }
  }
  const auto file = files_.read(from, kMaxSessionPartFile);
  const Status copied = file.ok() ? files_.write_new(to, file.value(), kPartMode) : file.status();
  if (copied.ok()) return;
  note("part " + name + " is not in the new session: " + copied.error().message);
  carried_.erase(name);
  needs_snapshot_ = true;
}

/// Records stand at the head of the new journal, so that the session is complete by itself.
void SessionFolder::carry_records(const std::vector<std::string>& records) {
  if (records.empty()) return;
  auto created = Journal::create(files_, working_path() + "/" + kSessionJournal, records);
  if (created.ok()) {
    journal_ = std::move(*created);
    return;
  }
  note("earlier records are not in the new session: " + created.error().message);
  needs_snapshot_ = true;
}

}  // namespace compiler_cache
