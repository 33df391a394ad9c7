// The remote tier of a tree's cache: what it is told of the tree, and what of it becomes the tree's.
#include <unistd.h>

#include <utility>

#include "helper/status_report.h"
#include "helper/tree_cache.h"

namespace compiler_cache {
namespace {

/// Contexts whose results were not sent yet when a helper ended; digests, one after the other.
constexpr char kUnsentName[] = "unsent";
constexpr char kNewUnsentName[] = "unsent.new";
constexpr std::uint64_t kMaxUnsentBytes = std::uint64_t{8} << 20;
constexpr std::uint32_t kUnsentMode = 0600;
/// What the end of a helper waits for results on their way to the servers.
constexpr int kLastSendMs = 1000;

}  // namespace

Remote::Local TreeCache::remote_needs() {
  Remote::Local local;
  local.knows = [this](const Digest& context) { return graph.has(context); };
  local.has = [this](const Digest& blob) { return store->has(blob); };
  local.publishing.variant = [this](const Digest& context) -> std::optional<Variant> {
    if (const Graph::Entry* const newest = graph.newest(context); newest != nullptr)
      return graph.expand(*newest);
    // One for all folders, which was given by a helper before this one.
    std::vector<Variant> shared = path_free_variants(context);
    if (shared.empty()) return std::nullopt;
    return std::move(shared.front());
  };
  // The store outlives the workers that ask it: the loop ends when they have.
  local.publishing.bytes = [this](const Digest& blob) -> Result<std::string> {
    const Result<FetchedBlob> fetched = store->fetch(blob, kAnySize);
    if (!fetched.ok()) return fetched.error();
    return world.read_open(*fetched->file, kMaxUnpackedBlobBytes);
  };
  local.publishing.note = [this](const std::string& sentence) { note_once(sentence); };
  return local;
}

void TreeCache::open_remote() {
  if (config.remotes.empty() || !remote_client_) return;
  Result<RemoteSettings> settings = read_remote_settings(world, config, geteuid(), environment_);
  if (!settings.ok()) return note("the remote store is not used: " + settings.error().message);
  for (const std::string& sentence : settings->notes) note(sentence);
  std::vector<RemoteServer> servers;
  for (const RemoteTarget& target : settings->targets) {
    Result<std::unique_ptr<RemoteClient>> client = remote_client_(target);
    if (!client.ok()) return note("the remote store is not used: " + client.error().message);
    servers.push_back({target.url.text, std::move(*client)});
  }
  RemoteOptions options;
  options.project = config.remote_project;
  options.time_limit_ms = static_cast<int>(config.remote_timeout_ms);
  options.writes = settings->writes;
  remote_ = std::make_unique<Remote>(clock, executor, RemoteSeal(settings->key, config.remote_namespace),
                                     std::move(servers), std::move(options), remote_needs());
  const Result<std::string> unsent = folder_.read(kUnsentName, kMaxUnsentBytes);
  if (!unsent.ok()) return;
  Digest context;
  for (std::size_t at = 0; at + Digest::kSize <= unsent->size(); at += Digest::kSize) {
    if (Digest::from_bytes(std::string_view(*unsent).substr(at, Digest::kSize), context))
      remote_->publish(context);
  }
}

Remote::Candidate TreeCache::remote_candidate(const Digest& context, std::uint64_t build) {
  Remote::Candidate candidate;
  candidate.context = context;
  candidate.holds = [this, context, build, begun = false](const Variant& variant) mutable {
    if (!std::exchange(begun, true)) begin_request(build);
    return !is_dropped(context, variant) && graph.would_hold(variant);
  };
  candidate.take = [this, context](Remote::Found found) {
    add(context, std::move(found.entry.variant), std::move(found.blobs), {}, {.for_servers = false});
  };
  return candidate;
}

void TreeCache::take_blobs(std::vector<CapturedOutput> blobs) {
  auto bytes = std::make_shared<std::vector<CapturedOutput>>(std::move(blobs));
  for (const CapturedOutput& blob : *bytes) {
    Result<std::shared_ptr<OpenFile>> file = world.open_bytes(blob.bytes);
    if (file.ok()) store->remember(blob.digest, std::move(*file)).ok();  // else from disk, in a moment
  }
  begin_pending();
  publishing_.run(
      [this, bytes] {
        for (const CapturedOutput& blob : *bytes) store->put(blob.digest, blob.bytes).ok();
      },
      [this] { end_pending(); });
}

void TreeCache::remote_build_ended() {
  if (remote_) remote_->build_ended();
}

void TreeCache::when_remote_is_done(std::function<void()> call) {
  if (!remote_) return call();
  remote_->build_ended();  // of which nobody has told us yet, perhaps
  auto once = std::make_shared<std::function<void()>>(std::move(call));
  const auto go_on = [once] {
    if (const auto pending = std::exchange(*once, nullptr)) pending();
  };
  remote_->when_published(go_on);
  if (*once) executor.after(kLastSendMs, go_on);
}

/// What was not sent is the next helper's to send.
void TreeCache::close_remote() {
  if (!remote_) return;
  std::string unsent;
  for (const Digest& context : remote_->stop()) unsent += context.view();
  folder_.remove(kNewUnsentName).ok();
  if (unsent.empty()) {
    folder_.remove(kUnsentName).ok();  // most often there is none
  } else if (folder_.write_new(kNewUnsentName, unsent, kUnsentMode).ok()) {
    folder_.rename(kNewUnsentName, kUnsentName).ok();
  }
}

void TreeCache::fill_remote(StatusReport& report) const {
  if (!remote_) return;
  report.remote = remote_->status();
}

}  // namespace compiler_cache
