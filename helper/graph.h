// The dependency graph in memory: for each context the variants that it came out with, newest use first, and
// the question whether one of them still holds.
//
// A variant holds when every input has the content it had and no name that was looked for in vain exists now.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "helper/artifact.h"
#include "helper/content_index.h"
#include "helper/digest.h"
#include "helper/folder_listings.h"
#include "helper/graph_entry.h"
#include "helper/names.h"
#include "helper/precompiled_headers.h"
#include "helper/unread_contexts.h"
#include "helper/variant.h"

namespace compiler_cache {

/// Variants kept per context; the least recently used goes first.
inline constexpr std::size_t kMaxVariants = 16;

class Graph {
 public:
  using Input = GraphInput;
  using Absent = GraphAbsent;
  using Entry = GraphEntry;

  enum class State : std::uint8_t { cold, warm, stale };

  /// How often find() came to each state.
  struct Lookups {
    std::uint64_t cold = 0;
    std::uint64_t warm = 0;
    std::uint64_t stale = 0;
  };

  struct Match {
    State state = State::cold;
    const Entry* entry = nullptr;  ///< when warm; valid until the graph changes
    bool name_appeared = false;    ///< when stale: the newest variant failed on a name, not on an input
    std::string cause;             ///< when stale: the path that made the newest variant fail
  };

  Graph(PathTable& paths, ContentTable& contents, ContentIndex& index, FolderListings& listings)
      : paths_(paths),
        contents_(contents),
        index_(index),
        listings_(listings),
        precompiled_(paths, contents, index) {}

  bool has(const Digest& context) const {
    return contexts_.contains(context) || (unread_ != nullptr && unread_->has(context));
  }

  /// The first variant of the context that holds, which becomes the most recently used.
  Match find(const Digest& context);

  /// What find() compares first; null when nothing is known of the context.
  const Entry* newest(const Digest& context) const {
    read(context);
    const auto found = contexts_.find(context);
    return found == contexts_.end() || found->second.empty() ? nullptr : &found->second.front();
  }

  /// Whether a variant that is not in the graph would hold now.
  bool would_hold(const Variant& variant);

  /// Puts a variant first. One with the same inputs and absent names is replaced.
  void add(const Digest& context, const Variant& variant);

  /// Drops the entry that find() answered with last for this context (its result is gone).
  void drop_first(const Digest& context);

  /// Drops what the context has for the same inputs as this variant's.
  void drop(const Digest& context, const Variant& variant);

  /// Drops every entry whose artifact names one of these blobs, which are gone from every tier. Returns how
  /// many entries that were.
  std::size_t drop_blobs(const std::unordered_set<Digest>& gone);

  void clear() {
    unread_.reset();
    contexts_.clear();
    precompiled_.clear();
  }
  std::size_t context_count() const { return contexts_.size() + unread_count(); }
  /// Of those, how many nobody has asked for since they were loaded.
  std::size_t unread_count() const { return unread_ == nullptr ? 0 : unread_->count(); }
  std::size_t variant_count() const;
  const Lookups& lookups() const { return lookups_; }

  /// Every context with its variants, most recently used first. For persistence.
  void for_each(const std::function<void(const Digest&, const std::list<Entry>&)>& visit) const;
  /// Appends a variant as the least recently used one, if there is room. For loading.
  void adopt(const Digest& context, Entry entry);
  /// Contexts that are read when they are asked for; none that is known already, none whose result is a
  /// precompiled header. For loading.
  void adopt_later(std::unique_ptr<UnreadContexts> unread) { unread_ = std::move(unread); }

  /// What is known of the precompiled headers that entries of this graph made, also of those that went.
  const PrecompiledHeaders& precompiled() const { return precompiled_; }

  /// What is known of the context, most recently used first, whether it holds or not.
  std::vector<Variant> variants_of(const Digest& context) const;

  /// An entry in the form in which it travels between trees.
  Variant expand(const Entry& entry) const;

 private:
  Entry make_entry(const Variant& variant);
  bool holds(const Entry& entry, Match& match);
  void adopt_read(const Digest& context, Entry entry) const;
  void read(const Digest& context) const;
  void read_all() const;

  PathTable& paths_;
  ContentTable& contents_;
  ContentIndex& index_;
  FolderListings& listings_;
  PrecompiledHeaders precompiled_;
  mutable std::unordered_map<Digest, std::list<Entry>> contexts_;  // those that are read
  mutable std::unique_ptr<UnreadContexts> unread_;                 // the rest; null: none
  Lookups lookups_;
};

}  // namespace compiler_cache
