#include "helper/step_memory.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "helper/bytes.h"
#include "helper/option_difference.h"
#include "helper/uncacheable_reason.h"

namespace compiler_cache {
namespace {

std::uint64_t short_digest(const Digest& digest) { return get_u64(digest.view()); }

std::string_view name_of_variable(std::string_view entry) { return entry.substr(0, entry.find('=')); }

std::string value_in(const std::vector<std::string>& environment, std::string_view name) {
  for (const std::string& entry : environment) {
    if (name_of_variable(entry) == name && entry.size() > name.size()) return entry.substr(name.size() + 1);
  }
  return {};
}

void compare_environments(const std::vector<std::string>& before, const std::vector<std::string>& now,
                          std::vector<Cause>& causes) {
  if (before == now) return;
  std::vector<std::string> names;
  for (const std::vector<std::string>* entries : {&before, &now}) {
    for (const std::string& entry : *entries) {
      const std::string_view name = name_of_variable(entry);
      if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
    }
  }
  for (const std::string& name : names) {
    std::string from = value_in(before, name);
    std::string to = value_in(now, name);
    if (from != to) add_cause(causes, {CauseKind::environment_changed, name, std::move(from), std::move(to)});
  }
}

}  // namespace

StepMemory::ListId StepMemory::list(const std::vector<std::string>& words) {
  std::string packed;
  for (const std::string& word : words) put_u32(packed, texts_.intern(word));
  return packed.empty() ? kNoId : lists_.intern(packed);
}

std::vector<std::string> StepMemory::list_of(ListId id) const {
  std::vector<std::string> words;
  if (id == kNoId) return words;
  const std::string_view packed = lists_[id];
  for (std::size_t at = 0; at < packed.size(); at += 4) words.push_back(texts_[get_u32(packed.substr(at))]);
  return words;
}

std::uint32_t StepMemory::compiler(const StepAsked& asked) {
  const std::uint64_t digest = short_digest(asked.compiler->digest);
  const auto known = std::ranges::find_if(
      compilers_, [&](const Compiler& one) { return one.digest == digest && one.program == asked.program; });
  if (known != compilers_.end()) return static_cast<std::uint32_t>(known - compilers_.begin());
  Compiler added{asked.program, asked.compiler->name, digest, {}};
  for (const ProgramFile& file : asked.compiler->files)
    added.files.emplace_back(texts_.intern(file.path), short_digest(file.content));
  compilers_.push_back(std::move(added));
  return static_cast<std::uint32_t>(compilers_.size() - 1);
}

const StepMemory::Entry* StepMemory::find(std::string_view output) const {
  const auto found = entries_.find(texts_.find(output));
  return found == entries_.end() ? nullptr : &found->second;
}

std::uint64_t StepMemory::context_of(std::string_view output) const {
  const Entry* entry = find(output);
  // One that nothing was kept of is to be remembered again.
  return entry == nullptr || entry->reason != kNoId ? 0 : entry->context;
}

void StepMemory::remember(std::string_view output, const StepAsked& asked, std::string_view not_kept,
                          std::string_view detail) {
  if (frozen_) {
    waiting_.push_back({std::string(output), asked, std::string(not_kept), std::string(detail)});
    return;
  }
  if (entries_.size() >= kMaxRememberedSteps) *this = StepMemory();
  Entry entry;
  entry.source = text(asked.source);
  entry.options = list(asked.options);
  entry.environment = list(asked.environment);
  entry.folder = text(asked.folder);
  entry.compiler = compiler(asked);
  entry.reason = text(not_kept);
  entry.detail = not_kept.empty() ? kNoId : text(detail.substr(0, kMaxCauseText));
  entry.context = asked.context;
  entries_.insert_or_assign(texts_.intern(output), entry);
  changed_ = true;
}

void StepMemory::thaw() {
  frozen_ = false;
  for (const Waiting& one : std::exchange(waiting_, {}))
    remember(one.output, one.asked, one.not_kept, one.detail);
}

/// Another command may run other programs of the same compiler: so what is there besides counts only where
/// that is the same.
void StepMemory::compare_compilers(const Compiler& before, const StepAsked& now, bool same_command,
                                   std::vector<Cause>& causes) const {
  if (before.digest == short_digest(now.compiler->digest) && before.program == now.program) return;
  if (before.name != now.compiler->name) {
    return add_cause(causes, {CauseKind::compiler_changed, now.program, before.name, now.compiler->name});
  }
  if (before.program != now.program)
    return add_cause(causes, {CauseKind::compiler_changed, now.program, before.program, now.program});
  for (const ProgramFile& file : now.compiler->files) {
    const auto same =
        std::ranges::find_if(before.files, [&](const auto& one) { return texts_[one.first] == file.path; });
    const bool is_new = same == before.files.end();
    if (is_new ? same_command : same->second != short_digest(file.content))
      return add_cause(causes, {CauseKind::compiler_changed, file.path, "", ""});
  }
  if (same_command) add_cause(causes, {CauseKind::compiler_changed, now.program, "", ""});
}

std::vector<Cause> StepMemory::compare(std::string_view output, const StepAsked& asked) const {
  const Entry* entry = find(output);
  if (entry == nullptr) return {{CauseKind::first_time, "", "", ""}};
  if (entry->context == asked.context) {
    if (entry->reason == kNoId) return {{CauseKind::evicted, "", "", ""}};
    const std::string reason = text_of(entry->reason);
    const bool changed = reason == to_string(UncacheableReason::input_changed_during_compile);
    return {{changed ? CauseKind::changed_during_compile : CauseKind::not_kept, text_of(entry->detail),
             reason, ""}};
  }
  std::vector<Cause> options;
  add_option_differences(list_of(entry->options), asked.options, options);
  std::vector<Cause> causes;
  if (entry->compiler < compilers_.size())
    compare_compilers(compilers_[entry->compiler], asked, options.empty(), causes);
  for (Cause& option : options) add_cause(causes, std::move(option));
  compare_environments(list_of(entry->environment), asked.environment, causes);
  if (text_of(entry->folder) != asked.folder)
    add_cause(causes, {CauseKind::folder_changed, "", text_of(entry->folder), asked.folder});
  if (text_of(entry->source) != asked.source)
    add_cause(causes,
              {CauseKind::other, "it is made of another source", text_of(entry->source), asked.source});
  if (causes.empty())
    causes.push_back(
        {CauseKind::other, "it is asked for in another way (terminal, processor, folders)", "", ""});
  return causes;
}

}  // namespace compiler_cache
