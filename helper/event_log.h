// events.jsonl: what became of the tree's helpers, one JSON object a line
//   {"time":<seconds since the epoch>,"pid":<helper>,"event":"<name>",<figures>}
// Begins: spawn, loaded, salvage, build-start. Ends: build-exit, persist; and of the helper: idle, stopped,
// owner-exit, signal, tree-removed, replaced. Others: collect, clear, recheck-difference, and what later
// versions add.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "helper/bounded_log.h"
#include "helper/clock.h"

namespace compiler_cache {

inline constexpr char kEventLogName[] = "events.jsonl";
inline constexpr std::uint64_t kEventLogLimit = 1U << 20;
/// How many a status shows.
inline constexpr std::size_t kStatusEvents = 10;

/// A figure of an event: a name that needs no escaping, and a number or a text.
struct EventFigure {
  std::string_view name;
  std::variant<std::uint64_t, std::string_view> value;
};

/// The newest lines of the log in `folder`, oldest first, without line feeds; of a log that was just rotated
/// also those before. Damaged lines are left out. Changes nothing.
std::vector<std::string> recent_events(FileSystem& files, const std::string& folder, std::size_t count);

/// A line for people: "3.0 s ago: spawn, version 0.1.0". Empty for a line that is no event.
std::string event_text(std::string_view line, std::uint64_t now);

/// Any thread.
class EventLog {
 public:
  /// `folder` is the .compiler-cache; `pid` the helper's.
  EventLog(FileSystem& files, const Clock& clock, const std::string& folder, std::uint32_t pid,
           std::uint64_t limit_bytes = kEventLogLimit);

  void write(std::string_view event, std::initializer_list<EventFigure> figures = {});

 private:
  const Clock& clock_;
  const std::uint32_t pid_;
  BoundedLog log_;
};

}  // namespace compiler_cache
