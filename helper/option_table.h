// The shape of a compiler's option table: one row an option, as data, so that a reviewer can hold it against
// the compiler's manual. What the effects mean is carried out in command_parser.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "helper/artifact.h"
#include "helper/compiler_family.h"
#include "helper/uncacheable_reason.h"

namespace compiler_cache {

/// How an option takes its value.
enum class ValueStyle : std::uint8_t {
  none,                ///< -c
  joined,              ///< -std=c11; the value may be empty
  separate,            ///< -Xclang x
  joined_or_separate,  ///< -Idir, -I dir
};

/// Which compilers a row is for: of the GNU dialect, or of the MSVC one.
enum class Families : std::uint8_t { gcc = 1, clang = 2, both = 3, clang_cl = 4, cl = 8, either_cl = 12 };

/// What an option does to key, inputs and outputs. "Probe" is the call that asks the compiler for its search
/// folders; an option goes there unless its effect says otherwise.
enum class Effect : std::uint8_t {
  key,             ///< in the key as it is
  key_unprobed,    ///< likewise, but cannot change search folders: not probed
  path,            ///< its value is a path that lands in the object or steers the compiler, but no input file
  path_unprobed,   ///< likewise, not probed
  prefix_map,      ///< old=new, of which old is a path; not probed
  family,          ///< a whole family of options: in the key, if without '='
  compile,         ///< -c
  assemble,        ///< -S
  emit_llvm,       ///< default output names .bc and .ll
  output,          ///< -o
  language,        ///< -x
  search_folder,   ///< a header search folder of the row's kind
  include_prefix,  ///< -iprefix
  prefixed_folder,     ///< -iwithprefix: a system folder below the prefix
  forced_include,      ///< -include
  forced_macros,       ///< -imacros
  precompiled_header,  ///< -include-pch
  sysroot,
  depfile_all,          ///< -MD
  depfile_user,         ///< -MMD
  depfile_name,         ///< -MF
  depfile_target,       ///< -MT
  depfile_quoted,       ///< -MQ
  depfile_phony,        ///< -MP
  input_file,           ///< its value is a file that the compiler reads
  profile_use,          ///< profile data under a name of its own
  machine,              ///< -march= and its like: "native" is this machine's
  architecture,         ///< -arch
  color,                ///< whether diagnostics are coloured
  record_command_line,  ///< the command line lands in the object
  lto_on,
  lto_off,
  debug_on,   ///< an option that asks for debug information, among other things that matter to .dwo files
  debug_off,  ///< -g0
  includer_chain,  ///< -fms-compatibility
  split_dwarf_on,
  split_dwarf_off,
  dump_name,        ///< -dumpbase and its like, which rename additional outputs
  names_in_object,  ///< the output's name lands in the object
  extra_output,     ///< an additional output of the row's role, named after the object
  extra_output_off,
  named_output,         ///< an additional output of the row's role, named by the value
  to_assembler,         ///< -Wa,a,b and -Xassembler a
  to_preprocessor,      ///< -Wp,a,b
  one_to_preprocessor,  ///< -Xpreprocessor a
  to_frontend,          ///< -Xclang a
  to_optimizer,         ///< -mllvm a
  // Of the MSVC dialect.
  to_driver,      ///< /clang:a: what Clang's own dialect takes as a, behind everything else
  all_sources,    ///< /TC and /TP: the language of all sources, whatever their place
  source,         ///< /Tc and /Tp: a source and its language
  include_notes,  ///< /showIncludes
  link_rest,      ///< /link: all that follows is the linker's
  time_stamp_off,
  time_stamp_on,  ///< whether the object holds the time of its making
  refuse,
};

enum class SearchFolderKind : std::uint8_t { quote, angle, system, after, framework };

struct OptionRow {
  std::string_view spelling;  ///< in the MSVC dialect without the '/' or '-' in front
  ValueStyle style = ValueStyle::none;
  Families families = Families::both;
  Effect effect = Effect::key;
  UncacheableReason reason = UncacheableReason::unknown_option;  ///< of refuse
  SearchFolderKind folder = SearchFolderKind::angle;             ///< of search_folder
  OutputRole role = OutputRole::object;                          ///< of extra_output and named_output
};

/// A table made ready for looking options up: O(log rows) an argument.
class OptionTable {
 public:
  OptionTable(std::span<const OptionRow> first, std::span<const OptionRow> second, CompilerFamily family);
  explicit OptionTable(const std::vector<const OptionRow*>& rows);

  /// The row with the longest spelling that fits `argument`, as the drivers themselves choose; null when none
  /// does.
  const OptionRow* find(std::string_view argument) const;

  /// Every spelling of the family, sorted; for tests of coverage.
  std::vector<std::string_view> spellings() const;

 private:
  void link();

  struct Entry {
    const OptionRow* row;
    int shorter;  ///< index of the longest other spelling that this one begins with, or -1
  };
  std::vector<Entry> entries_;  // constant after construction, sorted by spelling
};

/// The GNU dialect's rows: everything but -f and -m, and those.
std::span<const OptionRow> gnu_general_rows();
std::span<const OptionRow> gnu_feature_rows();

/// The GNU dialect's table for `family`; built at first use, then shared by all threads.
const OptionTable& gnu_option_table(CompilerFamily family);

/// The MSVC dialect's rows, for '/' and '-' alike.
std::span<const OptionRow> msvc_rows();

/// Spellings of the GNU dialect outside -f and -m that clang-cl takes as they are.
std::span<const std::string_view> clang_cl_core_spellings();

/// What a row for `text` is, and how much of `text` it spells.
struct FoundOption {
  const OptionRow* row = nullptr;
  std::size_t length = 0;  ///< of the option's name in `text`; a joined value follows
};

/// The row for `text` in the dialect of `family`; without a row when none fits.
FoundOption find_option(CompilerFamily family, std::string_view text);

}  // namespace compiler_cache
