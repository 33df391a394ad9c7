// What a finished compile looked for besides the files it read: the names that must stay absent for its
// result to stay right, and the constructs that no list of files can describe.
//
// A compiler that meets `#include <x.h>` tries each folder of its search path in turn. The depfile names only
// the file that was found. So for every include that the scanner saw in any input, the candidates before the
// one that was read become absent names; likewise those of `__has_include`, whose found candidate becomes an
// input. Instead of a candidate deep below a folder that does not exist, the first missing component on the
// way is recorded.
//
// Three names stand for more than themselves (see violated()):
//   "/"       the folder must still be a folder: it was passed over as a candidate because of that
//   "."       the link there must lead nowhere
//   "*.gch"   the folder must hold no precompiled header: GCC prefers `x.h.gch` to `x.h`, and looks for it
//             even where there is no `x.h`
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "helper/content_index.h"
#include "helper/file_key.h"
#include "helper/folder_listings.h"
#include "helper/names.h"
#include "helper/search_path.h"
#include "helper/uncacheable_reason.h"
#include "helper/variant.h"

namespace compiler_cache {

inline constexpr char kMustBeFolder[] = "/";
inline constexpr char kMustLeadNowhere[] = ".";
inline constexpr char kNoPrecompiledHeader[] = "*.gch";

/// Whether an absent name of a variant is there now.
bool violated(FolderListings& listings, PathId folder, const std::string& name);

/// Where a compile looks for precompiled headers, besides those that it names.
enum class PrecompiledSearch : std::uint8_t {
  none,
  beside_headers,  ///< GCC: x.h.gch in place of any x.h
  beside_forced,   ///< Clang: x.h.pch or x.h.gch in place of -include x.h, relative to the cwd
};

/// What header_lookup needs to know of the compile.
struct LookupContext {
  std::string cwd;
  SearchPath search;
  std::vector<std::string> forced_includes;    ///< -include, -imacros; as spelled
  std::vector<std::string> frontend_includes;  ///< -Xclang -include: not beside_forced
  PrecompiledSearch precompiled = PrecompiledSearch::beside_headers;
  /// A quoted name is looked for beside its includer, then beside that one's, up to the source; Microsoft's
  /// way. Backslashes in names are slashes there.
  bool includer_chain = false;
  bool include_aliases = false;  ///< #pragma include_alias is obeyed
  bool assembler = false;        ///< the source is assembler text
  bool date_is_fixed = false;    ///< __DATE__ and __TIME__ come from SOURCE_DATE_EPOCH, which is in the key
  std::vector<std::string> macros;  ///< names that the command may define as macros
  std::int64_t start_ns = 0;        ///< file clock before the compile began
};

struct LookupResult {
  std::vector<AbsentName> absent;    ///< sorted, each once
  std::vector<PathId> extra_inputs;  ///< found by probes only; their content is current in the index
  bool times_count = false;          ///< the result holds good only for these times of the inputs
  std::vector<PathId> precompiled;   ///< headers that the compile may have used; regular files
  /// Set: the result must not be kept, for this reason.
  std::optional<UncacheableReason> refusal;
  std::string detail;  ///< the file that the refusal is about
};

class HeaderLookup {
 public:
  HeaderLookup(FileSystem& files, PathTable& paths, ContentIndex& index, FolderListings& listings)
      : files_(files), paths_(paths), index_(index), listings_(listings) {}

  /// `inputs`: all that the compile read, the source first; each must be current in the index in this
  /// request.
  LookupResult analyse(const LookupContext& context, const std::vector<PathId>& inputs);

 private:
  enum class Candidate : std::uint8_t {
    missing,
    dangling,  ///< a link that leads nowhere
    folder,
    read,
    unread,
    changing,  ///< a file that the compile may have seen in another state, or not at all
    unsure,
  };
  void begin(const LookupContext& context, const std::vector<PathId>& inputs);
  void analyse_file(PathId file, ContentId content);
  bool refuse_for_scan(const ScanFacts& facts, PathId file);
  void follow_include(const IncludeSpelling& include, PathId file);
  void follow_probe(const IncludeSpelling& probe, PathId file);
  void follow_macro_probe(const IncludeSpelling& probe);
  void search(const IncludeSpelling& include, const std::string& name, PathId file, bool probe);
  bool may_be_macro(std::string_view word) const;
  void follow_forced(const std::string& name);
  void follow_predefined_header();
  void follow_computed();
  void check_passed_over(const std::vector<std::string>& folders, std::size_t end, std::string_view name);
  void resolve(const std::vector<std::string>& folders, std::string_view name, bool next, bool probe);
  void resolve_in_chain(const std::vector<std::string>& folders, const std::string& name, bool probe);
  const std::vector<std::string>& includer_folders();
  std::vector<std::string> folders_for(const IncludeSpelling& include, PathId file) const;

  Result<FileStat> stat_of(const std::string& path) const;
  Candidate classify(const std::string& path);
  void commit(const std::string& candidate, Candidate kind);
  void add_extra_input(const std::string& name);
  void follow_twin(const std::string& path);
  bool has_twins_among_inputs();
  void add_absent(std::string folder, std::string name);
  bool is_old_file(const std::string& path) const;
  bool is_old_link_to_nowhere(const std::string& path) const;
  void add_missing_folder(const std::string& folder);
  void add_first_missing(const std::string& path);
  void follow_clang_twin(const std::string& header);
  void follow_gcc_twin(const std::string& header);
  void note_precompiled(const std::string& path);
  void refuse(UncacheableReason reason, std::string detail);
  std::string absolute(std::string_view path) const;

  FileSystem& files_;
  PathTable& paths_;
  ContentIndex& index_;
  FolderListings& listings_;

  const LookupContext* context_ = nullptr;
  LookupResult result_;
  std::unordered_map<FileKey, PathId, FileKeyHash> read_files_;
  std::unordered_set<std::string> input_names_;   ///< as the compiler names them, "." left out
  std::unordered_set<std::uint64_t> read_sizes_;  ///< sizes of the inputs
  std::unordered_map<std::string, Candidate> candidates_;
  std::unordered_set<std::string> with_precompiled_;  ///< candidates that have one in their place
  std::unordered_set<std::string> resolved_;  ///< done: an include's form, folder, name; a probe's word
  std::unordered_set<std::string> absent_seen_;
  std::unordered_set<std::string> missing_folders_;  ///< what stands for all below them has been added
  std::vector<std::string> includer_folders_;        ///< once asked for
  std::vector<std::string> computed_folders_;        ///< of files with computed includes
  std::vector<PathId> inputs_;
  bool imports_ = false;  ///< an #import was seen
};

}  // namespace compiler_cache
