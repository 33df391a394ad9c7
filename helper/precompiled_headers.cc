#include "helper/precompiled_headers.h"

#include <algorithm>
#include <utility>

#include "helper/hasher.h"

namespace compiler_cache {
namespace {

/// The same bytes can come from several contexts, when those differ in what does not matter to them.
constexpr std::size_t kMaxMakings = 16;

}  // namespace

void PrecompiledHeaders::learn(const Digest& context, const GraphEntry& entry) {
  const auto output =
      std::find_if(entry.artifact.outputs.begin(), entry.artifact.outputs.end(),
                   [](const ArtifactOutput& each) { return each.role == OutputRole::precompiled_header; });
  if (output == entry.artifact.outputs.end()) return;

  // Not the absent names: two makings that read the same files differ in none that matters.
  std::vector<GraphInput> sorted = entry.inputs;
  std::sort(sorted.begin(), sorted.end(), [&](const GraphInput& left, const GraphInput& right) {
    return paths_[left.path] < paths_[right.path];
  });
  Hasher hasher;
  hasher.item("precompiled header of", context.view());
  for (const GraphInput& input : sorted) {
    hasher.item("input", paths_[input.path]).item("content", contents_[input.content].view());
  }
  Making making{contents_.intern(hasher.finish()), entry.inputs, entry.times};

  std::vector<Making>& known = makings_[contents_.intern(output->blob)];
  std::erase_if(known, [&](const Making& old) { return old.origin == making.origin; });
  known.push_back(std::move(making));
  if (known.size() > kMaxMakings) known.erase(known.begin());
}

const PrecompiledHeaders::Making* PrecompiledHeaders::find(ContentId bytes) const {
  const auto found = makings_.find(bytes);
  return found == makings_.end() ? nullptr : &found->second.back();
}

bool PrecompiledHeaders::stands_for(ContentId bytes, ContentId origin) {
  const auto found = makings_.find(bytes);
  return found != makings_.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](const Making& making) { return making.origin == origin && accepted(making); });
}

bool PrecompiledHeaders::accepted(const Making& making) {
  for (std::size_t i = 0; i < making.times.size(); ++i) {
    const PathId path = making.inputs[i].path;
    const FileStat* stat = index_.current(path) == kNoId ? nullptr : index_.stat_of(path);
    if (stat == nullptr || stat->mtime_ns != making.times[i]) return false;
  }
  return true;
}

}  // namespace compiler_cache
