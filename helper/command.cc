#include "helper/command.h"

#include <algorithm>
#include <array>
#include <utility>

#include "depscan/depfile.h"
#include "helper/command_parser.h"
#include "helper/output_names.h"

namespace compiler_cache {
namespace {

using Reason = UncacheableReason;

bool is_cxx_driver(const CommandInput& input) {
  return input.cxx_driver.value_or(is_cxx_driver_name(input.argv.front()));
}

std::optional<Language> language_of(const ParsedArguments::Input& input, const ParsedArguments& arguments,
                                    CompilerFamily family, bool cxx_driver) {
  if (input.language) return input.language;
  if (arguments.all_sources) return arguments.all_sources;
  return language_from_path(input.path, family, cxx_driver);
}

// Second half: what the arguments mean together. Each step returns true when it refuses.
class CommandBuilder {
 public:
  CommandBuilder(Command& command, const ParsedArguments& arguments, const CommandInput& input)
      : command_(command),
        arguments_(arguments),
        family_(input.family),
        cxx_driver_(is_cxx_driver(input)),
        msvc_target_(input.msvc_target) {}

  std::optional<Refusal> build() {
    if (debug_information_records()) command_.records_command_line = true;
    const bool refused = decide_input() || decide_output() || decide_depfile() || decide_extra_outputs() ||
                         decide_diagnostics_output() || decide_profile() || names_collide() ||
                         macros_ask_outside();
    if (refused) return std::move(refusal_);
    add_derived_key_items();
    command_.bytes_vary = bytes_vary();
    return std::nullopt;
  }

 private:
  bool refuse(Reason reason, std::string_view detail) {
    refusal_ = Refusal{reason, std::string(detail)};
    return true;
  }

  /// Whether Clang compiles for Microsoft's platform.
  bool for_msvc() const {
    const auto names_windows = [](const KeyItem& item) {
      const bool target =
          item.prefix.find("target") != std::string::npos || item.text.find("target") != std::string::npos;
      return target &&
             (item.text.find("win") != std::string::npos || item.text.find("msvc") != std::string::npos);
    };
    return speaks_msvc(family_) || msvc_target_ ||
           std::any_of(command_.key.begin(), command_.key.end(), names_windows);
  }

  /// CodeView holds the whole command line, and the object's name. Clang writes it wherever it compiles for
  /// that platform, unless told to write another.
  bool debug_information_records() const { return arguments_.debug && is_clang(family_) && for_msvc(); }

  /// What a macro of the command expands to is in no file that could be scanned. A definition of such a name
  /// itself (-D__DATE__=...) is none.
  bool macros_ask_outside() {
    constexpr struct {
      std::string_view word;
      Reason reason;
    } kWords[] = {{"__DATE__", Reason::time_macro},
                  {"__TIME__", Reason::time_macro},
                  {"__TIMESTAMP__", Reason::time_macro},
                  {"has_include", Reason::computed_probe},
                  {"HAS_INCLUDE", Reason::computed_probe},
                  {"__has_embed", Reason::embed},
                  {".incbin", Reason::incbin}};
    for (const KeyItem& item : command_.key) {
      // In the MSVC dialect, # will do.
      const std::size_t value = item.text.find_first_of(speaks_msvc(family_) ? "=#" : "=");
      if (value == std::string::npos) continue;
      for (const auto& row : kWords) {
        if (item.text.find(row.word, value) != std::string::npos) return refuse(row.reason, item.text);
      }
    }
    return false;
  }

  bool decide_input() {
    if (arguments_.inputs.empty()) return refuse(Reason::no_input, "");
    if (arguments_.inputs.size() > 1) return refuse(Reason::several_inputs, arguments_.inputs[1].path);
    const ParsedArguments::Input& input = arguments_.inputs.front();
    if (input.path == "-") return refuse(Reason::stdin_input, "-");
    if (file_name_of(input.path).empty()) return refuse(Reason::unknown_language, input.path);
    command_.input = input.path;
    const std::optional<Language> language = language_of(input, arguments_, family_, cxx_driver_);
    if (!language) return refuse(Reason::unknown_language, input.path);
    if (*language == Language::module_unit || *language == Language::header_unit) {
      return refuse(Reason::modules, input.path);
    }
    command_.language = *language;
    if (speaks_msvc(family_) && !is_msvc_language(*language))
      return refuse(Reason::unknown_language, input.path);
    if (refuse_precompiled_header()) return true;
    if (arguments_.architectures.size() > 1) {
      return refuse(Reason::several_architectures, arguments_.architectures[1]);
    }
    return false;
  }

  bool is_msvc_language(Language language) const {
    if (language == Language::c || language == Language::cxx) return true;
    return family_ == CompilerFamily::clang_cl &&
           (language == Language::c_preprocessed || language == Language::cxx_preprocessed ||
            language == Language::assembler);
  }

  bool refuse_precompiled_header() {
    const bool made = command_.makes_precompiled_header();
    if (made && (arguments_.assemble || arguments_.emit_llvm)) {
      return refuse(Reason::precompiled_header, command_.input);
    }
    if (!made && arguments_.emit_pch) return refuse(Reason::precompiled_header, "-emit-pch");
    // One that is made with another goes on needing it.
    if (made && !command_.precompiled_headers.empty()) {
      return refuse(Reason::precompiled_header, command_.precompiled_headers.front());
    }
    command_.header_times_count = made && is_clang(family_) && !arguments_.without_header_times;
    return false;
  }

  bool decide_output() {
    command_.action = arguments_.assemble ? Action::assemble : Action::compile;
    if (arguments_.outputs.size() > 1) return refuse(Reason::several_outputs, arguments_.outputs[1]);
    command_.output_given = !arguments_.outputs.empty();
    if (speaks_msvc(family_)) {
      const std::string_view given = command_.output_given ? arguments_.outputs.front() : "";
      std::optional<std::string> name = msvc_object_name(given, command_.input, family_);
      if (!name) return refuse(Reason::extra_output_name, command_.output_given ? given : command_.input);
      command_.output = std::move(*name);
    } else if (command_.output_given) {
      command_.output = arguments_.outputs.front();
    } else {
      if (without_extension(file_name_of(command_.input)).empty()) {
        return refuse(Reason::extra_output_name, command_.input);
      }
      // A precompiled header is put beside its header, not into the cwd.
      command_.output = command_.makes_precompiled_header()
                            ? command_.input + ".gch"
                            : derived_output(command_.input, object_extension());
    }
    const bool named_so = command_.output.ends_with(".gch") || command_.output.ends_with(".pch");
    if (named_so && !command_.makes_precompiled_header()) {
      return refuse(Reason::precompiled_header, command_.output);
    }
    return refuse_special_file(command_.output);
  }

  std::string_view object_extension() const {
    if (command_.action == Action::assemble) return arguments_.emit_llvm ? ".ll" : ".s";
    return arguments_.emit_llvm ? ".bc" : ".o";
  }

  bool refuse_special_file(std::string_view path) {
    if (path == "-") return refuse(Reason::output_to_stdout, path);
    if (path.starts_with("/dev/") || path.starts_with("/proc/") || path.ends_with('/')) {
      return refuse(Reason::output_not_regular, path);
    }
    if (path.empty()) return refuse(Reason::malformed_option, "-o");
    return false;
  }

  bool decide_depfile() {
    const bool by_option = arguments_.md || arguments_.mmd;
    const bool by_preprocessor = arguments_.preprocessor_depfile.has_value();
    if (by_preprocessor && (by_option || !arguments_.depfile_names.empty())) {
      return refuse(Reason::wp_with_mf, arguments_.preprocessor_depfile->name);
    }
    const bool preprocessed = is_preprocessed_by_compiler(command_.language);
    if (!by_option && !by_preprocessor) return decide_private_depfile(preprocessed);
    if (!preprocessed) {
      add_unused_depfile_options();
      command_.dependencies = DependencySource::none;
      return false;
    }
    // Given both, either compiler leaves system headers out, whatever the order.
    command_.depfile_mode = arguments_.mmd ? DepfileMode::mmd : DepfileMode::md;
    if (by_preprocessor) command_.depfile_mode = arguments_.preprocessor_depfile->mode;
    if (decide_depfile_name()) return true;
    const bool complete = command_.depfile_mode == DepfileMode::md && !command_.depfile_discarded;
    command_.dependencies = complete ? DependencySource::user_depfile : DependencySource::scan;
    if (!command_.depfile_discarded) decide_targets();
    return false;
  }

  bool decide_private_depfile(bool preprocessed) {
    // GCC fails, Clang warns; with a depfile option added by us they would not.
    if (!arguments_.depfile_names.empty()) return refuse(Reason::dependency_options_alone, "-MF");
    if (!arguments_.targets.empty()) return refuse(Reason::dependency_options_alone, "-MT");
    if (command_.phony_targets) return refuse(Reason::dependency_options_alone, "-MP");
    if (!preprocessed) {
      command_.dependencies = DependencySource::none;
    } else if (family_ == CompilerFamily::msvc) {
      return decide_notes();
    } else if (command_.include_notes == IncludeNotes::all && command_.records_command_line) {
      command_.dependencies = DependencySource::user_notes;
    } else if (command_.records_command_line ||
               // Asked for a depfile, Clang would note system headers, too (measured).
               command_.include_notes == IncludeNotes::user_headers ||
               (command_.makes_precompiled_header() && family_ == CompilerFamily::gcc)) {
      // GCC's precompiled headers hold the list of what they include if one was asked for.
      command_.dependencies = DependencySource::scan;
    } else {
      command_.dependencies = DependencySource::private_depfile;
    }
    return false;
  }

  /// cl.exe writes no depfile. Its debug information holds the command line, to which nothing may be added.
  bool decide_notes() {
    const bool given = command_.include_notes == IncludeNotes::all;
    if (!given && command_.records_command_line) return refuse(Reason::include_notes, "/showIncludes");
    command_.dependencies = given ? DependencySource::user_notes : DependencySource::private_notes;
    return false;
  }

  bool decide_depfile_name() {
    if (arguments_.preprocessor_depfile) {
      command_.depfile = arguments_.preprocessor_depfile->name;
    } else if (!arguments_.depfile_names.empty()) {
      command_.depfile = arguments_.depfile_names.back();
    } else if (command_.output_given && !speaks_msvc(family_)) {
      command_.depfile = without_extension(command_.output) + ".d";
    } else if (!arguments_.dump_name.empty()) {
      return refuse(Reason::extra_output_name, arguments_.dump_name);
    } else if (named_as_for_link()) {
      return refuse(Reason::extra_output_name, command_.input);
    } else {
      command_.depfile = derived_output(command_.input, ".d");
    }
    if (command_.depfile == "/dev/null") {
      command_.depfile.clear();
      command_.depfile_discarded = true;
      return false;
    }
    return refuse_special_file(command_.depfile);
  }

  /// GCC, when it makes a precompiled header without -c, names what else it writes as if it linked.
  bool named_as_for_link() const {
    return family_ == CompilerFamily::gcc && !arguments_.compile && !arguments_.assemble;
  }

  // Without -o both compilers name the object, also for -S; -Wp,-MD hides -o from GCC's preprocessor.
  void decide_targets() {
    const DepfileDialect dialect =
        family_ == CompilerFamily::gcc ? DepfileDialect::gcc : DepfileDialect::clang;
    command_.targets_given = !arguments_.targets.empty();
    if (command_.targets_given) {
      command_.depfile_targets = depfile_target_texts(arguments_.targets, dialect);
      return;
    }
    // Clang's makes nothing of /Fo, neither for the depfile's name nor for its target.
    const bool hidden =
        speaks_msvc(family_) || (arguments_.preprocessor_depfile && family_ == CompilerFamily::gcc);
    const DepfileTarget target{
        command_.output_given && !hidden ? command_.output : derived_output(command_.input, ".o"), true};
    command_.depfile_targets = depfile_target_texts({&target, 1}, dialect);
  }

  // Clang warns about them, by name.
  void add_unused_depfile_options() {
    for (const std::string_view name : arguments_.depfile_names) {
      command_.key.push_back({KeyTag::flag, "-MF ", std::string(name)});
    }
    for (const DepfileTarget& target : arguments_.targets) {
      command_.key.push_back({KeyTag::flag, target.quoted ? "-MQ " : "-MT ", target.name});
    }
  }

  bool decide_extra_outputs() {
    constexpr auto kRoles = std::to_array({OutputRole::coverage_notes, OutputRole::stack_usage,
                                           OutputRole::callgraph_info, OutputRole::optimization_record});
    for (const OutputRole role : kRoles) {
      const ParsedArguments::Switch& option = arguments_.extra_outputs[static_cast<std::size_t>(role)];
      if (!option.on) continue;
      // Where /Fo names a folder, clang-cl names it after the folder.
      if (speaks_msvc(family_)) return refuse(Reason::extra_output_name, "/Fo");
      // Which of two opposite options wins depends on how the driver reorders them.
      if (option.off) return refuse(Reason::extra_output_name, "switched on and off");
      // Made with the code, but for LTO, where that comes later.
      const bool with_code = role == OutputRole::stack_usage || role == OutputRole::callgraph_info;
      if (with_code && arguments_.lto) return refuse(Reason::extra_output_name, "LTO");
      if (is_assembler(command_.language) || !written_with_header(role)) continue;
      if (add_extra_output(role)) return true;
    }
    return decide_split_dwarf();
  }

  /// GCC writes some of them along with a precompiled header, though there is nothing to say in them.
  bool written_with_header(OutputRole role) const {
    if (!command_.makes_precompiled_header()) return true;
    return family_ == CompilerFamily::gcc && role != OutputRole::optimization_record;
  }

  bool decide_split_dwarf() {
    if (!arguments_.split_dwarf || command_.makes_precompiled_header()) return false;
    const bool clang = is_clang(family_);
    // GCC's driver splits the object in any case, Clang only where there is debug information.
    if (clang && !arguments_.debug) return false;
    if (arguments_.lto) return refuse(Reason::extra_output_name, "-gsplit-dwarf with LTO");
    if (command_.action == Action::assemble) {
      // Clang names the file after the source there; GCC leaves it to the assembler's run.
      return clang && refuse(Reason::extra_output_name, "-gsplit-dwarf with -S");
    }
    return add_extra_output(OutputRole::split_dwarf);
  }

  bool add_extra_output(OutputRole role) {
    if (!arguments_.dump_name.empty()) return refuse(Reason::extra_output_name, arguments_.dump_name);
    if (named_as_for_link()) return refuse(Reason::extra_output_name, command_.input);
    if (arguments_.emit_llvm) return refuse(Reason::extra_output_name, "-emit-llvm");
    if (command_.language == Language::llvm_ir) return refuse(Reason::extra_output_name, command_.input);
    std::optional<std::string> name = extra_output_name(role, command_.output, command_.input, family_);
    if (!name) return refuse(Reason::extra_output_name, command_.output);
    command_.extra_outputs.push_back({role, std::move(*name)});
    return false;
  }

  bool decide_diagnostics_output() {
    if (arguments_.diagnostics_outputs.empty()) return false;
    const std::string_view path = arguments_.diagnostics_outputs.back();
    if (arguments_.diagnostics_outputs.size() > 1) return refuse(Reason::several_outputs, path);
    if (refuse_special_file(path)) return true;
    command_.extra_outputs.push_back({OutputRole::diagnostics, std::string(path)});
    return false;
  }

  // GCC reads notes named after the object, from beside it; none there is a warning. Clang reads the file, or
  // default.profdata in the folder; which of the two shows on the disk only.
  bool decide_profile() {
    if (!arguments_.profile_use) return false;
    const std::string_view value = *arguments_.profile_use;
    if (family_ == CompilerFamily::gcc) {
      if (!arguments_.dump_name.empty()) return refuse(Reason::profile_data, arguments_.dump_name);
      const std::string_view name = file_name_of(command_.output);
      if (name.front() == '.' || name.back() == '.') return refuse(Reason::profile_data, command_.output);
      command_.named_inputs.push_back({without_extension(command_.output) + ".gcda", true});
    } else if (value.empty()) {
      command_.named_inputs.push_back({"default.profdata", false});
    } else {
      std::string path(value);
      if (path.ends_with('/')) path += "default.profdata";
      command_.named_inputs.push_back({std::move(path), false});
    }
    return false;
  }

  bool names_collide() {
    std::vector<std::string_view> names{command_.input, command_.output};
    if (!command_.depfile.empty()) names.push_back(command_.depfile);
    for (const OutputFile& output : command_.extra_outputs) names.push_back(output.path);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    return twice != names.end() && refuse(Reason::output_collision, *twice);
  }

  /// GCC puts random numbers into some of its names, and addresses into precompiled headers; objects for
  /// Microsoft's platform hold the time. Measured.
  bool bytes_vary() const {
    if (family_ != CompilerFamily::gcc && for_msvc()) return arguments_.time_stamp;
    if (family_ != CompilerFamily::gcc) return false;
    const auto asked = [&](OutputRole role) {
      return std::any_of(command_.extra_outputs.begin(), command_.extra_outputs.end(),
                         [&](const OutputFile& output) { return output.role == role; });
    };
    return arguments_.lto || arguments_.names_in_object || command_.makes_precompiled_header() ||
           asked(OutputRole::coverage_notes) || asked(OutputRole::split_dwarf) ||
           asked(OutputRole::optimization_record);
  }

  void add_derived_key_items() {
    command_.key.push_back({KeyTag::flag, "language ", std::string(x_name(command_.language))});
    if (command_.depfile_discarded) command_.key.push_back({KeyTag::flag, "-MF ", "/dev/null"});
    // Names of .dwo, .gcno and .gcda files are in the object, or decide what is read.
    // So is the object's in CodeView.
    bool named = arguments_.names_in_object || (is_clang(family_) && command_.records_command_line) ||
                 arguments_.profile_use.has_value() ||
                 command_.makes_precompiled_header();  // Clang's hold their folder
    for (const OutputFile& output : command_.extra_outputs) {
      named = named || output.role == OutputRole::split_dwarf || output.role == OutputRole::coverage_notes;
    }
    if (named) command_.key.push_back({KeyTag::path, "-o ", command_.output});
  }

  Command& command_;
  const ParsedArguments& arguments_;
  CompilerFamily family_;
  bool cxx_driver_;
  bool msvc_target_;
  Refusal refusal_;
};

/// A header is compiled without being told so by -c.
bool is_header_alone(const ParsedArguments& arguments, const CommandInput& command) {
  if (arguments.inputs.size() != 1) return false;
  const ParsedArguments::Input& input = arguments.inputs.front();
  const std::optional<Language> language =
      language_of(input, arguments, command.family, is_cxx_driver(command));
  return language && is_header(*language) && !speaks_msvc(command.family);
}

/// Puts the options of CL and _CL_ where the compiler puts them. In each, the first # stands for =.
bool add_environment_options(const CommandInput& input, Command& command) {
  std::vector<std::string>& argv = command.expanded_argv;
  const auto options = [](const std::string& text, std::vector<std::string>& words) {
    Result<std::vector<std::string>> split = split_windows_command_line(text);
    if (!split.ok()) return false;
    words = std::move(*split);
    for (std::string& word : words) {
      // How the rest is read is decided before these are; and a response file is taken by cl.exe only.
      if (word.starts_with('@') || word.starts_with("--driver-mode") || word.starts_with("--rsp-quoting"))
        return false;
      if (const std::size_t sign = word.find('#'); sign != std::string::npos) word[sign] = '=';
    }
    return true;
  };
  std::vector<std::string> before;
  std::vector<std::string> behind;
  if (!options(input.options_before, before) || !options(input.options_behind, behind)) return false;
  command.environment_before = before.size();
  command.environment_behind = behind.size();
  argv.insert(argv.begin() + 1, before.begin(), before.end());
  argv.insert(argv.end(), behind.begin(), behind.end());
  command.not_scanned.resize(argv.size(), false);
  for (std::size_t i = 0; i < argv.size(); ++i) command.not_scanned[i] = command.from_environment(i);
  return true;
}

/// A driver mode from a response file comes too late for how that file was read, and where the linker's
/// arguments end in one depends on its lines.
bool reads_response_files_alike(const CommandInput& input, const Command& command,
                                const ParsedArguments& arguments) {
  const auto modes = [](const std::vector<std::string>& argv) {
    return std::count_if(argv.begin(), argv.end(),
                         [](const std::string& word) { return word.starts_with("--driver-mode="); });
  };
  if (modes(input.argv) != modes(command.expanded_argv)) return false;
  const bool expanded = std::any_of(input.argv.begin(), input.argv.end(),
                                    [](const std::string& word) { return word.starts_with('@'); });
  return !arguments.linker_arguments || !expanded;
}

}  // namespace

Classified classify_command(const CommandInput& input, const ResponseFileReader& reader) {
  if (input.argv.empty()) return Refusal{Reason::not_a_compile, ""};
  Command command;
  command.family = input.family;
  Result<std::vector<std::string>> expanded =
      expand_response_files(input.argv, input.cwd, response_file_dialect(input.argv, input.family), reader);
  if (!expanded.ok()) return Refusal{Reason::response_file, expanded.error().message};
  command.expanded_argv = std::move(*expanded);
  if (speaks_msvc(input.family) && !add_environment_options(input, command))
    return Refusal{Reason::response_file, "CL or _CL_"};

  CommandParser parser(command, input.family);
  parser.parse();
  const ParsedArguments& arguments = parser.arguments();
  if (parser.wrong_mode()) return *parser.refusal();
  if (!arguments.compile && !arguments.assemble && !is_header_alone(arguments, input)) {
    return Refusal{Reason::not_a_compile, ""};
  }
  if (!reads_response_files_alike(input, command, arguments)) return Refusal{Reason::response_file, ""};
  if (parser.refusal()) return *parser.refusal();

  CommandBuilder builder(command, arguments, input);
  if (std::optional<Refusal> refusal = builder.build()) return std::move(*refusal);
  return command;
}

}  // namespace compiler_cache
