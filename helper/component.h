// The parts of the helper's state that are loaded, and how that went: for the status, and for those who wait.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>

#include "helper/clock.h"
#include "helper/status_report.h"

namespace compiler_cache {

enum class Component : std::uint8_t {
  counters,
  files,
  identities,
  searches,
  graph,
  disk_usage,
};
inline constexpr std::size_t kComponentCount = 6;

enum class ComponentState : std::uint8_t { idle, building, ready, failed };

const char* name_of(Component component);
const char* name_of(ComponentState state);

/// Any thread.
class Components {
 public:
  explicit Components(const Clock& clock) : clock_(clock) {}

  void begin(Component component);
  void ready(Component component);
  /// It starts empty; the others go on.
  void fail(Component component, std::string error);
  /// What people should know although it went well; empty takes it back.
  void warn(Component component, std::string note);

  ComponentState state(Component component) const;
  /// Without entries and bytes, which the component itself knows.
  ComponentStatus status(Component component) const;

 private:
  struct Record {
    ComponentState state = ComponentState::idle;
    std::int64_t began_us = 0;
    std::int64_t ended_us = 0;
    std::string error;
    std::string note;
  };

  void end(Component component, ComponentState state, std::string error);

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::array<Record, kComponentCount> records_;  ///< guarded by mutex_
};

}  // namespace compiler_cache
