#include "helper/remote_publisher.h"

#include <algorithm>
#include <utility>

namespace compiler_cache {
namespace {

/// Results that are sent at a time: enough to hide the way to the server, few enough to leave memory, workers
/// and line to those who wait.
constexpr std::size_t kPublishedAtOnce = 4;
constexpr std::size_t kMostQueued = 200'000;
/// After the server has said that it is full.
constexpr std::int64_t kFullPauseUs = 60'000'000;

}  // namespace

struct RemotePublisher::Job {
  Digest context;
  RemoteEntry entry;
  std::vector<RemoteClient::Bytes> bytes;  ///< one for each of the entry's blobs
  std::vector<bool> there;
  Result<std::string> encoded = std::string();
  std::size_t open = 0;  ///< answers that have not come
  Status status;
};

RemotePublisher::RemotePublisher(RemoteTier& tier, Executor& executor, const Clock& clock, Source source)
    : tier_(tier), executor_(executor), clock_(clock), source_(std::move(source)) {}

bool RemotePublisher::may_go_on() const {
  return !stopped_ && !refused_ && tier_.usable() && clock_.monotonic_us() >= paused_until_us_;
}

void RemotePublisher::publish(const Digest& context, std::optional<Variant> variant) {
  if (stopped_ || refused_ || queue_.size() >= kMostQueued) return;
  if (variant) given_.insert_or_assign(context, std::move(*variant));
  if (!queued_.insert(context).second) return;
  queue_.push_back(context);
  go_on();
}

void RemotePublisher::go_on() {
  while (may_go_on() && !queue_.empty() && under_way_ < kPublishedAtOnce) {
    const Digest context = queue_.front();
    queue_.pop_front();
    queued_.erase(context);
    start(context);
  }
  if (under_way_ > 0 || (may_go_on() && !queue_.empty())) return;
  for (const auto& call : std::exchange(when_idle_, {})) call();
}

void RemotePublisher::when_idle(std::function<void()> call) {
  when_idle_.push_back(std::move(call));
  go_on();
}

std::vector<Digest> RemotePublisher::stop() {
  stopped_ = true;
  *alive_ = false;
  std::vector<Digest> left(sending_.begin(), sending_.end());
  left.insert(left.end(), queue_.begin(), queue_.end());
  if (refused_) left.clear();
  return left;
}

void RemotePublisher::start(const Digest& context) {
  const auto given = given_.find(context);
  std::optional<Variant> variant = given != given_.end() ? given->second : source_.variant(context);
  if (!variant) return;
  auto job = std::make_shared<Job>();
  job->context = context;
  job->entry.variant = std::move(*variant);
  ++under_way_;
  sending_.insert(context);
  pack(job);
}

/// Reading, compressing and hashing, by a worker.
void RemotePublisher::pack(const JobPtr& job) {
  const RemoteSeal& seal = tier_.seal();
  executor_.run(
      [job, seal, bytes_of_blob = source_.bytes] {
        for (const Digest& blob : blobs_of(job->entry.variant.artifact)) {
          const Result<std::string> bytes = bytes_of_blob(blob);
          if (!bytes.ok() || bytes->size() > kMaxUnpackedBlobBytes) {
            job->status = bytes.ok() ? Error{ErrorKind::too_large, "larger than is shared"} : bytes.error();
            return;
          }
          PackedBlob packed = pack_remote_blob(blob, *bytes);
          if (packed.row.stored > kMaxRemoteBlobBytes) {
            job->status = Error{ErrorKind::too_large, "larger than is shared"};
            return;
          }
          job->entry.blobs.push_back(packed.row);
          job->bytes.push_back(std::make_shared<const std::string>(std::move(packed.bytes)));
        }
        job->encoded = seal.encode(job->context, job->entry);
        job->status = job->encoded.status();
      },
      [this, alive = alive_, job] {
        if (!*alive) return;
        // What cannot be sent is left out: nobody else could use it either.
        if (!job->status.ok()) return ended(job, {});
        look_what_is_there(job);
      });
}

void RemotePublisher::look_what_is_there(const JobPtr& job) {
  job->there.assign(job->entry.blobs.size(), false);
  job->open = job->entry.blobs.size();
  if (job->open == 0) return add_entry(job);
  for (std::size_t i = 0; i < job->entry.blobs.size(); ++i) {
    tier_.touch_blob(job->entry.blobs[i], [this, alive = alive_, job, i](const Result<bool>& there) {
      if (!*alive) return;
      if (there.ok()) job->there[i] = *there;
      if (!there.ok()) job->status = there.status();
      if (--job->open > 0) return;
      if (!job->status.ok()) return ended(job, job->status);
      put_missing(job);
    });
  }
}

void RemotePublisher::put_missing(const JobPtr& job) {
  job->open = static_cast<std::size_t>(std::count(job->there.begin(), job->there.end(), false));
  if (job->open == 0) return add_entry(job);
  for (std::size_t i = 0; i < job->there.size(); ++i) {
    if (job->there[i]) continue;
    const auto put = [this, alive = alive_, job](const Status& status) {
      if (!*alive) return;
      if (!status.ok()) job->status = status;
      if (--job->open > 0) return;
      if (!job->status.ok()) return ended(job, job->status);
      add_entry(job);
    };
    tier_.put_blob(job->entry.blobs[i], std::move(job->bytes[i]), put);
  }
}

void RemotePublisher::add_entry(const JobPtr& job) {
  tier_.add_entry(tier_.seal().place_of_context(job->context), std::move(*job->encoded), kMaxRemoteEntries,
                  [this, alive = alive_, job](const Status& status) {
                    if (!*alive) return;
                    if (status.ok()) ++published_;
                    ended(job, status);
                  });
}

void RemotePublisher::ended(const JobPtr& job, const Status& status) {
  --under_way_;
  sending_.erase(job->context);
  if (!status.ok() && status.error().kind == ErrorKind::denied) {
    refused_ = true;
    queue_.clear();
    queued_.clear();
    given_.clear();
    source_.note("nothing is written to the remote store: " + status.error().message);
  } else if (!status.ok()) {
    const ErrorKind kind = status.error().kind;
    if (kind == ErrorKind::no_space) {
      paused_until_us_ = clock_.monotonic_us() + kFullPauseUs;
      source_.note("the remote store takes nothing for a while: " + status.error().message);
    }
    // Behind the others. What the server does not like is not offered to it again.
    const bool later = kind == ErrorKind::io || kind == ErrorKind::timed_out || kind == ErrorKind::no_space;
    if (later && queued_.insert(job->context).second) queue_.push_back(job->context);
  }
  if (!queued_.contains(job->context)) given_.erase(job->context);
  go_on();
}

void RemotePublisher::publish_roster(const std::string& project, const std::vector<Digest>& contexts) {
  if (stopped_ || refused_) return;
  Result<std::string> roster = tier_.seal().encode_roster(project, contexts);
  if (!roster.ok()) return;
  ++under_way_;
  tier_.add_entry(tier_.seal().place_of_roster(project), std::move(*roster), 1,
                  [this, alive = alive_](const Status&) {
                    if (!*alive) return;
                    --under_way_;
                    go_on();
                  });
}

}  // namespace compiler_cache
