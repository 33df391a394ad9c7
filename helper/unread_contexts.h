// Contexts of the graph that stand in memory as they stand on disk: packed, many to a section. A section is
// unpacked when one of its contexts is asked for, so that the first answer does not wait for all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "helper/digest.h"
#include "helper/graph_entry.h"
#include "helper/names.h"

namespace compiler_cache {

class UnreadContexts {
 public:
  /// Unpacks a section: calls for each entry, a context's most recently used one first. False: it is damaged,
  /// and the calls so far do not count.
  using Adopt = std::function<void(const Digest& context, GraphEntry entry)>;
  using Unpack = std::function<bool(std::string_view section, const Adopt& adopt)>;

  explicit UnreadContexts(Unpack unpack) : unpack_(std::move(unpack)) {}

  /// False when one of the contexts is in another section.
  bool add(std::vector<Digest> contexts, std::uint64_t variants, std::string_view section);

  bool has(const Digest& context) const { return sections_of_.contains(context); }
  std::size_t count() const { return sections_of_.size(); }
  /// As many variants as those who packed them said.
  std::uint64_t variants() const { return variants_; }

  /// Unpacks the section that the context is in, if there is one. It is forgotten here; what is in it, and
  /// was announced, is adopted.
  void take(const Digest& context, const Adopt& adopt);
  void take_all(const Adopt& adopt);

 private:
  struct Section {
    std::vector<Digest> contexts;
    std::uint64_t variants = 0;
    std::string packed;
  };
  void take_section(std::uint32_t number, const Adopt& adopt);

  const Unpack unpack_;
  std::vector<Section> sections_;
  std::unordered_map<Digest, std::uint32_t> sections_of_;
  std::uint64_t variants_ = 0;
};

}  // namespace compiler_cache
