// The other end of a connection, as an exchange sees it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "helper/file_system.h"

namespace compiler_cache {

class Client {
 public:
  virtual ~Client() = default;
  /// Queues one frame; the files' descriptors go along with it. Does nothing once the client is gone.
  virtual void send(const std::string& body, std::vector<std::shared_ptr<OpenFile>> files = {}) = 0;
  /// Hangs up when all that was queued is sent.
  virtual void close() = 0;
  /// From the kernel, in this process's namespace; 0 when it cannot be named there.
  virtual pid_t pid() const = 0;
  /// Calls `then` later, once, when the process has ended, which its program's replacement by another is not,
  /// or with false when that will not be known. False, and no call, where it cannot be known. The client may
  /// be gone by then.
  virtual bool when_process_ends(std::function<void(bool ended)> then) = 0;
};

}  // namespace compiler_cache
