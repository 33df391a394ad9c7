// What a helper has recorded about each compile of its tree, as it is on disk. For looking at (the subcommand
// `dump`), so that a test can hold it against what the compilers really opened and looked for.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "helper/clock.h"
#include "helper/digest.h"
#include "helper/file_system.h"
#include "helper/identity.h"
#include "helper/names.h"
#include "helper/search_path_cache.h"
#include "helper/variant.h"

namespace compiler_cache {

struct RecordedTree {
  struct Context {
    Digest digest;
    std::vector<Variant> variants;  ///< most recently used first; the first input of each is its source
  };
  std::vector<Context> contexts;
  std::vector<Identity> identities;
  std::vector<SearchPathCache::Entry> searches;
};

/// What the result that was used last of each context read, with paths as numbers: of a large tree they are
/// too many to be written out.
struct RecordedInputs {
  struct Unit {
    std::uint64_t context = 0;  ///< the first eight bytes of its digest, as in StepRecord
    std::uint64_t compile_us = 0;
    std::vector<PathId> inputs;  ///< of a compile the first is its source
  };
  PathTable paths;
  std::vector<Unit> units;
};

/// From the newest session of `folder` (a .compiler-cache), finished or not. Changes nothing. An error when
/// there is none or a part of it cannot be read: whoever compares must not take half for the whole.
Result<RecordedTree> read_recorded_tree(FileSystem& files, const Clock& clock, const std::string& folder);
Result<RecordedInputs> read_recorded_inputs(FileSystem& files, const Clock& clock, const std::string& folder);

}  // namespace compiler_cache
