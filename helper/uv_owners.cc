#include "helper/uv_owners.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>

#include "helper/uv_polls.h"

namespace compiler_cache {

pid_t process_id(std::string_view text) {
  pid_t pid = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), pid);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && pid > 0 ? pid : 0;
}

bool UvOwners::add(pid_t pid) {
  const int pidfd = pid > 0 ? static_cast<int>(syscall(SYS_pidfd_open, pid, 0)) : -1;
  if (pidfd < 0) return false;
  Owner& owner = owners_.emplace_back(Owner{pidfd, nullptr, this});
  owner.poll = new_poll(loop_, pidfd, &owner);
  if (owner.poll == nullptr) {
    ::close(pidfd);
    owners_.pop_back();
    return false;
  }
  uv_poll_start(owner.poll, UV_READABLE, [](uv_poll_t* poll, int, int) {
    auto* ended = static_cast<Owner*>(poll->data);
    ended->all->gone(*ended);
  });
  return true;
}

void UvOwners::release(Owner& owner) {
  close_poll(owner.poll);
  ::close(owner.pidfd);
}

void UvOwners::gone(Owner& owner) {
  release(owner);
  owners_.remove_if([&](const Owner& other) { return &other == &owner; });
  if (owners_.empty()) on_last_gone_();
}

void UvOwners::close() {
  for (Owner& owner : owners_) release(owner);
  owners_.clear();
}

}  // namespace compiler_cache
