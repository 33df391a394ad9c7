#include "helper/identity_cache.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "helper/archiver_identity.h"
#include "helper/linker_identity.h"
#include "helper/path_text.h"

namespace compiler_cache {

void IdentityCache::get(const IdentityQuestion& question, std::uint64_t build, Answer answer) {
  const Digest key = identity_key(question);
  if (pending_.join(key, answer)) return;
  if (auto found = entries_.find(key); found != entries_.end()) {
    Entry& entry = found->second;
    const bool ask_again = entry.identity->is_script && entry.asked_in_build != build;
    if (!ask_again && still_holds(entry, build)) return answer(entry.identity, {});
  }
  pending_.begin(key, std::move(answer));
  probe(key, question, build);
}

bool IdentityCache::still_holds(Entry& entry, std::uint64_t build) {
  if (watches_ == nullptr || entry.unwatched_in_build == build)
    return still_same(files_, clock_, *entry.identity);
  if (entry.guard && watches_->holds(*entry.guard)) return true;
  const bool watched = watch(entry);
  if (!watched) entry.unwatched_in_build = build;
  if (!still_same(files_, clock_, *entry.identity)) return false;
  if (watched) watches_->set(*entry.guard);
  return true;
}

/// Before it is looked at. False where something would not be told of.
bool IdentityCache::watch(Entry& entry) {
  const Identity& identity = *entry.identity;
  if (!entry.guard) entry.guard = watches_->new_guard();
  const auto watched = [&](const ProgramFile& file) { return watches_->watch_for(*entry.guard, file.path); };
  return std::all_of(identity.files.begin(), identity.files.end(), watched) &&
         std::all_of(identity.watched.begin(), identity.watched.end(), watched) &&
         std::all_of(identity.absent.begin(), identity.absent.end(), [&](const AbsentName& absent) {
           return watches_->watch_for(*entry.guard, join_path(absent.folder, absent.name));
         });
}

void IdentityCache::probe(const Digest& key, const IdentityQuestion& question, std::uint64_t build) {
  auto result = std::make_shared<std::optional<Result<Identity>>>();
  executor_.run(
      [this, question, known = memo(), result] {
        const auto probe = question.tool == ToolKind::archiver ? probe_archiver
                           : question.tool == ToolKind::linker ? probe_linker
                                                               : probe_identity;
        *result = probe(files_, clock_, processes_, question, known);
      },
      [this, key, build, result] { finish(key, build, std::move(**result)); });
}

void IdentityCache::finish(const Digest& key, std::uint64_t build, Result<Identity> result) {
  const std::vector<Answer> answers = pending_.take(key);
  if (!result.ok()) {
    entries_.erase(key);
    for (const Answer& answer : answers) answer(nullptr, result.error().message);
    return;
  }
  changed_ = true;
  auto identity = std::make_shared<const Identity>(std::move(*result));
  entries_[key] = Entry{identity, build};  // not yet guarded: what it rests on may be something else now
  for (const Answer& answer : answers) answer(identity, {});
}

ProgramMemo IdentityCache::memo() const {
  ProgramMemo known;
  for (const auto& [key, entry] : entries_) {
    for (const ProgramFile& file : entry.identity->files) known.try_emplace(file.path, file);
  }
  return known;
}

}  // namespace compiler_cache
