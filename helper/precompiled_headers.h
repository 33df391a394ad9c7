// What the precompiled headers of this tree were made from.
//
// A compile that uses one depends on everything that was read when it was made, which GCC's depfile does not
// tell, and GCC writes other bytes each time. So a precompiled header that a compile may have used counts as
// an input whose content is its *origin*: a digest over the context that made it and over the inputs that
// were read. Which origin the bytes of a file have is known from the variants that made such files, and from
// nowhere else: bytes of unknown origin stand for nothing.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "helper/content_index.h"
#include "helper/digest.h"
#include "helper/graph_entry.h"
#include "helper/names.h"

namespace compiler_cache {

class PrecompiledHeaders {
 public:
  /// How one was made.
  struct Making {
    ContentId origin = kNoId;
    std::vector<GraphInput> inputs;
    std::vector<std::int64_t>
        times;  ///< those that the file itself holds; the compiler refuses it for others
  };

  PrecompiledHeaders(PathTable& paths, ContentTable& contents, ContentIndex& index)
      : paths_(paths), contents_(contents), index_(index) {}

  /// Takes note of an entry of the graph, if its result is a precompiled header.
  void learn(const Digest& context, const GraphEntry& entry);

  /// How a file of that content was made; null when that is not known. Valid until the next learn().
  const Making* find(ContentId bytes) const;

  /// Whether a file of that content was made from `origin`, and the compiler would take it now.
  bool stands_for(ContentId bytes, ContentId origin);

  void clear() { makings_.clear(); }

 private:
  bool accepted(const Making& making);

  PathTable& paths_;
  ContentTable& contents_;
  ContentIndex& index_;
  std::unordered_map<ContentId, std::vector<Making>> makings_;  // newest last
};

}  // namespace compiler_cache
