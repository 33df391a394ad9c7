#include "helper/graph.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "helper/header_lookup.h"

namespace compiler_cache {

bool Graph::holds(const Entry& entry, Match& match) {
  const bool explain = match.cause.empty();
  for (std::size_t i = 0; i < entry.inputs.size(); ++i) {
    const Input& input = entry.inputs[i];
    const ContentId now = index_.current(input.path);
    const bool same = now == input.content
                          ? entry.times.empty() || index_.stat_of(input.path)->mtime_ns == entry.times[i]
                          : precompiled_.stands_for(now, input.content);
    if (same) continue;
    if (explain) match.cause = paths_[input.path];
    return false;
  }
  for (const Absent& absent : entry.absent) {
    if (!violated(listings_, absent.folder, paths_[absent.name])) continue;
    if (explain) {
      match.cause = paths_[absent.folder] + "/" + paths_[absent.name];
      match.name_appeared = true;
    }
    return false;
  }
  return true;
}

void Graph::adopt_read(const Digest& context, Entry entry) const {
  std::list<Entry>& entries = contexts_[context];
  if (entries.size() < kMaxVariants) entries.push_back(std::move(entry));
}

/// What is read is known already, only in another form: so nothing changes for who asks.
void Graph::read(const Digest& context) const {
  if (unread_ == nullptr) return;
  unread_->take(context, [this](const Digest& of, Entry entry) { adopt_read(of, std::move(entry)); });
  if (unread_->count() == 0) unread_.reset();
}

void Graph::read_all() const {
  if (unread_ == nullptr) return;
  unread_->take_all([this](const Digest& of, Entry entry) { adopt_read(of, std::move(entry)); });
  unread_.reset();
}

Graph::Match Graph::find(const Digest& context) {
  Match match;
  read(context);
  auto found = contexts_.find(context);
  if (found == contexts_.end() || found->second.empty()) {
    ++lookups_.cold;
    return match;
  }
  std::list<Entry>& entries = found->second;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    if (!holds(*entry, match)) continue;
    entries.splice(entries.begin(), entries, entry);
    match.state = State::warm;
    match.entry = &entries.front();
    ++lookups_.warm;
    return match;
  }
  match.state = State::stale;
  ++lookups_.stale;
  return match;
}

Graph::Entry Graph::make_entry(const Variant& variant) {
  Entry entry;
  entry.inputs.reserve(variant.inputs.size());
  for (const VariantInput& input : variant.inputs) {
    entry.inputs.push_back({paths_.intern(input.path), contents_.intern(input.content)});
  }
  entry.absent.reserve(variant.absent.size());
  for (const AbsentName& absent : variant.absent) {
    entry.absent.push_back({paths_.intern(absent.folder), paths_.intern(absent.name)});
  }
  entry.times = variant.times;
  entry.artifact = variant.artifact;
  return entry;
}

bool Graph::would_hold(const Variant& variant) {
  Match match;
  return holds(make_entry(variant), match);
}

void Graph::add(const Digest& context, const Variant& variant) {
  read(context);
  Entry entry = make_entry(variant);
  precompiled_.learn(context, entry);

  std::list<Entry>& entries = contexts_[context];
  std::erase_if(entries,
                [&](const Entry& old) { return old.inputs == entry.inputs && old.absent == entry.absent; });
  entries.push_front(std::move(entry));
  if (entries.size() > kMaxVariants) entries.pop_back();
}

void Graph::drop_first(const Digest& context) {
  read(context);
  auto found = contexts_.find(context);
  if (found == contexts_.end() || found->second.empty()) return;
  found->second.pop_front();
  if (found->second.empty()) contexts_.erase(found);
}

std::size_t Graph::drop_blobs(const std::unordered_set<Digest>& gone) {
  if (gone.empty()) return 0;
  read_all();
  const auto points_at_one = [&](const Entry& entry) {
    const Artifact& artifact = entry.artifact;
    return gone.contains(artifact.standard_output) || gone.contains(artifact.standard_error) ||
           std::any_of(artifact.outputs.begin(), artifact.outputs.end(),
                       [&](const ArtifactOutput& output) { return gone.contains(output.blob); });
  };
  std::size_t dropped = 0;
  for (auto context = contexts_.begin(); context != contexts_.end();) {
    dropped += std::erase_if(context->second, points_at_one);
    context = context->second.empty() ? contexts_.erase(context) : std::next(context);
  }
  return dropped;
}

void Graph::drop(const Digest& context, const Variant& variant) {
  read(context);
  auto found = contexts_.find(context);
  if (found == contexts_.end()) return;
  const Entry wrong = make_entry(variant);
  std::erase_if(found->second, [&](const Entry& entry) {
    return entry.inputs == wrong.inputs && entry.times == wrong.times;
  });
  if (found->second.empty()) contexts_.erase(found);
}

std::size_t Graph::variant_count() const {
  std::size_t count = unread_ == nullptr ? 0 : unread_->variants();
  for (const auto& [context, entries] : contexts_) count += entries.size();
  return count;
}

void Graph::for_each(const std::function<void(const Digest&, const std::list<Entry>&)>& visit) const {
  read_all();
  for (const auto& [context, entries] : contexts_) visit(context, entries);
}

void Graph::adopt(const Digest& context, Entry entry) {
  precompiled_.learn(context, entry);
  adopt_read(context, std::move(entry));
}

std::vector<Variant> Graph::variants_of(const Digest& context) const {
  std::vector<Variant> variants;
  read(context);
  const auto found = contexts_.find(context);
  if (found == contexts_.end()) return variants;
  for (const Entry& entry : found->second) variants.push_back(expand(entry));
  return variants;
}

Variant Graph::expand(const Entry& entry) const {
  Variant variant;
  variant.inputs.reserve(entry.inputs.size());
  for (const Input& input : entry.inputs)
    variant.inputs.push_back({paths_[input.path], contents_[input.content]});
  variant.absent.reserve(entry.absent.size());
  for (const Absent& absent : entry.absent)
    variant.absent.push_back({paths_[absent.folder], paths_[absent.name]});
  variant.times = entry.times;
  variant.artifact = entry.artifact;
  return variant;
}

}  // namespace compiler_cache
