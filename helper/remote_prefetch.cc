#include "helper/remote_prefetch.h"

#include <algorithm>
#include <utility>

namespace compiler_cache {

RemotePrefetch::RemotePrefetch(RemoteTier& tier, std::function<bool(const Digest&)> has,
                               PrefetchLimits limits)
    : tier_(tier), has_(std::move(has)), limits_(limits) {}

void RemotePrefetch::note_asked(const Digest& context) {
  if (asked_.size() < kMaxRosterContexts && asked_set_.insert(context).second) asked_.push_back(context);
}

// ---- contexts

void RemotePrefetch::get_context(const Digest& context, std::function<void(const Result<Entries>&)> call) {
  const auto found = contexts_.find(context);
  if (found != contexts_.end() && found->second.here) {
    const Result<Entries> entries = std::move(found->second.entries);
    contexts_.erase(found);
    call(entries);
    return go_on();
  }
  const bool on_its_way = found != contexts_.end();
  Known& known = on_its_way ? found->second : contexts_[context];
  known.waiting.push_back(std::move(call));
  if (!on_its_way) fetch(context, known);
}

void RemotePrefetch::fetch(const Digest& context, Known& known) {
  if (known.ahead) ++under_way_;
  tier_.get_context(context,
                    [this, context](Result<Entries> entries) { arrived(context, std::move(entries)); });
}

void RemotePrefetch::arrived(const Digest& context, Result<Entries> entries) {
  const auto found = contexts_.find(context);
  if (found == contexts_.end()) return;
  if (found->second.ahead) --under_way_;
  const auto waiting = std::exchange(found->second.waiting, {});
  if (waiting.empty()) {
    found->second.here = true;
    // The newest is the one that the last build had.
    if (entries.ok() && !entries->empty()) fetch_blobs(entries->front());
    found->second.entries = std::move(entries);
  } else {
    contexts_.erase(found);
    for (const auto& call : waiting) call(entries);
  }
  go_on();
}

// ---- blobs

void RemotePrefetch::fetch_blobs(const RemoteEntry& entry) {
  for (const RemoteBlob& blob : entry.blobs) {
    if (blobs_.contains(blob.address) || has_(blob.blob)) continue;
    held_ += blob.stored;
    fetch_blob(blob, blob.stored);
  }
}

void RemotePrefetch::fetch_blob(const RemoteBlob& blob, std::uint64_t held) {
  blobs_[blob.address].held = held;
  tier_.get_blob(blob, [this, address = blob.address](Result<std::string> bytes) {
    arrived_blob(address, std::move(bytes));
  });
}

void RemotePrefetch::arrived_blob(const Digest& address, Result<std::string> bytes) {
  const auto found = blobs_.find(address);
  if (found == blobs_.end()) return;
  const auto waiting = std::exchange(found->second.waiting, {});
  if (waiting.empty()) {
    found->second.here = true;
    found->second.bytes = std::move(bytes);
    return;
  }
  held_ -= found->second.held;
  blobs_.erase(found);
  for (const auto& call : waiting) call(bytes);
  go_on();
}

void RemotePrefetch::get_blob(const RemoteBlob& blob, std::function<void(Result<std::string>)> call) {
  const auto found = blobs_.find(blob.address);
  if (found != blobs_.end() && found->second.here) {
    Result<std::string> bytes = std::move(found->second.bytes);
    held_ -= found->second.held;
    blobs_.erase(found);
    call(std::move(bytes));
    return go_on();
  }
  const bool on_its_way = found != blobs_.end();
  blobs_[blob.address].waiting.push_back(std::move(call));
  if (!on_its_way) fetch_blob(blob, 0);
}

// ---- ahead of the build

void RemotePrefetch::begin(const std::vector<Digest>& contexts) {
  plan_.assign(contexts.begin(), contexts.end());
  go_on();
}

/// Answers may come at once, and then this is called within itself.
void RemotePrefetch::go_on() {
  if (std::exchange(going_on_, true)) return;
  while (!plan_.empty() && held_ < limits_.bytes && under_way_ < limits_.contexts &&
         contexts_.size() < limits_.kept && tier_.usable()) {
    const Digest context = plan_.front();
    plan_.pop_front();
    if (asked_set_.contains(context) || contexts_.contains(context)) continue;
    Known& known = contexts_[context];
    known.ahead = true;
    fetch(context, known);
  }
  going_on_ = false;
}

void RemotePrefetch::end() {
  plan_.clear();
  asked_.clear();
  asked_set_.clear();
  std::erase_if(contexts_, [](const auto& known) { return known.second.here; });
  std::erase_if(blobs_, [this](const auto& blob) {
    if (blob.second.here) held_ -= blob.second.held;
    return blob.second.here;
  });
}

}  // namespace compiler_cache
