#include "depscan/folder_reach.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace compiler_cache {
namespace {

/// Names of the compilers themselves. __FILE_NAME__ has no folder in it.
constexpr std::string_view kTelling[] = {
    "__PRETTY_FUNCTION__", "__FUNCSIG__",    "__builtin_dump_struct",    "__FILE__",
    "__BASE_FILE__",       "__builtin_FILE", "__builtin_source_location"};
/// The first ones name a lambda, or a type without a name, by its file where Clang makes it an argument of a
/// template or shows it, and no map changes that (measured, 14).
constexpr std::size_t kNeverMapped = 3;

class FolderReach {
 public:
  explicit FolderReach(const FolderReachQuestion& question) : question_(question) {}

  std::string answer() {
    for (const ReadFile& file : question_.files) {
      if (file.facts->unsure) return "?";
    }
    find_possible_macros();
    const std::size_t count = question_.mapped ? kNeverMapped : std::size(kTelling);
    for (std::size_t i = 0; i < count; ++i) telling_.emplace(name_hash(kTelling[i]), kTelling[i]);
    find_telling_macros();
    return find_use();
  }

 private:
  bool possible(const Guard& guard) const {
    if (guard.never) return false;
    return std::all_of(guard.conditions.begin(), guard.conditions.end(),
                       [this](const DefinedCondition& condition) {
                         return condition.defined ? possibly_defined_.contains(condition.name)
                                                  : !always_defined_.contains(condition.name);
                       });
  }

  /// By index of guard, for one file.
  std::vector<bool> possible_guards(const FolderFacts& file) const {
    std::vector<bool> result;
    result.reserve(file.guards.size());
    for (const Guard& guard : file.guards) result.push_back(possible(guard));
    return result;
  }

  /// Every macro that some definition which may be reached defines. Only what the command or the compiler
  /// defines is so from the beginning, and only if nobody undefines it anywhere, no pragma either.
  void find_possible_macros() {
    std::unordered_set<NameHash> undefined;
    for (const ReadFile& file : question_.files)
      undefined.insert(file.facts->undefined.begin(), file.facts->undefined.end());
    for (const std::string& name : question_.undefined) undefined.insert(name_hash(name));
    const auto give = [&](NameHash name, bool lasting) {
      possibly_defined_.insert(name);
      if (lasting && !undefined.contains(name)) always_defined_.insert(name);
    };
    for (const NameHash name : question_.predefined) give(name, false);
    for (const std::string_view name : kListedNames) {
      if (possibly_defined_.contains(name_hash(name))) give(name_hash(name), true);
    }
    for (const MacroDefinition& definition : question_.defined)
      give(name_hash(definition.name), !may_be_unlisted(definition.name));
    for (bool grown = true; grown;) {
      grown = false;
      for (const ReadFile& file : question_.files) {
        const std::vector<bool> reached = possible_guards(*file.facts);
        for (const MacroDefinition& definition : file.facts->definitions) {
          if (reached[definition.guard] && possibly_defined_.insert(name_hash(definition.name)).second)
            grown = true;
        }
      }
    }
  }

  bool mentions_telling(const MacroDefinition& definition) const {
    return std::any_of(definition.mentions.begin(), definition.mentions.end(),
                       [this](NameHash name) { return telling_.contains(name); });
  }

  void find_telling_macros() {
    for (bool grown = true; grown;) {
      grown = false;
      const auto add = [&](const MacroDefinition& definition) {
        if (mentions_telling(definition) &&
            telling_.emplace(name_hash(definition.name), definition.name).second)
          grown = true;
      };
      for (const MacroDefinition& definition : question_.defined) add(definition);
      for (const ReadFile& file : question_.files) {
        const std::vector<bool> reached = possible_guards(*file.facts);
        for (const MacroDefinition& definition : file.facts->definitions) {
          if (reached[definition.guard]) add(definition);
        }
      }
    }
  }

  std::string find_use() {
    for (const MacroDefinition& definition : question_.defined) take_definition(definition, true);
    for (const ReadFile& file : question_.files) {
      const std::vector<bool> reached = possible_guards(*file.facts);
      for (const NameUse& use : file.facts->uses) {
        if (!reached[use.guard]) continue;
        if (const auto found = telling_.find(use.name); found != telling_.end()) return found->second;
        take_word(use.name, file.own);
      }
      for (const MacroDefinition& definition : file.facts->definitions) {
        if (reached[definition.guard]) take_definition(definition, file.own);
      }
    }
    for (const auto& [hash, name] : telling_) {
      const bool compilers = std::find(std::begin(kTelling), std::end(kTelling), name) != std::end(kTelling);
      pieces_ = compilers ? &own_ : &all_;
      if (is_pasted(name)) return name;
    }
    return {};
  }

  void take_word(NameHash word, bool own) {
    all_.words.insert(word);
    if (own) own_.words.insert(word);
  }

  void take_definition(const MacroDefinition& definition, bool own) {
    for (const NameHash word : definition.mentions) take_word(word, own);
    for (const std::vector<std::string>& paste : definition.pastes) {
      bool parameters_only = true;
      for (const std::string& piece : paste) {
        if (piece.empty()) continue;
        parameters_only = false;
        take_word(name_hash(piece), own);  // what it makes may be pasted again
      }
      all_.pastes.insert(paste);
      if (own || parameters_only) own_.pastes.insert(paste);
    }
  }

  bool is_word(std::string_view text) const { return pieces_->words.contains(name_hash(text)); }

  /// What a parameter beside ## may be: nothing, a word, or some that other macros have put together.
  bool fills_hole(std::string_view text) const {
    std::vector<bool> made(text.size() + 1);  // by length
    made[0] = true;
    for (std::size_t end = 1; end <= text.size(); ++end) {
      for (std::size_t begin = 0; begin < end && !made[end]; ++begin)
        made[end] = made[begin] && is_word(text.substr(begin, end - begin));
    }
    return made[text.size()];
  }

  /// By where they begin: how long the parts of `name` are that fill a hole. None is all of it: the name in
  /// one piece is a use, or in a macro that tells, too.
  std::vector<std::vector<std::size_t>> find_fillings(std::string_view name) const {
    std::vector<std::vector<std::size_t>> lengths(name.size() + 1);
    for (std::size_t at = 0; at <= name.size(); ++at) {
      for (std::size_t length = 0; length <= name.size() - at && length < name.size(); ++length) {
        if (fills_hole(name.substr(at, length))) lengths[at].push_back(length);
      }
    }
    return lengths;
  }

  /// Whether some paste can come to `name`.
  bool is_pasted(std::string_view name) const {
    constexpr std::size_t kLongestName = 128;  // in doubt it is
    const std::set<std::vector<std::string>>& pastes = pieces_->pastes;
    if (pastes.empty() || name.size() > kLongestName) return !pastes.empty();
    const std::vector<std::vector<std::size_t>> fillings = find_fillings(name);
    return std::any_of(pastes.begin(), pastes.end(), [&](const std::vector<std::string>& paste) {
      return can_make(paste, name, fillings);
    });
  }

  /// Piece by piece: to which beginnings of the name do they lead? Each hole may be empty, so that of many in
  /// a row soon none leads further.
  static bool can_make(const std::vector<std::string>& paste, std::string_view name,
                       const std::vector<std::vector<std::size_t>>& fillings) {
    std::vector<bool> reached(name.size() + 1);
    reached[0] = true;
    bool settled = false;
    for (const std::string& piece : paste) {
      if (settled && piece.empty()) continue;
      std::vector<bool> next(name.size() + 1);
      for (std::size_t at = 0; at <= name.size(); ++at) {
        if (!reached[at]) continue;
        if (piece.empty()) {
          for (const std::size_t length : fillings[at]) next[at + length] = true;
        } else if (name.substr(at).starts_with(piece)) {
          next[at + piece.size()] = true;
        }
      }
      settled = piece.empty() && next == reached;
      reached = std::move(next);
    }
    return reached[name.size()];
  }

  /// Of which names may be put together.
  struct Pieces {
    std::unordered_set<NameHash> words;
    std::set<std::vector<std::string>> pastes;  ///< the most usual one, a ## b, once
  };

  const FolderReachQuestion& question_;
  std::unordered_set<NameHash> possibly_defined_;
  std::unordered_set<NameHash> always_defined_;
  std::unordered_map<NameHash, std::string> telling_;
  Pieces all_;
  Pieces own_;  // those in the project's files
  const Pieces* pieces_ = &all_;
};

}  // namespace

std::string name_that_tells_folder(const FolderReachQuestion& question) {
  return FolderReach(question).answer();
}

}  // namespace compiler_cache
