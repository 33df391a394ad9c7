// One way a context came out: the inputs that were read, the names that were looked for and not found, and
// the result.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "helper/artifact.h"
#include "helper/digest.h"

namespace compiler_cache {

/// An input as disk formats hold it: absolute path and content.
struct VariantInput {
  std::string path;
  Digest content;  ///< of a precompiled header: its origin (precompiled_headers.h)

  friend bool operator==(const VariantInput&, const VariantInput&) = default;
};

/// `folder` must have no entry called `name`. The folder itself may be gone.
struct AbsentName {
  std::string folder;
  std::string name;

  friend auto operator<=>(const AbsentName&, const AbsentName&) = default;
};

struct Variant {
  std::vector<VariantInput> inputs;
  /// mtimes of the inputs, nanoseconds, where the result holds good only for these: Clang's precompiled
  /// headers. One for each input; empty where they do not count.
  std::vector<std::int64_t> times;
  std::vector<AbsentName> absent;
  Artifact artifact;

  friend bool operator==(const Variant&, const Variant&) = default;
};

/// Whether both are results for the same inputs. Which one of them came about by other names that were looked
/// for, or took how long, makes no difference to what the result must be.
inline bool same_inputs(const Variant& a, const Variant& b) {
  return a.inputs == b.inputs && a.times == b.times;
}

}  // namespace compiler_cache
