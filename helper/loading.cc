#include "helper/loading.h"

#include <algorithm>
#include <utility>

namespace compiler_cache {

void Loading::want(Need need, std::function<void()> call) {
  if (has(need)) return call();
  waiters_.push_back({need, std::move(call)});
  wanted_ = std::max(wanted_, need);
  go_on();
}

void Loading::go_on() {
  if (under_way_ || stopped_ || has(wanted_)) return;
  under_way_ = true;
  const Stage& stage = stages_[static_cast<std::size_t>(loaded_)];
  executor_.run(stage.work, [this] { stage_done(); });
}

void Loading::stage_done() {
  stages_[static_cast<std::size_t>(loaded_)].done();
  loaded_ = static_cast<Need>(static_cast<std::uint8_t>(loaded_) + 1);
  under_way_ = false;
  call_waiters();
  go_on();
  if (stopped_ && when_stopped_) std::exchange(when_stopped_, nullptr)();
}

void Loading::stop(std::function<void()> call) {
  stopped_ = true;
  if (!under_way_) return call();
  when_stopped_ = std::move(call);
}

/// Those that are called may ask for more.
void Loading::call_waiters() {
  std::vector<Waiter> ready;
  std::vector<Waiter> rest;
  for (Waiter& waiter : waiters_) (has(waiter.need) ? ready : rest).push_back(std::move(waiter));
  waiters_ = std::move(rest);
  for (const Waiter& waiter : ready) waiter.call();
}

}  // namespace compiler_cache
