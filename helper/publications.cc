#include "helper/publications.h"

#include <utility>

namespace compiler_cache {

Publications::Token Publications::begin(const Digest& context) {
  ++contexts_[context].running;
  // The token may outlive this object: a job that ends after the rest.
  return {nullptr, [weak = weak_from_this(), context](void*) {
            if (const auto self = weak.lock()) self->end(context);
          }};
}

void Publications::call_once(Waiter& waiter) {
  if (!std::exchange(waiter.called, true)) std::exchange(waiter.call, nullptr)();
}

void Publications::end(const Digest& context) {
  const auto found = contexts_.find(context);
  if (found == contexts_.end() || --found->second.running > 0) return;
  const std::vector<std::shared_ptr<Waiter>> waiters = std::move(found->second.waiters);
  contexts_.erase(found);
  for (const auto& waiter : waiters) call_once(*waiter);
}

void Publications::wait(const Digest& context, int limit_ms, std::function<void()> call) {
  const auto found = contexts_.find(context);
  if (found == contexts_.end()) return call();
  auto waiter = std::make_shared<Waiter>();
  waiter->call = std::move(call);
  found->second.waiters.push_back(waiter);
  executor_.after(limit_ms, [waiter] { call_once(*waiter); });
}

}  // namespace compiler_cache
