// Gathers the facts of several passes over one text. Internal to depscan.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "depscan/token_scan.h"

namespace compiler_cache {

class FactCollector {
 public:
  ScanFacts facts;

  void add_include(IncludeSpelling spelling) { add(std::move(spelling), facts.includes, includes_seen_); }
  void add_probe(IncludeSpelling spelling) { add(std::move(spelling), facts.probes, probes_seen_); }
  void add_macro(std::string_view name) { facts.macros.push_back(macro_name_hash(name)); }
  /// The facts, once nothing more is added.
  ScanFacts take() {
    std::vector<std::uint64_t>& macros = facts.macros;
    std::sort(macros.begin(), macros.end());
    macros.erase(std::unique(macros.begin(), macros.end()), macros.end());
    return std::move(facts);
  }

 private:
  static void add(IncludeSpelling spelling, std::vector<IncludeSpelling>& list,
                  std::unordered_set<std::string>& seen) {
    std::string key = spelling.name;
    key += static_cast<char>('0' + static_cast<int>(spelling.form));
    key += spelling.next ? 'n' : ' ';
    key += spelling.import ? 'i' : ' ';
    key += spelling.in_macro ? 'm' : ' ';
    key += spelling.expanded ? 'e' : ' ';
    if (seen.insert(std::move(key)).second) list.push_back(std::move(spelling));
  }

  std::unordered_set<std::string> includes_seen_;
  std::unordered_set<std::string> probes_seen_;
};

}  // namespace compiler_cache
