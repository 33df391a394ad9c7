#include "helper/outcome.h"

#include <utility>

#include "helper/uncacheable_reason.h"
#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

constexpr ReasonRow<Outcome> kOutcomes[] = {
    {Outcome::hit, "hit", "put in place from the cache"},
    {Outcome::miss, "miss", "compiled, since the cache had no result for it"},
    {Outcome::uncacheable, "uncacheable", "compiled, since it cannot be cached"},
    {Outcome::error, "error", "compiled, since the cache failed"},
    {Outcome::bypassed, "bypassed", "compiled without the cache"},
};

constexpr ReasonRow<MissReason> kMissReasons[] = {
    {MissReason::first_time, "first-time", "never compiled this way before"},
    {MissReason::input_changed, "input-changed", "a source or header has other contents than before"},
    {MissReason::input_gone, "input-gone", "a source or header that it read is gone"},
    {MissReason::name_appeared, "name-appeared",
     "a file appeared where the compiler had looked and found none"},
    {MissReason::input_unreadable, "input-unreadable", "a source or header cannot be read"},
    {MissReason::compiler_changed, "compiler-changed", "the compiler is another one than before"},
    {MissReason::blob_gone, "blob-gone", "the result was evicted or removed from the store"},
    {MissReason::blob_damaged, "blob-damaged", "the result in the store was damaged, and is dropped"},
    {MissReason::publication_failed, "publication-failed",
     "the same compile was running, and its result could not be kept"},
    {MissReason::not_ready, "not-ready", "what the cache knows was not loaded in time"},
    {MissReason::recheck, "recheck", "compiled again to check the cache"},
};

constexpr ReasonRow<ErrorReason> kErrorReasons[] = {
    {ErrorReason::launcher_gone, "launcher-gone", "the launcher ended early: interrupted, or killed"},
    {ErrorReason::restore_failed, "restore-failed", "the result was there but could not be put in place"},
    {ErrorReason::bad_request, "bad-request", "the launcher's request made no sense"},
    {ErrorReason::internal, "internal", "the helper failed; see .compiler-cache/log"},
    {ErrorReason::cannot_compile, "cannot-compile",
     "there was no room, process or descriptor left to compile it for the cache"},
};

constexpr ReasonRow<BypassReason> kBypassReasons[] = {
    {BypassReason::disabled, "disabled", "COMPILER_CACHE_DISABLE is set"},
    {BypassReason::no_helper, "no-helper", "no helper could be started or reached in time"},
    {BypassReason::no_answer, "no-answer", "the helper did not answer in time"},
    {BypassReason::bad_answer, "bad-answer", "the helper's answer made no sense"},
    {BypassReason::not_owner, "not-owner", ".compiler-cache, or who listens in it, belongs to another user"},
    {BypassReason::other_user, "other-user", "the request came from another user than the helper's"},
    {BypassReason::other_namespace, "other-namespace",
     "the request came from a container or another root folder"},
    {BypassReason::version_mismatch, "version-mismatch", "launcher and helper are of different versions"},
    {BypassReason::stopping, "stopping", "the helper was about to end"},
    {BypassReason::other, "other", "for a reason that this version does not know"},
};

/// Lookup is by index, so a table must have each enumerator's row at its own place.
template <class Reason, std::size_t kRows>
constexpr bool in_order(const ReasonRow<Reason> (&rows)[kRows], Reason last) {
  for (std::size_t i = 0; i < kRows; ++i) {
    if (static_cast<std::size_t>(rows[i].reason) != i) return false;
  }
  return kRows == static_cast<std::size_t>(last) + 1;
}
static_assert(in_order(kOutcomes, Outcome::bypassed));
static_assert(in_order(kMissReasons, MissReason::recheck));
static_assert(in_order(kErrorReasons, ErrorReason::cannot_compile));
static_assert(in_order(kBypassReasons, BypassReason::other));

template <class Rows>
std::string_view sentence_in(const Rows& rows, std::string_view name) {
  for (const auto& row : rows) {
    if (row.name == name) return row.sentence;
  }
  return {};
}

}  // namespace

std::span<const ReasonRow<MissReason>> miss_reasons() { return kMissReasons; }
std::span<const ReasonRow<ErrorReason>> error_reasons() { return kErrorReasons; }
std::span<const ReasonRow<BypassReason>> bypass_reasons() { return kBypassReasons; }

StepKind step_of(std::uint32_t flags) {
  if ((flags & protocol::kArchiveStep) != 0) return StepKind::archive;
  return (flags & protocol::kLinkStep) != 0 ? StepKind::link : StepKind::compile;
}

const char* name_of(Outcome outcome) { return kOutcomes[static_cast<std::size_t>(outcome)].name; }
const char* name_of(MissReason reason) { return kMissReasons[static_cast<std::size_t>(reason)].name; }
const char* name_of(ErrorReason reason) { return kErrorReasons[static_cast<std::size_t>(reason)].name; }
const char* name_of(BypassReason reason) { return kBypassReasons[static_cast<std::size_t>(reason)].name; }

std::string_view sentence_of(Outcome outcome, std::string_view name) {
  switch (outcome) {
    case Outcome::hit:
      return {};
    case Outcome::miss:
      return sentence_in(kMissReasons, name);
    case Outcome::uncacheable:
      return sentence_in(kUncacheableReasons, name);
    case Outcome::error:
      return sentence_in(kErrorReasons, name);
    case Outcome::bypassed:
      return sentence_in(kBypassReasons, name);
  }
  return {};
}

RequestResult RequestResult::hit(HitSource source, std::uint64_t bytes_restored, std::int64_t time_saved_us) {
  RequestResult result;
  result.outcome = Outcome::hit;
  result.source = source;
  result.bytes_restored = bytes_restored;
  result.time_saved_us = time_saved_us;
  return result;
}

RequestResult RequestResult::miss(MissReason reason, std::uint64_t bytes_stored) {
  RequestResult result;
  result.outcome = Outcome::miss;
  result.reason = name_of(reason);
  result.bytes_stored = bytes_stored;
  return result;
}

RequestResult RequestResult::uncacheable(std::string reason) {
  RequestResult result;
  result.outcome = Outcome::uncacheable;
  result.reason = std::move(reason);
  return result;
}

RequestResult RequestResult::error(ErrorReason reason) {
  RequestResult result;
  result.outcome = Outcome::error;
  result.reason = name_of(reason);
  return result;
}

RequestResult RequestResult::bypassed(BypassReason reason) {
  RequestResult result;
  result.outcome = Outcome::bypassed;
  result.reason = name_of(reason);
  return result;
}

}  // namespace compiler_cache
