#include "helper/remote.h"

#include <algorithm>
#include <utility>

namespace compiler_cache {
namespace {

/// How exactly the time limit is kept.
constexpr int kClockStepMs = 20;
/// What may be waited in vain, less what hits have saved, before the tier counts as slower than compiling.
constexpr std::int64_t kMostDebtUs = 10'000'000;
constexpr std::int64_t kSlowPauseUs = 60'000'000;

}  // namespace

struct Remote::Fetching {
  std::size_t candidate = 0;
  RemoteEntry entry;
  std::vector<RemoteBlob> rows;  ///< that are fetched
  std::vector<std::string> stored;
  std::vector<CapturedOutput> blobs;
  std::size_t open = 0;
  Status status;
  RemoteBlob bad;  ///< what made it fail
};

Remote::Remote(const Clock& clock, Executor& executor, RemoteSeal seal, std::vector<RemoteServer> servers,
               RemoteOptions options, Local local)
    : clock_(clock),
      executor_(executor),
      options_(std::move(options)),
      local_(std::move(local)),
      tier_(clock, std::move(seal), std::move(servers)),
      prefetch_(tier_, local_.has),
      publisher_(tier_, executor, clock, local_.publishing) {}

Remote::~Remote() { stop(); }

std::vector<Digest> Remote::stop() {
  if (!std::exchange(*alive_, false)) return {};
  std::vector<Digest> left = publisher_.stop();
  for (const AskingPtr& asking : std::exchange(asking_, {})) answer(asking, false);
  tier_.close();
  return left;
}

// ---- asking

void Remote::ask(Question question) {
  const std::int64_t now = clock_.monotonic_us();
  tier_.try_again();
  if (!*alive_ || !tier_.usable() || now < slow_until_us_) return question.then({});
  ask_for_roster();
  ++asked_;
  auto asking = std::make_shared<Asking>();
  asking->question = std::move(question);
  asking->began_us = now;
  const std::vector<Candidate>& candidates = asking->question.candidates;
  asking->waits_for = tier_.seal().place_of_context(candidates.front().context);
  asking->open = candidates.size();
  asking_.push_back(asking);
  for (std::size_t i = 0; i < candidates.size() && !asking->answered; ++i) {
    prefetch_.get_context(candidates[i].context,
                          [this, alive = alive_, asking, i](const Result<RemotePrefetch::Entries>& entries) {
                            if (*alive) choose(asking, i, entries);
                          });
  }
  if (!asking->answered) watch_the_clock();
}

void Remote::ask_for_roster() {
  if (options_.project.empty() || std::exchange(roster_asked_, true)) return;
  tier_.get_roster(options_.project, [this, alive = alive_](const Result<std::vector<Digest>>& roster) {
    if (!*alive || !roster_asked_) return;
    if (!roster.ok()) {
      if (roster.error().kind == ErrorKind::not_found) roster_.emplace();
      return;
    }
    roster_ = *roster;
    std::vector<Digest> plan = *roster;
    std::erase_if(plan, [this](const Digest& context) { return local_.knows(context); });
    prefetch_.begin(plan);
  });
}

void Remote::choose(const AskingPtr& asking, std::size_t candidate,
                    const Result<RemotePrefetch::Entries>& entries) {
  --asking->open;
  if (asking->chosen) return;
  if (entries.ok()) {
    for (const RemoteEntry& entry : *entries) {
      if (!asking->question.candidates[candidate].holds(entry.variant)) continue;
      asking->chosen = true;
      return fetch(asking, candidate, entry);
    }
  }
  if (asking->open == 0) answer(asking, false);
}

void Remote::fetch(const AskingPtr& asking, std::size_t candidate, const RemoteEntry& entry) {
  auto fetching = std::make_shared<Fetching>();
  fetching->candidate = candidate;
  fetching->entry = entry;
  for (const RemoteBlob& row : entry.blobs) {
    if (!local_.has(row.blob)) fetching->rows.push_back(row);
  }
  fetching->open = fetching->rows.size();
  fetching->stored.resize(fetching->rows.size());
  if (fetching->rows.empty()) return unpack(asking, fetching);
  asking->waits_for = fetching->rows.front().address;
  for (std::size_t i = 0; i < fetching->rows.size(); ++i) {
    prefetch_.get_blob(fetching->rows[i],
                       [this, alive = alive_, asking, fetching, i](Result<std::string> bytes) {
                         if (!*alive) return;
                         if (bytes.ok()) {
                           asking->bytes += bytes->size();
                           fetching->stored[i] = std::move(*bytes);
                         } else {
                           fetching->status = bytes.status();
                         }
                         if (--fetching->open > 0) return;
                         if (!fetching->status.ok()) return answer(asking, false);
                         unpack(asking, fetching);
                       });
  }
}

/// Unpacking and hashing, by a worker.
void Remote::unpack(const AskingPtr& asking, const std::shared_ptr<Fetching>& fetching) {
  executor_.run(
      [fetching] {
        for (std::size_t i = 0; i < fetching->rows.size() && fetching->status.ok(); ++i) {
          const RemoteBlob& row = fetching->rows[i];
          Result<std::string> bytes = unpack_remote_blob(row, std::move(fetching->stored[i]));
          if (!bytes.ok()) {
            fetching->status = bytes.status();
            fetching->bad = row;
          } else {
            fetching->blobs.push_back({OutputRole::object, row.blob, std::move(*bytes)});
          }
        }
      },
      [this, alive = alive_, asking, fetching] {
        if (!*alive) return;
        if (!fetching->status.ok()) {
          tier_.reject(fetching->bad, fetching->status.error().message);
          return answer(asking, false);
        }
        const std::uint64_t saved_us = fetching->entry.variant.artifact.compile_us;
        asking->question.candidates[fetching->candidate].take(
            {std::move(fetching->entry), std::move(fetching->blobs)});
        answer(asking, true, saved_us);
      });
}

void Remote::answer(const AskingPtr& asking, bool found, std::uint64_t saved_us) {
  if (std::exchange(asking->answered, true)) return;
  asking_.remove(asking);
  const std::int64_t now = clock_.monotonic_us();
  const std::int64_t waited = now - asking->began_us;
  waited_us_ += static_cast<std::uint64_t>(waited);
  if (found) ++found_;
  debt_us_ = std::max<std::int64_t>(0, debt_us_ + waited - static_cast<std::int64_t>(saved_us));
  if (debt_us_ > kMostDebtUs) {
    debt_us_ = 0;
    slow_until_us_ = now + kSlowPauseUs;
  }
  const auto then = std::move(asking->question.then);
  then({found, waited, asking->bytes});
}

// ---- the time limit

void Remote::watch_the_clock() {
  if (std::exchange(watching_, true)) return;
  executor_.after(kClockStepMs, [this, alive = alive_] {
    if (*alive) look_at_the_clock();
  });
}

void Remote::look_at_the_clock() {
  watching_ = false;
  const std::int64_t limit = clock_.monotonic_us() - std::int64_t{1000} * options_.time_limit_ms;
  const std::list<AskingPtr> all = asking_;
  for (const AskingPtr& asking : all) {
    if (asking->answered || asking->began_us > limit) continue;
    tier_.gave_up_on(asking->waits_for);
    answer(asking, false);
  }
  if (!tier_.usable()) {
    for (const AskingPtr& asking : all) answer(asking, false);
  }
  if (!asking_.empty()) watch_the_clock();
}

// ---- publishing

void Remote::publish(const Digest& context, std::optional<Variant> variant) {
  if (options_.writes && *alive_) publisher_.publish(context, std::move(variant));
}

/// A build of some of it all is no picture of the whole.
void Remote::build_ended() {
  const std::vector<Digest>& asked = prefetch_.asked();
  if (options_.writes && roster_ && 2 * asked.size() >= roster_->size() && asked != *roster_) {
    roster_ = asked;
    publisher_.publish_roster(options_.project, asked);
  }
  roster_asked_ = false;
  prefetch_.end();
}

void Remote::tick() {
  if (!*alive_ || publisher_.waiting() == 0) return;
  tier_.try_again();
  publisher_.go_on();
}

RemoteStatus Remote::status() const {
  RemoteStatus status;
  status.servers = tier_.status();
  status.writes = options_.writes;
  status.keyed = tier_.seal().keyed();
  status.waiting = publisher_.waiting();
  status.published = publisher_.published();
  status.asked = asked_;
  status.found = found_;
  status.waited_us = waited_us_;
  if (clock_.monotonic_us() < slow_until_us_) status.pause = "it answers more slowly than compilers compile";
  return status;
}

}  // namespace compiler_cache
