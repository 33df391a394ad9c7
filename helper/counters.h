// What happened, in numbers: for the whole life of the tree's cache, and for its newest build.
//
// Encoded form (msgpack, see codec.h), on the wire and as the session part "counters"
//   build counters = [1, next build id, counters, [] | build]
//   build          = [id, pid, process start, started, ended, counters]
//   counters       = [1, hits, misses, uncacheable, errors, bypassed, [hits per source...],
//                     reasons, reasons, reasons, reasons, time saved us, bytes restored, bytes stored,
//                     rechecked, recheck differences, archives, links, remote wait us, remote bytes,
//                     remote saved us]
//   reasons        = [[name, count]...], in the order misses, uncacheable, errors, bypassed
//   archives, links = counters without their last five fields
// Later versions may append fields to either array; a reader takes those that it knows. A changed meaning
// needs a new number in front. Names of reasons are kept as they come: a newer helper may have written them.
//
// Version history
//   1  first version
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/hit_source.h"
#include "helper/outcome.h"

namespace compiler_cache {

class Node;
class Packer;

/// How often each reason, by its stable name.
using ReasonCounts = std::map<std::string, std::uint64_t, std::less<>>;

/// Name of the session part that holds them.
inline constexpr char kCountersPartName[] = "counters";

/// Reasons kept apart per outcome; what comes on top is counted as "other".
inline constexpr std::size_t kMaxReasons = 256;

/// Of one kind of step. Additions saturate. requests() is the sum of the five outcomes, so that they always
/// add up.
struct StepCounters {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t uncacheable = 0;
  std::uint64_t errors = 0;
  std::uint64_t bypassed = 0;
  std::array<std::uint64_t, kHitSourceCount> hit_sources{};
  ReasonCounts miss_reasons;
  ReasonCounts uncacheable_reasons;
  ReasonCounts error_reasons;
  ReasonCounts bypass_reasons;
  std::uint64_t time_saved_us = 0;
  std::uint64_t bytes_restored = 0;
  std::uint64_t bytes_stored = 0;
  std::uint64_t rechecked = 0;  ///< of the misses: hits that were compiled all the same, and compared
  std::uint64_t recheck_differences = 0;

  std::uint64_t requests() const;

  /// Counts one request. A hit that took longer than its compile saved nothing: it takes nothing away.
  void add(const RequestResult& result);
  /// Calls that a launcher recorded by itself, by the stable names of BypassReason.
  void add_bypassed(const ReasonCounts& counts);
  void merge(const StepCounters& other);

  friend bool operator==(const StepCounters&, const StepCounters&) = default;
};

/// Compiles are what the cache is for, and what the figures without another name are about.
struct Counters : StepCounters {
  StepCounters archives;
  StepCounters links;
  std::uint64_t remote_wait_us = 0;   ///< that steps of any kind waited for the remote tier
  std::uint64_t remote_bytes = 0;     ///< that came over the network for them
  std::uint64_t remote_saved_us = 0;  ///< of the time saved: by hits from there

  /// Counts one request of its kind.
  void add(const RequestResult& result);
  void merge(const Counters& other);
  bool any() const { return requests() > 0 || archives.requests() > 0 || links.requests() > 0; }

  void encode(Packer& packer) const;
  /// `corrupt` when it is not of the form above; then nothing of it is used.
  static Result<Counters> decode(const Node& node);

  friend bool operator==(const Counters&, const Counters&) = default;
};

/// The process that a build is known by; pid 0 when none was found.
struct BuildIdentity {
  std::int32_t pid = 0;
  std::uint64_t start_time = 0;  ///< in the kernel's ticks since boot

  friend bool operator==(const BuildIdentity&, const BuildIdentity&) = default;
};

struct BuildRecord {
  std::uint64_t id = 0;  ///< counts up from 1
  BuildIdentity process;
  std::uint64_t started = 0;  ///< seconds since the epoch
  bool ended = false;
  Counters counters;

  friend bool operator==(const BuildRecord&, const BuildRecord&) = default;
};

/// The counters of one tree. One thread.
class BuildCounters {
 public:
  /// Opens a build and returns its id. The same process as an open build or as the newest one that did not
  /// end (its helper was replaced in the middle) goes on with that build.
  std::uint64_t begin_build(std::uint64_t wall_seconds, BuildIdentity process = {});
  /// Unknown ids are ignored.
  void end_build(std::uint64_t id);

  /// Counts a request of an open build, or of the newest that ended: its last results come in when the build
  /// tool is gone already. With any other id it enters the total only.
  void add(const RequestResult& result, std::uint64_t build_id);
  /// Calls that went past the helper. With the id of an open build they belong to it; else they make up a
  /// build of their own that has ended, since all that is known of it is that it was not one of ours.
  void add_bypassed(const ReasonCounts& counts, std::uint64_t build_id, std::uint64_t wall_seconds);

  const Counters& total() const { return total_; }
  /// The newest build with at least one request, running or ended.
  std::optional<BuildRecord> last_build() const;

  /// Open builds are encoded as far as last_build() shows one.
  std::string encode() const;
  /// `corrupt` when it is not of the form above, `unsupported` for a newer version.
  static Result<BuildCounters> decode(std::string_view bytes);

 private:
  BuildRecord* find_open(std::uint64_t id);

  std::uint64_t next_id_ = 1;
  Counters total_;
  std::optional<BuildRecord> last_;   ///< newest closed one with a request
  std::optional<BuildRecord> empty_;  ///< newest closed one, if it had no request so far
  std::vector<BuildRecord> open_;
};

}  // namespace compiler_cache
