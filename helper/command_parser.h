// First half of classifying a command: each argument is looked up in the option table, and the row's effect
// is carried out. What needs the whole command is left to command.cc.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "depscan/depfile.h"
#include "helper/command.h"
#include "helper/option_table.h"
#include "helper/pass_through.h"

namespace compiler_cache {

/// What the arguments said that only the whole command gives a meaning to.
struct ParsedArguments {
  struct Input {
    std::string_view path;
    std::optional<Language> language;  ///< by -x
  };
  struct Switch {
    bool on = false;
    bool off = false;
  };

  /// -Wp,-MD,f
  struct PreprocessorDepfile {
    DepfileMode mode;
    std::string_view name;
  };

  std::vector<Input> inputs;
  bool compile = false;
  bool assemble = false;
  bool emit_llvm = false;
  std::vector<std::string_view> outputs;
  std::array<Switch, 8> extra_outputs;  ///< by OutputRole
  std::vector<std::string_view> diagnostics_outputs;
  std::string_view dump_name;  ///< a -dump… option, or empty
  bool names_in_object = false;
  bool lto = false;
  bool split_dwarf = false;
  bool debug = false;
  bool md = false;
  bool mmd = false;
  std::vector<std::string_view> depfile_names;  ///< -MF
  std::optional<PreprocessorDepfile> preprocessor_depfile;
  std::vector<DepfileTarget> targets;
  std::vector<std::string_view> architectures;
  std::optional<std::string_view> profile_use;
  std::optional<Language> all_sources;  ///< /TC and /TP
  bool time_stamp = true;               ///< no /Brepro
  bool linker_arguments = false;        ///< /link
  bool emit_pch = false;                ///< -Xclang -emit-pch
  bool without_header_times = false;    ///< -Xclang -fno-pch-timestamp
};

class CommandParser {
 public:
  /// Both outlive the parser; command.expanded_argv holds the arguments.
  CommandParser(Command& command, CompilerFamily family);

  /// Reads all arguments, also behind one that is refused, since that may be no compile at all.
  void parse();

  const ParsedArguments& arguments() const { return parsed_; }

  /// The reason that says most about the command, if any.
  const std::optional<Refusal>& refusal() const { return mode_refusal_ ? mode_refusal_ : first_refusal_; }
  bool wrong_mode() const { return mode_refusal_.has_value(); }

 private:
  struct Argument {
    const OptionRow* row;
    std::size_t index;       ///< of the option, into words_
    std::string_view text;   ///< the option as one argument
    std::string_view value;  ///< joined or separate
    bool separate;           ///< the value is an argument of its own
  };

  /// Arguments that stand in expanded_argv, or are parts of such.
  struct Words {
    std::vector<std::string_view> texts;
    std::vector<std::size_t> indexes;  ///< into expanded_argv
  };

  void parse_words(const Words& words, std::size_t first);
  void parse_one();
  void add_input(std::string_view path);
  void apply(const Argument& argument);
  void apply_output_effect(const Argument& argument);
  bool apply_name_effect(const Argument& argument);
  void apply_state_effect(const Argument& argument);
  void refuse(UncacheableReason reason, std::string_view detail);

  void add_flag(const Argument& argument);
  void add_path(const Argument& argument);
  void add_probe(const Argument& argument);
  void leave_out_of_scan(const Argument& argument);

  void set_language(const Argument& argument);
  void add_search_folder(const Argument& argument);
  void add_prefixed_folder(const Argument& argument);
  void add_forced_include(const Argument& argument);
  void add_named_input(const Argument& argument);
  void add_prefix_map(const Argument& argument);
  void add_family_member(const Argument& argument);
  void hand_to_assembler(const Argument& argument);
  void hand_to_preprocessor(const Argument& argument);
  void hand_to_frontend(const Argument& argument);
  bool take_frontend_value(const Argument& argument);
  void hand_on(const Argument& argument, PassThrough known, bool& takes_next, UncacheableReason reason);

  // Of the MSVC dialect; in command_parser_msvc.cc.
  void parse_driver_words();
  bool is_option(std::string_view text, const FoundOption& found);
  bool may_be_handed_to_driver(const Argument& argument);
  bool apply_msvc_effect(const Argument& argument);
  void add_source(const Argument& argument);
  void note_includes(const Argument& argument);
  void leave_rest_to_linker(const Argument& argument);

  Command& command_;
  CompilerFamily family_;  // whose options are read now; clang while those of /clang: are

  ParsedArguments parsed_;
  const Words* words_ = nullptr;
  std::size_t at_ = 0;
  Words driver_words_;  // of /clang:
  bool to_driver_ = false;
  bool options_ended_ = false;
  std::optional<Language> language_;  // by the last -x
  std::string_view include_prefix_;
  bool assembler_takes_next_ = false;
  bool frontend_takes_next_ = false;
  enum class FrontendValue : std::uint8_t { none, forced_include, precompiled_header };
  FrontendValue frontend_value_ = FrontendValue::none;  // what the next -Xclang gives
  std::optional<Refusal> mode_refusal_;                 // the command does something else than compile
  std::optional<Refusal> first_refusal_;                // any other
};

}  // namespace compiler_cache
