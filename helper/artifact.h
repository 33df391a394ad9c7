// What one compile left behind, as the cache keeps it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "helper/digest.h"

namespace compiler_cache {

/// What an output is to the compile. The numbers are part of the disk format: never reuse one.
enum class OutputRole : std::uint8_t {
  object = 0,               ///< what -o names: object or assembly
  depfile = 1,              ///< the user's depfile, as written for `depfile_targets`
  split_dwarf = 2,          ///< .dwo
  coverage_notes = 3,       ///< .gcno
  stack_usage = 4,          ///< .su
  callgraph_info = 5,       ///< .ci
  diagnostics = 6,          ///< .dia
  optimization_record = 7,  ///< .opt.yaml, .opt-record.json.gz
  precompiled_header = 8,   ///< what -o names: .gch, .pch
  link_map = 9,             ///< what -Map names
};

inline constexpr OutputRole kLastOutputRole = OutputRole::link_map;

/// Whether -o names an output of this role.
constexpr bool is_main_output(OutputRole role) {
  return role == OutputRole::object || role == OutputRole::precompiled_header;
}

struct ArtifactOutput {
  OutputRole role = OutputRole::object;
  Digest blob;
  std::uint64_t size = 0;

  friend bool operator==(const ArtifactOutput&, const ArtifactOutput&) = default;
};

/// A successful compile's whole result. Failed compiles are never kept, so the exit code is always 0.
struct Artifact {
  std::vector<ArtifactOutput> outputs;
  Digest standard_output;  ///< blob, zero when nothing was printed
  Digest standard_error;   ///< blob, zero when nothing was printed
  std::vector<std::string>
      depfile_targets;  ///< targets (as they stand in the file) that the depfile blob was written with
  std::uint64_t compile_us = 0;  ///< wall time of the compile, microseconds

  friend bool operator==(const Artifact&, const Artifact&) = default;
};

}  // namespace compiler_cache
