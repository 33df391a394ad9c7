// A variant as the graph keeps it in memory: names and contents as numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "helper/artifact.h"
#include "helper/names.h"

namespace compiler_cache {

struct GraphInput {
  PathId path;
  ContentId content;  ///< of a precompiled header: its origin (precompiled_headers.h)
  friend bool operator==(const GraphInput&, const GraphInput&) = default;
};

struct GraphAbsent {
  PathId folder;
  PathId name;  // a single name, interned like a path
  friend bool operator==(const GraphAbsent&, const GraphAbsent&) = default;
};

struct GraphEntry {
  std::vector<GraphInput> inputs;
  std::vector<std::int64_t> times;  ///< as in Variant
  std::vector<GraphAbsent> absent;
  Artifact artifact;
};

}  // namespace compiler_cache
