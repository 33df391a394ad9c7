#include "helper/remote_tier.h"

#include <algorithm>
#include <utility>

#include "helper/hasher.h"

namespace compiler_cache {
namespace {

/// Kinds of answers that say nothing against the server.
bool is_a_good_answer(const Status& status) {
  return status.ok() || status.error().kind == ErrorKind::not_found;
}

}  // namespace

RemoteTier::RemoteTier(const Clock& clock, RemoteSeal seal, std::vector<RemoteServer> servers)
    : clock_(clock), seal_(std::move(seal)) {
  for (RemoteServer& server : servers) {
    Shard& shard = shards_.emplace_back();
    shard.counted.name = server.name;
    shard.server = std::move(server);
  }
}

RemoteTier::~RemoteTier() { close(); }

void RemoteTier::close() {
  for (Shard& shard : shards_) shard.server.client->close();
}

Error RemoteTier::not_asked() { return {ErrorKind::io, "the server is not asked at present"}; }

bool RemoteTier::usable() const {
  return std::any_of(shards_.begin(), shards_.end(),
                     [](const Shard& shard) { return shard.breaker.lets_through(); });
}

RemoteTier::Shard& RemoteTier::shard_of(const Digest& key) {
  Shard* best = &shards_.front();
  if (shards_.size() == 1) return *best;
  Digest highest;
  for (Shard& shard : shards_) {
    const Digest weight = Hasher().item("server", shard.server.name).item("key", key.view()).finish();
    if (weight < highest) continue;
    highest = weight;
    best = &shard;
  }
  return *best;
}

// ---- how servers fare

void RemoteTier::note(Shard& shard, const Status& status) {
  if (is_a_good_answer(status)) return shard.breaker.succeeded();
  ++shard.counted.failures;
  shard.counted.last_error = status.error().message;
  const bool nonsense = status.error().kind == ErrorKind::too_large;
  shard.breaker.failed(nonsense ? CircuitBreaker::kNonsense : CircuitBreaker::kSilence, clock_.monotonic_us(),
                       status.error().message);
}

void RemoteTier::reject(Shard& shard, const std::string& why) {
  ++shard.counted.failures;
  ++shard.counted.rejected;
  shard.counted.last_error = why;
  shard.breaker.failed(CircuitBreaker::kNonsense, clock_.monotonic_us(), why);
}

void RemoteTier::reject(const RemoteBlob& blob, const std::string& why) {
  reject(shard_of(blob.address), why);
}

void RemoteTier::gave_up_on(const Digest& place_or_address) {
  note(shard_of(place_or_address), Error{ErrorKind::timed_out, "no answer in time"});
}

void RemoteTier::try_again() {
  for (Shard& shard : shards_) {
    if (shard.breaker.wants_trial(clock_.monotonic_us())) try_again(shard);
  }
}

void RemoteTier::try_again(Shard& shard) {
  shard.breaker.begin_trial();
  const Digest nowhere = seal_.place_of_roster("trial");
  shard.server.client->get_entries(nowhere, [this, &shard](const Result<RemoteClient::Entries>& entries) {
    note(shard, entries.status());
  });
}

std::vector<RemoteServerStatus> RemoteTier::status() const {
  std::vector<RemoteServerStatus> all;
  for (const Shard& shard : shards_) {
    all.push_back(shard.counted);
    all.back().state = shard.breaker.describe(clock_.monotonic_us());
  }
  return all;
}

std::uint64_t RemoteTier::bytes_read() const {
  std::uint64_t sum = 0;
  for (const Shard& shard : shards_) sum += shard.counted.bytes_read;
  return sum;
}

std::uint64_t RemoteTier::bytes_written() const {
  std::uint64_t sum = 0;
  for (const Shard& shard : shards_) sum += shard.counted.bytes_written;
  return sum;
}

// ---- reading

void RemoteTier::get_context(const Digest& context,
                             std::function<void(Result<std::vector<RemoteEntry>>)> call) {
  const Digest place = seal_.place_of_context(context);
  Shard& shard = shard_of(place);
  if (!shard.breaker.lets_through()) return call(not_asked());
  shard.server.client->get_entries(
      place, [this, &shard, context, call = std::move(call)](const Result<RemoteClient::Entries>& texts) {
        note(shard, texts.status());
        if (!texts.ok()) return call(texts.error());
        std::vector<RemoteEntry> entries;
        for (const std::string& text : *texts) {
          shard.counted.bytes_read += text.size();
          Result<RemoteEntry> entry = seal_.decode(context, text);
          if (entry.ok()) {
            entries.push_back(std::move(*entry));
          } else if (entry.error().kind != ErrorKind::unsupported &&
                     entry.error().kind != ErrorKind::invalid) {  // not of another version
            reject(shard, entry.error().message);
          }
        }
        call(std::move(entries));
      });
}

void RemoteTier::get_roster(const std::string& project,
                            std::function<void(Result<std::vector<Digest>>)> call) {
  const Digest place = seal_.place_of_roster(project);
  Shard& shard = shard_of(place);
  if (!shard.breaker.lets_through()) return call(not_asked());
  shard.server.client->get_entries(
      place, [this, &shard, project, call = std::move(call)](const Result<RemoteClient::Entries>& texts) {
        note(shard, texts.status());
        if (!texts.ok()) return call(texts.error());
        if (texts->empty()) return call(Error{ErrorKind::not_found, "no roster"});
        shard.counted.bytes_read += texts->front().size();
        Result<std::vector<Digest>> contexts = seal_.decode_roster(project, texts->front());
        if (!contexts.ok()) reject(shard, contexts.error().message);
        call(std::move(contexts));
      });
}

void RemoteTier::get_blob(const RemoteBlob& blob, std::function<void(Result<std::string>)> call) {
  Shard& shard = shard_of(blob.address);
  if (!shard.breaker.lets_through()) return call(not_asked());
  const auto take = [this, &shard, size = blob.stored, call = std::move(call)](Result<std::string> bytes) {
    note(shard, bytes.status());
    if (bytes.ok()) shard.counted.bytes_read += bytes->size();
    if (bytes.ok() && bytes->size() != size) {
      bytes = Error{ErrorKind::corrupt, "a remote blob has the wrong length"};
      reject(shard, bytes.error().message);
    }
    call(std::move(bytes));
  };
  shard.server.client->get_blob(blob.address, blob.stored, take);
}

// ---- writing

void RemoteTier::touch_blob(const RemoteBlob& blob, std::function<void(Result<bool>)> call) {
  Shard& shard = shard_of(blob.address);
  if (!shard.breaker.lets_through()) return call(not_asked());
  const auto take = [this, &shard, call = std::move(call)](const Result<bool>& there) {
    note(shard, there.status());
    call(there);
  };
  shard.server.client->touch_blob(blob.address, take);
}

/// A server that takes nothing may still be read from.
/// Who refuses what is sent to him still answers questions.
void RemoteTier::note_written(Shard& shard, const Status& put, std::size_t size) {
  const bool refused =
      !put.ok() && (put.error().kind == ErrorKind::denied || put.error().kind == ErrorKind::no_space);
  if (!refused) note(shard, put);
  if (put.ok()) shard.counted.bytes_written += size;
}

void RemoteTier::put_blob(const RemoteBlob& blob, RemoteClient::Bytes bytes,
                          std::function<void(Status)> call) {
  Shard& shard = shard_of(blob.address);
  if (!shard.breaker.lets_through()) return call(not_asked());
  const auto take = [this, &shard, size = bytes->size(), call = std::move(call)](const Status& put) {
    note_written(shard, put, size);
    call(put);
  };
  shard.server.client->put_blob(blob.address, std::move(bytes), take);
}

void RemoteTier::add_entry(const Digest& place, std::string entry, std::size_t most,
                           std::function<void(Status)> call) {
  Shard& shard = shard_of(place);
  if (!shard.breaker.lets_through()) return call(not_asked());
  const auto take = [this, &shard, size = entry.size(), call = std::move(call)](const Status& put) {
    note_written(shard, put, size);
    call(put);
  };
  shard.server.client->add_entry(place, std::move(entry), most, take);
}

}  // namespace compiler_cache
