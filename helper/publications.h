// Results that are on their way: from the compile's report until another request can have them. A request for
// the same context waits for one, a little, rather than compile it again.
//
// Loop thread only.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "helper/digest.h"
#include "helper/executor.h"

namespace compiler_cache {

class Publications : public std::enable_shared_from_this<Publications> {
 public:
  /// Held by whoever brings the result on its way. When the last owner lets go, those who wait look again:
  /// they hit if it is there by then, and miss if it came to nothing.
  using Token = std::shared_ptr<void>;

  explicit Publications(Executor& executor) : executor_(executor) {}

  Token begin(const Digest& context);
  bool pending(const Digest& context) const { return contexts_.contains(context); }
  std::size_t count() const { return contexts_.size(); }

  /// Calls once, when all publications of the context have ended or after that time, whichever is first; at
  /// once if there is none.
  void wait(const Digest& context, int limit_ms, std::function<void()> call);

 private:
  struct Waiter {
    bool called = false;
    std::function<void()> call;
  };
  struct Context {
    std::size_t running = 0;
    std::vector<std::shared_ptr<Waiter>> waiters;
  };

  static void call_once(Waiter& waiter);
  void end(const Digest& context);

  Executor& executor_;
  std::unordered_map<Digest, Context> contexts_;
};

}  // namespace compiler_cache
