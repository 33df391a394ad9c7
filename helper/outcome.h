// How a request ended, and why. Every reason has one row in one table: enumerator, stable name, sentence.
// Statistics, the log and the command line all print from these tables; refusals have theirs in
// uncacheable_reason.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "helper/hit_source.h"

namespace compiler_cache {

/// What a request is about.
enum class StepKind : std::uint8_t { compile, archive, link };

/// By the flags of its request (protocol::CompileFlag).
StepKind step_of(std::uint32_t flags);

/// Exactly one of these for each request.
enum class Outcome : std::uint8_t {
  hit,          ///< every output was put in place from the cache
  miss,         ///< cacheable, but compiled
  uncacheable,  ///< refused before it was looked up, and compiled
  error,        ///< something of ours went wrong on the way; compiled
  bypassed,     ///< compiled without asking, or by a peer that we do not serve
};

/// Why a cacheable compile was not answered from the cache.
enum class MissReason : std::uint8_t {
  first_time,
  input_changed,
  input_gone,
  name_appeared,
  input_unreadable,
  compiler_changed,
  blob_gone,
  blob_damaged,
  publication_failed,
  not_ready,
  recheck,
};

/// What of ours went wrong.
enum class ErrorReason : std::uint8_t {
  launcher_gone,
  restore_failed,
  bad_request,
  internal,
  cannot_compile,
};

/// Why a compile went past the cache.
enum class BypassReason : std::uint8_t {
  disabled,
  no_helper,
  no_answer,
  bad_answer,
  not_owner,
  other_user,
  other_namespace,
  version_mismatch,
  stopping,
  other,
};

template <class Reason>
struct ReasonRow {
  Reason reason;
  const char* name;      ///< kebab-case; never changed once released
  const char* sentence;  ///< for people; no full stop
};

/// The tables, in the order of the enumerators.
std::span<const ReasonRow<MissReason>> miss_reasons();
std::span<const ReasonRow<ErrorReason>> error_reasons();
std::span<const ReasonRow<BypassReason>> bypass_reasons();

const char* name_of(Outcome outcome);
const char* name_of(MissReason reason);
const char* name_of(ErrorReason reason);
const char* name_of(BypassReason reason);

/// The sentence for a stable name of that outcome's table; empty when there is none (a newer helper wrote
/// it).
std::string_view sentence_of(Outcome outcome, std::string_view name);

/// One finished request, as the counters take it. Made by the functions below, so that a reason always
/// belongs to its outcome.
struct RequestResult {
  Outcome outcome = Outcome::error;
  std::string reason;                    ///< stable name; empty for a hit
  HitSource source = HitSource::memory;  ///< of a hit
  std::uint64_t bytes_restored = 0;      ///< of a hit: outputs, as they are in the build tree
  std::uint64_t bytes_stored = 0;        ///< of a miss: what it newly put into the store
  std::int64_t time_saved_us = 0;        ///< of a hit: the compile's time less the hit's; may be negative
  std::uint64_t remote_wait_us = 0;      ///< that its launcher waited for the remote tier
  std::uint64_t remote_bytes = 0;        ///< that came over the network for it
  StepKind step = StepKind::compile;
  bool rechecked = false;         ///< of a miss: its result was held against what a hit would have given
  bool recheck_differed = false;  ///< and was not the same

  static RequestResult hit(HitSource source, std::uint64_t bytes_restored, std::int64_t time_saved_us);
  static RequestResult miss(MissReason reason, std::uint64_t bytes_stored = 0);
  /// `reason`: a stable name of uncacheable_reason.h.
  static RequestResult uncacheable(std::string reason);
  static RequestResult error(ErrorReason reason);
  static RequestResult bypassed(BypassReason reason);
};

}  // namespace compiler_cache
