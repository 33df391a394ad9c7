// What touching a header costs: the compile times of all units that read it, from what is recorded of them.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "helper/recorded_tree.h"
#include "helper/step_record.h"

namespace compiler_cache {

struct HeaderCost {
  std::string path;
  std::uint64_t units = 0;       ///< that read it
  std::uint64_t compile_us = 0;  ///< of all of them
};

struct HeaderCosts {
  std::vector<HeaderCost> headers;  ///< dearest first
  std::uint64_t left_out = 0;       ///< cheaper ones, beyond the limit
  std::uint64_t units = 0;          ///< that were looked at
  std::uint64_t compile_us = 0;     ///< of all of these
};

/// Contexts of the newest step of each output, of what add() was given: newest build first.
class CurrentContexts {
 public:
  void add(const BuildSteps& steps);
  bool has(std::uint64_t context) const { return contexts_.contains(context); }

 private:
  std::unordered_set<std::string> outputs_;
  std::unordered_set<std::uint64_t> contexts_;
};

/// A source counts once for each output that it is compiled to now. One of which no step is known any more
/// counts once, by its dearest compile. `limit` of headers.
HeaderCosts header_costs(const RecordedInputs& inputs, const CurrentContexts& current, std::size_t limit);

}  // namespace compiler_cache
