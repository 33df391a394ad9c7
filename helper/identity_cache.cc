#include "helper/identity_cache.h"

#include "helper/archiver_identity.h"

#include <optional>
#include <utility>

namespace compiler_cache {

void IdentityCache::get(const IdentityQuestion& question, std::uint64_t build, Answer answer) {
  const Digest key = identity_key(question);
  if (pending_.join(key, answer)) return;
  if (auto found = entries_.find(key); found != entries_.end()) {
    const Entry& entry = found->second;
    const bool ask_again = entry.identity->is_script && entry.asked_in_build != build;
    if (!ask_again && still_same(files_, clock_, *entry.identity)) return answer(entry.identity, {});
  }
  pending_.begin(key, std::move(answer));
  probe(key, question, build);
}

void IdentityCache::probe(const Digest& key, const IdentityQuestion& question, std::uint64_t build) {
  auto result = std::make_shared<std::optional<Result<Identity>>>();
  executor_.run(
      [this, question, known = memo(), result] {
        const auto probe = question.tool == ToolKind::archiver ? probe_archiver : probe_identity;
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
  entries_[key] = Entry{identity, build};
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
