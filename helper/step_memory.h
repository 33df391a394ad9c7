// How each output of the tree was made the last time: the command, compiler and environment that its key was
// made from. The graph knows a context by its digest only; this is what a context that is cold is compared
// with, so that a person can be told what is different. Nothing else rests on it: when it is lost, the next
// misses are "made for the first time".
//
// Encoded form (msgpack), sealed as `history/last`, magic CCbl:
//   memory   = [1, [text...], [list...], [compiler...], count, bytes]
//   list     = 4 bytes for each text in it
//   compiler = [program, name, digest, files]     files: 4 + 8 bytes each, path and content
//   bytes    = for each output 8 numbers of 4 bytes, and one of 8:
//              output, source, options, environment, folder, compiler, reason, detail; context
// A text is its place in the list, 0xffffffff for none. `digest`, `content` and `context` are the first eight
// bytes of the real ones: enough to tell whether something is another. All numbers are little endian.
//
// Version history
//   1  first version
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "helper/identity.h"
#include "helper/miss_cause.h"
#include "helper/names.h"
#include "helper/sealed_bytes.h"

namespace compiler_cache {

class Node;

inline constexpr SealKind kMemoryKind{"CCbl", 1, std::uint64_t{1} << 28};
inline constexpr char kMemoryName[] = "last";
/// Beyond that many outputs it begins anew.
inline constexpr std::size_t kMaxRememberedSteps = 200'000;

/// What a step's key was made from.
struct StepAsked {
  std::string program;               ///< argv[0]
  std::string source;                ///< absolute
  std::vector<std::string> options;  ///< comparable_options()
  std::vector<std::string> environment;
  std::string folder;
  std::shared_ptr<const Identity> compiler;
  std::uint64_t context = 0;
};

/// Loop thread only, but for encode().
class StepMemory {
 public:
  /// 0 when the output was never made.
  std::uint64_t context_of(std::string_view output) const;

  /// `not_kept`: stable name of the reason why nothing was kept of it; empty when its result was.
  void remember(std::string_view output, const StepAsked& asked, std::string_view not_kept = {},
                std::string_view detail = {});

  /// Why a context that nothing is known of is cold. Never empty.
  std::vector<Cause> compare(std::string_view output, const StepAsked& asked) const;

  /// While it is frozen, encode() may run on another thread, and what is to be remembered waits.
  void freeze() { frozen_ = true; }
  void thaw();
  bool frozen() const { return frozen_; }
  bool take_changed() { return std::exchange(changed_, false); }
  std::size_t size() const { return entries_.size(); }

  std::string encode() const;
  /// `corrupt` when it is not of the form above.
  static Result<StepMemory> decode(std::string_view bytes);

 private:
  using ListId = std::uint32_t;

  struct Entry {
    PathId source = kNoId;
    ListId options = kNoId;
    ListId environment = kNoId;
    PathId folder = kNoId;
    std::uint32_t compiler = kNoId;
    PathId reason = kNoId;
    PathId detail = kNoId;
    std::uint64_t context = 0;
  };
  struct Compiler {
    std::string program;
    std::string name;
    std::uint64_t digest = 0;
    std::vector<std::pair<PathId, std::uint64_t>> files;
  };
  struct Waiting {
    std::string output;
    StepAsked asked;
    std::string not_kept;
    std::string detail;
  };
  class Encoder;

  PathId text(std::string_view text) { return text.empty() ? kNoId : texts_.intern(text); }
  std::string text_of(PathId id) const { return id == kNoId ? std::string() : texts_[id]; }
  ListId list(const std::vector<std::string>& words);
  std::vector<std::string> list_of(ListId id) const;
  std::uint32_t compiler(const StepAsked& asked);
  const Entry* find(std::string_view output) const;
  void compare_compilers(const Compiler& before, const StepAsked& now, bool same_command,
                         std::vector<Cause>& causes) const;
  bool decode_tables(const Node& root);
  bool decode_compiler(const Node& node);
  bool decode_entries(std::string_view packed, std::uint64_t count);
  bool is_text(PathId id) const { return id == kNoId || id < texts_.size(); }

  PathTable texts_;
  PathTable lists_;  ///< four bytes for each text
  std::vector<Compiler> compilers_;
  std::unordered_map<PathId, Entry> entries_;  ///< by output
  std::vector<Waiting> waiting_;
  bool frozen_ = false;
  bool changed_ = false;
};

}  // namespace compiler_cache
