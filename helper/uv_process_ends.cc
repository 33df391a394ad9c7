#include "helper/uv_process_ends.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "helper/uv_polls.h"

namespace compiler_cache {

bool UvProcessEnds::watch(pid_t pid, Then then) {
  const int pidfd = pid > 0 ? static_cast<int>(syscall(SYS_pidfd_open, pid, 0)) : -1;
  if (pidfd < 0) return false;
  Process& process = processes_.emplace_back(Process{pidfd, nullptr, std::move(then), this});
  process.poll = new_poll(loop_, pidfd, &process);
  if (process.poll == nullptr) {
    ::close(pidfd);
    processes_.pop_back();
    return false;
  }
  uv_poll_start(process.poll, UV_READABLE, [](uv_poll_t* poll, int, int) {
    auto* ended = static_cast<Process*>(poll->data);
    ended->all->tell(*ended, true);
  });
  return true;
}

void UvProcessEnds::tell(Process& process, bool ended) {
  std::list<Process> told;
  told.splice(told.begin(), processes_,
              std::ranges::find_if(processes_, [&](const Process& other) { return &other == &process; }));
  close_poll(process.poll);
  ::close(process.pidfd);
  process.then(ended);
}

void UvProcessEnds::take_ended() {
  if (processes_.empty()) return;
  std::vector<pollfd> asked;
  std::vector<Process*> which;
  for (Process& process : processes_) {
    asked.push_back({process.pidfd, POLLIN, 0});
    which.push_back(&process);
  }
  if (::poll(asked.data(), asked.size(), 0) <= 0) return;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (asked[i].revents != 0) tell(*which[i], true);
  }
}

void UvProcessEnds::close() {
  while (!processes_.empty()) tell(processes_.front(), false);
}

}  // namespace compiler_cache
