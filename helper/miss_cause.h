// Why a step was not answered from the cache, as a person can act on it: what is different from the last time
// that this output was made. MissReason (outcome.h) says what the lookup met; a cause says what led to that.
// One table, from which explain, stats and reports all print.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// On disk the name counts, not the number, so that rows may move.
enum class CauseKind : std::uint8_t {
  first_time,
  flag_changed,
  source_changed,
  header_changed,
  header_removed,
  name_appeared,
  input_changed,
  compiler_changed,
  environment_changed,
  folder_changed,
  evicted,
  changed_during_compile,
  not_kept,
  result_lost,
  recheck,
  not_ready,
  bound,
  other,
};

struct CauseText {
  CauseKind kind;
  std::string_view name;      ///< kebab-case; never changed once released
  std::string_view sentence;  ///< for people, where no more is known than the kind
};

/// In the order of the enumerators.
inline constexpr auto kCauses = std::to_array<CauseText>({
    {CauseKind::first_time, "first-time", "made for the first time"},
    {CauseKind::flag_changed, "flag-changed", "the options have changed"},
    {CauseKind::source_changed, "source-changed", "the source has changed"},
    {CauseKind::header_changed, "header-changed", "a header has changed"},
    {CauseKind::header_removed, "header-removed", "a file that it read is gone"},
    {CauseKind::name_appeared, "name-appeared", "a file appeared where the compiler had found none"},
    {CauseKind::input_changed, "input-changed", "something that it is made of has changed"},
    {CauseKind::compiler_changed, "compiler-changed", "the compiler has changed"},
    {CauseKind::environment_changed, "environment-changed", "a variable of the environment has changed"},
    {CauseKind::folder_changed, "folder-changed", "it runs in another folder"},
    {CauseKind::evicted, "evicted", "its result was evicted or removed from the store"},
    {CauseKind::changed_during_compile, "changed-during-compile",
     "a file had changed while it was made the last time"},
    {CauseKind::not_kept, "not-kept", "the last time nothing was kept"},
    {CauseKind::result_lost, "result-lost", "the same step was running, and nothing came of that"},
    {CauseKind::recheck, "recheck", "made again to check the cache"},
    {CauseKind::not_ready, "not-ready", "what the cache knows was not loaded in time"},
    {CauseKind::bound, "bound", "its result is bound to this folder"},
    {CauseKind::other, "other", "for another reason"},
});

constexpr bool causes_in_order() {
  for (std::size_t i = 0; i < kCauses.size(); ++i) {
    if (static_cast<std::size_t>(kCauses[i].kind) != i) return false;
  }
  return kCauses.size() == static_cast<std::size_t>(CauseKind::other) + 1;
}
static_assert(causes_in_order());

constexpr const CauseText& describe(CauseKind kind) { return kCauses[static_cast<std::size_t>(kind)]; }

/// `other` for a name of another version.
constexpr CauseKind cause_from_name(std::string_view name) {
  for (const CauseText& row : kCauses) {
    if (row.name == name) return row.kind;
  }
  return CauseKind::other;
}

/// One difference. What the texts are depends on the kind:
///   flag_changed         from: the option that went, to: the one that came; one of them may be empty
///   source_, header_, input_changed, header_removed, name_appeared    subject: absolute path
///   compiler_changed     subject: the file or program; from, to: versions or names, where they differ
///   environment_changed  subject: the variable; from, to: its values, empty when not set
///   folder_changed       from, to
///   changed_during_compile, not_kept    subject: what it was; from: the stable name of the reason
///   bound                never the first: the result is for this folder only. subject: the stable name of
///   the reason,
///                        from: an option, a file, …
///   other                subject: what it was, for people
struct Cause {
  CauseKind kind = CauseKind::other;
  std::string subject;
  std::string from;
  std::string to;

  friend bool operator==(const Cause&, const Cause&) = default;
};

/// In the place of a reason, when the last compile of an output failed.
inline constexpr char kFailedCompile[] = "compile-failed";

/// Kept of each miss; the first is the cause.
inline constexpr std::size_t kMaxCauses = 16;
/// Longer texts are cut.
inline constexpr std::size_t kMaxCauseText = 500;

/// Adds one with its texts cut, if there is room.
inline void add_cause(std::vector<Cause>& causes, Cause cause) {
  if (causes.size() >= kMaxCauses) return;
  for (std::string* text : {&cause.subject, &cause.from, &cause.to}) {
    if (text->size() > kMaxCauseText) text->resize(kMaxCauseText);
  }
  causes.push_back(std::move(cause));
}

}  // namespace compiler_cache
