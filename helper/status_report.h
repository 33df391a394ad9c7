// What a helper says of itself, for `status`.
//
// Encoded form (msgpack): [1, version, pid, since, [build...], [component...], [store...], [note...],
//   watching, [event...], [] | remote]
//   build     = [id, pid, name, started]
//   component = [name, state, state age ms, duration ms, entries, bytes, error, note]
//   store     = [name, path, objects, bytes, limit, least recent, failures, last error]
//   remote    = [[server...], writes, keyed, waiting, published, asked, found, waited us, pause]
//   server    = [name, state, bytes read, bytes written, failures, rejected, last error]
// Later versions may append fields to every array.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace compiler_cache {

/// A running build.
struct BuildStatus {
  std::uint64_t id = 0;
  std::uint32_t pid = 0;  ///< 0: no build tool was found
  std::string name;
  std::uint64_t started = 0;  ///< seconds since the epoch

  friend bool operator==(const BuildStatus&, const BuildStatus&) = default;
};

/// A part of the helper's state and how its loading went.
struct ComponentStatus {
  std::string name;
  std::string state;               ///< idle, building, ready, failed
  std::uint64_t state_age_ms = 0;  ///< since it entered that state
  std::uint64_t duration_ms = 0;   ///< that loading took, or so far
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::string error;
  std::string note;

  friend bool operator==(const ComponentStatus&, const ComponentStatus&) = default;
};

/// A tier of the store.
struct StoreStatus {
  std::string name;  ///< tree, shared
  std::string path;
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::uint64_t limit = 0;  ///< bytes; 0: none
  std::uint64_t least_recent =
      0;  ///< seconds since the epoch, when the least recently used file was; 0: not known
  std::uint64_t failures = 0;  ///< since this helper began
  std::string last_error = {};

  friend bool operator==(const StoreStatus&, const StoreStatus&) = default;
};

/// A server of the remote tier.
struct RemoteServerStatus {
  std::string name;   ///< its URL, without credentials
  std::string state;  ///< of its breaker: closed, or why it is not asked and for how long
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_written = 0;
  std::uint64_t failures = 0;
  std::uint64_t rejected = 0;  ///< of the failures: what it sent was not what it had to be
  std::string last_error = {};

  friend bool operator==(const RemoteServerStatus&, const RemoteServerStatus&) = default;
};

struct RemoteStatus {
  std::vector<RemoteServerStatus> servers;
  bool writes = false;
  bool keyed = false;         ///< entries carry a MAC
  std::uint64_t waiting = 0;  ///< results that are still to be sent
  std::uint64_t published = 0;
  std::uint64_t asked = 0;  ///< questions that went there
  std::uint64_t found = 0;  ///< of these: answered with a result
  std::uint64_t waited_us = 0;
  std::string pause = {};  ///< why no questions are asked at present; empty: they are

  friend bool operator==(const RemoteStatus&, const RemoteStatus&) = default;
};

struct StatusReport {
  bool running = false;  ///< not encoded: who answers does run
  std::string version;
  std::uint32_t pid = 0;
  std::uint64_t since = 0;  ///< seconds since the epoch
  std::vector<BuildStatus> builds;
  std::vector<ComponentStatus> components;
  std::vector<StoreStatus> stores;
  std::optional<RemoteStatus> remote = {};
  std::string watching;             ///< which folders are watched; or none, and why
  std::vector<std::string> events;  ///< newest lines of events.jsonl, oldest first
  std::vector<std::string> notes;   ///< what people should know: a missing watch, a full disk

  std::string encode() const;
  /// `corrupt` when it is not of the form above. Sets `running`.
  static Result<StatusReport> decode(std::string_view bytes);

  friend bool operator==(const StatusReport&, const StatusReport&) = default;
};

}  // namespace compiler_cache
