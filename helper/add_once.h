// Lists short enough to be searched through.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

namespace compiler_cache {

/// At the end, unless it is there already.
template <class T>
void add_once(std::vector<T>& all, T one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
}

}  // namespace compiler_cache
