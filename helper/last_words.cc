#include "helper/last_words.h"

#include <fcntl.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <ctime>
#include <exception>
#include <new>

#include "helper/event_log.h"

namespace compiler_cache {
namespace {

char event_log_path[PATH_MAX];

/// Without memory of its own: there may be none.
[[noreturn]] void end_with_event(const char* event) {
  char line[160];
  const int size =
      std::snprintf(line, sizeof line, "{\"time\":%lld,\"pid\":%ld,\"event\":\"%s\"}\n",
                    static_cast<long long>(std::time(nullptr)), static_cast<long>(getpid()), event);
  const int file = open(event_log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0 && size > 0) {
    [[maybe_unused]] const ssize_t written = write(file, line, static_cast<std::size_t>(size));
  }
  _exit(1);
}

}  // namespace

void leave_last_words(const std::string& folder) {
  std::snprintf(event_log_path, sizeof event_log_path, "%s/%s", folder.c_str(), kEventLogName);
  std::set_new_handler([] { end_with_event("out-of-memory"); });
  std::set_terminate([] { end_with_event("internal-error"); });
}

}  // namespace compiler_cache
