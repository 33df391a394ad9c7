// Depfiles: the Makefile fragments that -MD and its kin write. Reading them gives the inputs of a compile;
// rewriting one for another target gives, on a hit, the bytes that the compiler would have written for the
// current request.
//
// The grammar as GCC (libcpp) and Clang write it, both measured:
//
//   depfile      = main-rule *( phony-rule )
//   main-rule    = target *( sep target ) ":" *( sep name ) newline
//   phony-rule   = [ newline ] name ":" newline              ; -MP; Clang and GCC before 10 put an empty line
//   before it sep          = " " | " \" newline " "                    ; never a tab; Clang continues target
//   lists with two spaces name         = bytes; "$" as "$$", "#" as "\#", " " as "\ ", N backslashes before a
//   space as 2N + 1
//
// GCC escapes a tab like a space, Clang leaves it bare. Nobody escapes "%" or ":". A name that ends in a
// backslash cannot be told from one that goes on with a space, and Clang writes "/" for every backslash in a
// name: such a name comes out as that of a file which is most likely not there, so callers must treat a
// missing input as "not known", never skip it.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace compiler_cache {

/// Whose writer made a depfile. Clang stands for clang-cl, too.
enum class DepfileDialect { gcc, clang };

struct DepfileRule {
  std::vector<std::string> targets;        ///< as written: an -MT target is raw text that nobody has escaped
  std::vector<std::string> prerequisites;  ///< file names, unescaped

  bool operator==(const DepfileRule&) const = default;
};

struct Depfile {
  std::vector<DepfileRule> rules;

  bool operator==(const Depfile&) const = default;
};

/// Reads `text`, which may also have CRLF line ends, any blank space where a separator goes, and a last line
/// without end. corrupt, with the offset: no rule at all, a rule without target or colon, a NUL byte.
/// unsupported: GCC's rules about C++ modules, whose prerequisites are no files.
/// Linear in the length of `text`, which the caller limits.
Result<Depfile> parse_depfile(std::string_view text);

/// Every prerequisite once, in the order of first mention. Targets of phony rules are no inputs by
/// themselves.
std::vector<std::string> depfile_inputs(const Depfile& depfile);

/// `name` as the compiler writes a target that was given by -MQ or made up from the object's name.
std::string quote_depfile_target(std::string_view name, DepfileDialect dialect);

/// One -MT (raw) or -MQ (quoted) option.
struct DepfileTarget {
  std::string name;
  bool quoted = false;
};

/// What the compiler writes for these options, in the order in which it writes them: GCC moves -MT targets
/// before -MQ ones and drops a leading "./".
std::vector<std::string> depfile_target_texts(std::span<const DepfileTarget> targets, DepfileDialect dialect);

/// The bytes that the compiler which wrote `text` would have written for the targets `target_texts` (as made
/// by depfile_target_texts or quote_depfile_target; at least one): same prerequisites, same phony rules,
/// lines wrapped anew. unsupported, when the dialect's writer would not have produced exactly `text` from
/// what it says, so that what it would write for another target is a guess. corrupt, as parse_depfile.
Result<std::string> retarget_depfile(std::string_view text, std::span<const std::string> target_texts,
                                     DepfileDialect dialect);

/// The bytes that the compiler which wrote `text` would have written if `rename` were the name of each file,
/// and the text of each target. `rename` gives nothing where there is no such name. Errors as of
/// retarget_depfile, and unsupported where a name has none or would not be written as it is read.
using DepfileRename = std::function<std::optional<std::string>(std::string_view)>;
Result<std::string> rename_in_depfile(std::string_view text, const DepfileRename& rename,
                                      DepfileDialect dialect);

}  // namespace compiler_cache
