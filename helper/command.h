// What a compile command asks for: its source, its outputs, what it depends on besides the source, and the
// part of it that decides the result. Pure text: nothing here touches the disk, but for response files, which
// come through a callback.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "helper/artifact.h"
#include "helper/compiler_family.h"
#include "helper/language.h"
#include "helper/option_table.h"
#include "helper/response_file.h"
#include "helper/uncacheable_reason.h"

namespace compiler_cache {

struct CommandInput {
  std::vector<std::string> argv;  ///< argv[0] is the compiler
  std::string cwd;                ///< absolute
  CompilerFamily family = CompilerFamily::gcc;
  /// Whether the driver compiles .c files as C++; by argv[0]'s name when not known otherwise (a wrapper
  /// script's name says little).
  std::optional<bool> cxx_driver;
  /// Whether Clang compiles for Microsoft's platform unless the command says otherwise.
  bool msvc_target = false;
  /// The variables CL and _CL_: in the MSVC dialect, options before and behind those of argv.
  std::string options_before = {};
  std::string options_behind = {};
};

/// The command is not cached, and why.
struct Refusal {
  UncacheableReason reason = UncacheableReason::unknown_option;
  std::string detail;  ///< the option's or file's name; may be empty
};

enum class Action : std::uint8_t { compile, assemble, archive, link };

/// Which depfile the user asked for.
enum class DepfileMode : std::uint8_t {
  none,
  md,   ///< all headers
  mmd,  ///< without system headers
};

/// Whether the compiler tells the user which headers it includes (/showIncludes).
enum class IncludeNotes : std::uint8_t {
  none,
  user_headers,  ///< without system headers
  all,
};

/// Where a miss learns the headers from.
enum class DependencySource : std::uint8_t {
  user_depfile,     ///< the user's own lists them all
  private_depfile,  ///< compile_argv() asks for one
  scan,             ///< scan_argv() lists them in a run of its own
  user_notes,       ///< the user's own include notes name them all
  link_list,        ///< the linker lists what it reads, at a place of ours
  private_notes,    ///< compile_argv() asks for such notes, which the launcher strips
  none,             ///< the source isn't preprocessed: it and the named inputs are all there is
};

struct OutputFile {
  OutputRole role = OutputRole::object;
  std::string path;  ///< as the compiler names it: relative to the cwd, or absolute
};

struct SearchFolder {
  SearchFolderKind kind = SearchFolderKind::angle;
  std::string path;  ///< as spelled
};

struct ForcedInclude {
  std::string name;          ///< as spelled
  bool macros_only = false;  ///< -imacros
  bool by_frontend = false;  ///< -Xclang -include: no precompiled header is looked for in its place
};

/// A file that an option names and the compiler reads. What cannot be read as a regular file makes the
/// compile uncacheable, but for an absent one where that is allowed: then its absence is what counts.
struct NamedInput {
  std::string path;  ///< as the compiler names it: relative to the cwd, or absolute
  bool may_be_absent = false;
};

enum class KeyTag : std::uint8_t {
  flag,
  path,  ///< text is a path, whose root the key may replace by a token
};

/// One argument of the normalised command. Spellings that differ may give different keys; equal items mean
/// the same.
struct KeyItem {
  KeyTag tag = KeyTag::flag;
  std::string prefix;  ///< "-I" for -Ix, "-I " for -I x, empty for a flag in one piece
  std::string text;

  friend bool operator==(const KeyItem&, const KeyItem&) = default;
};

struct Command {
  Language language = Language::c;
  Action action = Action::compile;
  std::string input;   ///< as spelled; of an archive or a link empty: what goes into it are named inputs
  std::string output;  ///< as given, else as the compiler derives it
  bool output_given = false;
  std::vector<OutputFile> extra_outputs;

  bool reads_sources() const { return action == Action::compile || action == Action::assemble; }
  /// What the step is about, for people.
  const std::string& subject() const { return input.empty() ? output : input; }
  bool makes_precompiled_header() const { return reads_sources() && is_header(language); }
  OutputRole main_role() const {
    return makes_precompiled_header() ? OutputRole::precompiled_header : OutputRole::object;
  }

  DepfileMode depfile_mode = DepfileMode::none;
  std::string depfile;             ///< empty when none is written
  bool depfile_discarded = false;  ///< -MF /dev/null
  bool phony_targets = false;      ///< -MP
  bool targets_given = false;      ///< by -MT or -MQ
  /// As they stand in the depfile: those given, else the one the compiler makes up. Empty without a depfile.
  std::vector<std::string> depfile_targets;
  DependencySource dependencies = DependencySource::none;
  IncludeNotes include_notes = IncludeNotes::none;  ///< those that the user asked for

  std::vector<SearchFolder> search_folders;    ///< those of the command, in order; the compiler has its own
  std::vector<ForcedInclude> forced_includes;  ///< in order
  std::string sysroot;                         ///< of the headers; empty when not given
  std::vector<NamedInput> named_inputs;
  std::vector<std::string> library_folders;      ///< of a link: -rpath and -rpath-link
  std::vector<std::string> precompiled_headers;  ///< that the command names, as spelled
  bool header_times_count = false;  ///< the result is a precompiled header that holds the times of its inputs

  /// In order; without output names, but where they land in the result, and without the depfile's name and
  /// targets.
  std::vector<KeyItem> key;
  /// What can change search folders or predefined macros, for `compiler <these> -E -v -x <language>
  /// /dev/null`.
  std::vector<std::string> probe_arguments;
  bool uses_native_machine = false;      ///< -march=native and its like
  bool records_command_line = false;     ///< argv as it is lands in the object, and must be in the key
  bool searches_includer_chain = false;  ///< "x.h" is looked for in the folders of all files that led to it
  bool bytes_vary = false;               ///< the compiler writes other bytes each time
  bool color_decided = false;            ///< else the terminal decides whether diagnostics are coloured

  CompilerFamily family = CompilerFamily::gcc;
  std::vector<std::string> expanded_argv;  ///< response files replaced, with the options of the environment
  std::vector<bool> not_scanned;           ///< by index into expanded_argv: left out of scan_argv()
  std::size_t environment_before = 0;      ///< how many behind argv[0] come from the environment
  std::size_t environment_behind = 0;      ///< likewise at the end

  bool from_environment(std::size_t index) const {
    return index >= 1 &&
           (index < 1 + environment_before || index + environment_behind >= expanded_argv.size());
  }
};

using Classified = std::variant<Command, Refusal>;

/// What `input` asks for, or why it is not cached. Costs a few microseconds for a usual command.
Classified classify_command(const CommandInput& input, const ResponseFileReader& reader);

/// The command to run for a miss: `argv` as it came, plus a private depfile at `depfile` or include notes
/// where command.dependencies asks for them. Never changes object or diagnostics.
std::vector<std::string> compile_argv(const Command& command, const std::vector<std::string>& argv,
                                      const std::string& depfile);

/// The argument that makes the compiler colour what it prints to a pipe.
std::string color_argument(CompilerFamily family);

/// Every name that the command may define as a macro, and some more.
std::vector<std::string> defined_macros(const Command& command);

/// A command that only writes a depfile of all headers to `depfile`; for DependencySource::scan. What it
/// prints means nothing to the user.
std::vector<std::string> scan_argv(const Command& command, const std::string& depfile);

}  // namespace compiler_cache
