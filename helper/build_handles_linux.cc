#include "helper/build_handles.h"

#include <poll.h>

#include <algorithm>

namespace compiler_cache {

void BuildHandles::add(int pidfd) {
  const std::lock_guard guard(mutex_);
  pidfds_.push_back(pidfd);
}

void BuildHandles::remove(int pidfd) {
  const std::lock_guard guard(mutex_);
  pidfds_.erase(std::remove(pidfds_.begin(), pidfds_.end(), pidfd), pidfds_.end());
}

void BuildHandles::clear() {
  const std::lock_guard guard(mutex_);
  pidfds_.clear();
}

bool BuildHandles::all_ended() const {
  const std::lock_guard guard(mutex_);
  if (pidfds_.empty()) return false;
  std::vector<pollfd> asked;
  for (const int pidfd : pidfds_) asked.push_back({pidfd, POLLIN, 0});
  return poll(asked.data(), asked.size(), 0) == static_cast<int>(asked.size());
}

}  // namespace compiler_cache
