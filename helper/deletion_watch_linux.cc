#include "helper/deletion_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

namespace compiler_cache {

void DeletionWatch::start(const std::string& folder) {
  stop();
  descriptor_ = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor_ < 0) return;
  const std::uint32_t events =
      IN_DELETE | IN_DELETE_SELF | IN_MOVED_FROM | IN_MOVE_SELF | IN_OPEN | IN_ONLYDIR;
  if (inotify_add_watch(descriptor_, folder.c_str(), events) < 0) stop();
}

void DeletionWatch::stop() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

bool DeletionWatch::stirred() {
  if (descriptor_ < 0) return false;
  bool seen = false;
  alignas(inotify_event) char buffer[16384];
  while (true) {
    const ssize_t got = read(descriptor_, buffer, sizeof buffer);
    if (got <= 0) return seen;
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      // Opening a file in the folder has a name; opening the folder itself has none.
      const bool opened_entry = (event->mask & IN_OPEN) != 0 && event->len > 0;
      seen = seen || !opened_entry;
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
}

}  // namespace compiler_cache
