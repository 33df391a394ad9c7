#include "helper/component.h"

#include <utility>

namespace compiler_cache {
namespace {

constexpr std::array<const char*, kComponentCount> kNames{
    "counters", "stat cache", "compiler identities", "search paths", "dependency graph", "disk usage",
};
constexpr std::array<const char*, 4> kStates{"idle", "building", "ready", "failed"};

std::size_t index_of(Component component) { return static_cast<std::size_t>(component); }

std::uint64_t milliseconds(std::int64_t from_us, std::int64_t to_us) {
  return to_us > from_us ? static_cast<std::uint64_t>(to_us - from_us) / 1000 : 0;
}

}  // namespace

const char* name_of(Component component) { return kNames[index_of(component)]; }
const char* name_of(ComponentState state) { return kStates[static_cast<std::size_t>(state)]; }

void Components::begin(Component component) {
  const std::lock_guard guard(mutex_);
  Record& record = records_[index_of(component)];
  record.state = ComponentState::building;
  record.began_us = clock_.monotonic_us();
  record.error.clear();
}

void Components::end(Component component, ComponentState state, std::string error) {
  const std::lock_guard guard(mutex_);
  Record& record = records_[index_of(component)];
  record.state = state;
  record.ended_us = clock_.monotonic_us();
  record.error = std::move(error);
}

void Components::ready(Component component) { end(component, ComponentState::ready, {}); }

void Components::fail(Component component, std::string error) {
  end(component, ComponentState::failed, std::move(error));
}

void Components::warn(Component component, std::string note) {
  const std::lock_guard guard(mutex_);
  records_[index_of(component)].note = std::move(note);
}

ComponentState Components::state(Component component) const {
  const std::lock_guard guard(mutex_);
  return records_[index_of(component)].state;
}

ComponentStatus Components::status(Component component) const {
  const std::lock_guard guard(mutex_);
  const Record& record = records_[index_of(component)];
  const std::int64_t now = clock_.monotonic_us();
  ComponentStatus status;
  status.name = name_of(component);
  status.state = name_of(record.state);
  status.error = record.error;
  status.note = record.note;
  if (record.state == ComponentState::idle) return status;
  const bool building = record.state == ComponentState::building;
  status.state_age_ms = milliseconds(building ? record.began_us : record.ended_us, now);
  status.duration_ms = milliseconds(record.began_us, building ? now : record.ended_us);
  return status;
}

}  // namespace compiler_cache
