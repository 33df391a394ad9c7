#include "helper/command_parser.h"

#include <algorithm>
#include <utility>

#include "helper/text_split.h"

namespace compiler_cache {
namespace {

bool is_mode(UncacheableReason reason) {
  switch (reason) {
    case UncacheableReason::not_a_compile:
    case UncacheableReason::preprocess_only:
    case UncacheableReason::syntax_only:
    case UncacheableReason::dependency_only:
      return true;
    default:
      return false;
  }
}

}  // namespace

CommandParser::CommandParser(Command& command, CompilerFamily family) : command_(command), family_(family) {
  const std::size_t count = command_.expanded_argv.size();
  command_.not_scanned.resize(count, false);
  command_.key.reserve(count);
  command_.probe_arguments.reserve(count);
}

void CommandParser::parse() {
  Words words;
  for (const std::string& argument : command_.expanded_argv) {
    words.indexes.push_back(words.texts.size());
    words.texts.emplace_back(argument);
  }
  parse_words(words, 1);
  if (!driver_words_.texts.empty()) parse_driver_words();
}

void CommandParser::parse_words(const Words& words, std::size_t first) {
  words_ = &words;
  at_ = first;
  while (at_ < words.texts.size()) parse_one();
  if (assembler_takes_next_ || frontend_takes_next_ || frontend_value_ != FrontendValue::none)
    refuse(UncacheableReason::malformed_option, words.texts.back());
}

void CommandParser::parse_one() {
  const std::size_t index = at_++;
  const std::string_view text = words_->texts[index];
  const FoundOption found = options_ended_ ? FoundOption() : find_option(family_, text);
  if (options_ended_ || !is_option(text, found)) return add_input(text);
  if (text == "--" && is_clang(family_)) {
    options_ended_ = true;
    return;
  }
  if (found.row == nullptr) return refuse(UncacheableReason::unknown_option, text.substr(0, text.find('=')));

  Argument argument{found.row, index, text, text.substr(found.length), false};
  const bool exact = argument.value.empty();
  const ValueStyle style = found.row->style;
  if (style == ValueStyle::separate || (style == ValueStyle::joined_or_separate && exact)) {
    if (at_ >= words_->texts.size()) return refuse(UncacheableReason::malformed_option, text);
    argument.value = words_->texts[at_++];
    argument.separate = true;
  }
  if (to_driver_ && !may_be_handed_to_driver(argument)) return;
  apply(argument);
}

void CommandParser::add_input(std::string_view path) { parsed_.inputs.push_back({path, language_}); }

void CommandParser::refuse(UncacheableReason reason, std::string_view detail) {
  std::optional<Refusal>& refusal = is_mode(reason) ? mode_refusal_ : first_refusal_;
  if (!refusal) refusal = Refusal{reason, std::string(detail)};
}

// What most options do is here; the rest is grouped by what it is about.
void CommandParser::apply(const Argument& argument) {
  switch (argument.row->effect) {
    case Effect::key:
      add_probe(argument);
      return add_flag(argument);
    case Effect::key_unprobed:
      return add_flag(argument);
    case Effect::path:
      add_probe(argument);
      return add_path(argument);
    case Effect::path_unprobed:
      return add_path(argument);
    case Effect::prefix_map:
      return add_prefix_map(argument);
    case Effect::family:
      return add_family_member(argument);
    case Effect::language:
      return set_language(argument);
    case Effect::search_folder:
      return add_search_folder(argument);
    case Effect::prefixed_folder:
      return add_prefixed_folder(argument);
    case Effect::forced_include:
    case Effect::forced_macros:
      return add_forced_include(argument);
    case Effect::precompiled_header:
      command_.precompiled_headers.emplace_back(argument.value);
      return add_path(argument);
    case Effect::include_prefix:
      include_prefix_ = argument.value;
      add_probe(argument);
      return add_path(argument);
    case Effect::sysroot:
      if (command_.sysroot.empty() || argument.row->spelling == "-isysroot")
        command_.sysroot = argument.value;
      add_probe(argument);
      return add_path(argument);
    case Effect::input_file:
      return add_named_input(argument);
    case Effect::to_assembler:
      return hand_to_assembler(argument);
    case Effect::to_preprocessor:
    case Effect::one_to_preprocessor:
      return hand_to_preprocessor(argument);
    case Effect::to_frontend:
      return hand_to_frontend(argument);
    case Effect::to_optimizer: {
      bool takes_next = false;
      return hand_on(argument, optimizer_argument(argument.value), takes_next,
                     UncacheableReason::frontend_option);
    }
    case Effect::refuse:
      // It takes the place of -c.
      if (argument.row->spelling == "--precompile") parsed_.compile = true;
      return refuse(argument.row->reason, argument.text);
    default:
      if (!apply_msvc_effect(argument)) apply_output_effect(argument);
  }
}

// Options whose values name outputs, or that shape the depfile. The depfile's name and targets are not in the
// key: a hit writes them anew.
void CommandParser::apply_output_effect(const Argument& argument) {
  const auto role = static_cast<std::size_t>(argument.row->role);
  bool in_key = true;
  switch (argument.row->effect) {
    case Effect::compile:
      parsed_.compile = true;
      break;
    case Effect::assemble:
      parsed_.assemble = true;
      break;
    case Effect::emit_llvm:
      parsed_.emit_llvm = true;
      break;
    case Effect::depfile_all:
      parsed_.md = true;
      break;
    case Effect::depfile_user:
      parsed_.mmd = true;
      break;
    case Effect::depfile_phony:
      command_.phony_targets = true;
      break;
    case Effect::extra_output:
      parsed_.extra_outputs[role].on = true;
      break;
    case Effect::extra_output_off:
      parsed_.extra_outputs[role].off = true;
      break;
    case Effect::split_dwarf_on:
      parsed_.split_dwarf = true;
      break;
    case Effect::split_dwarf_off:
      parsed_.split_dwarf = false;
      break;
    case Effect::dump_name:
      parsed_.dump_name = argument.text;
      break;
    default:
      in_key = false;
  }
  if (in_key) add_flag(argument);
  if (in_key || apply_name_effect(argument)) return leave_out_of_scan(argument);
  apply_state_effect(argument);
}

// Options whose values are not in the key; true when this is one.
bool CommandParser::apply_name_effect(const Argument& argument) {
  switch (argument.row->effect) {
    case Effect::output:
      parsed_.outputs.push_back(argument.value);
      return true;
    case Effect::depfile_name:
      parsed_.depfile_names.push_back(argument.value);
      return true;
    case Effect::depfile_target:
      parsed_.targets.push_back({std::string(argument.value), false});
      return true;
    case Effect::depfile_quoted:
      parsed_.targets.push_back({std::string(argument.value), true});
      return true;
    case Effect::named_output:
      parsed_.diagnostics_outputs.push_back(argument.value);
      command_.key.push_back({KeyTag::flag, "", std::string(argument.text)});
      return true;
    default:
      return false;
  }
}

// Options that are in the key, and that are remembered besides.
void CommandParser::apply_state_effect(const Argument& argument) {
  switch (argument.row->effect) {
    case Effect::machine:
      command_.uses_native_machine = command_.uses_native_machine || argument.value.starts_with("native");
      add_probe(argument);
      break;
    case Effect::architecture:
      parsed_.architectures.push_back(argument.value);
      add_probe(argument);
      break;
    case Effect::color:
      command_.color_decided = argument.value != "auto";
      break;
    case Effect::record_command_line:
      command_.records_command_line = true;
      break;
    case Effect::lto_on:
      parsed_.lto = true;
      break;
    case Effect::lto_off:
      parsed_.lto = false;
      break;
    case Effect::debug_on:
      parsed_.debug = true;
      break;
    case Effect::debug_off:
      parsed_.debug = false;
      break;
    case Effect::includer_chain:
      command_.searches_includer_chain = true;
      add_probe(argument);
      break;
    case Effect::names_in_object:
      parsed_.names_in_object = true;
      return add_path(argument);
    case Effect::profile_use:
      parsed_.profile_use = argument.value;
      return add_path(argument);
    default:
      return refuse(UncacheableReason::unknown_option, argument.text);
  }
  add_flag(argument);
}

void CommandParser::add_flag(const Argument& argument) {
  if (argument.separate) {
    command_.key.push_back({KeyTag::flag, std::string(argument.text) + " ", std::string(argument.value)});
  } else {
    command_.key.push_back({KeyTag::flag, "", std::string(argument.text)});
  }
}

void CommandParser::add_path(const Argument& argument) {
  std::string prefix(argument.row->spelling);
  if (argument.separate) prefix += ' ';
  command_.key.push_back({KeyTag::path, std::move(prefix), std::string(argument.value)});
}

void CommandParser::add_probe(const Argument& argument) {
  // What the environment gives, it gives to the probe, too.
  if (command_.from_environment(words_->indexes[argument.index])) return;
  const std::string prefix = to_driver_ ? "/clang:" : "";
  command_.probe_arguments.push_back(prefix + std::string(argument.text));
  if (argument.separate) command_.probe_arguments.push_back(prefix + std::string(argument.value));
}

void CommandParser::leave_out_of_scan(const Argument& argument) {
  command_.not_scanned[words_->indexes[argument.index]] = true;
  if (argument.separate) command_.not_scanned[words_->indexes[argument.index + 1]] = true;
}

void CommandParser::set_language(const Argument& argument) {
  if (argument.value == "none") {
    language_.reset();
  } else {
    language_ = language_from_x(argument.value, family_);
    if (!language_) refuse(UncacheableReason::unknown_language, argument.value);
  }
  add_flag(argument);
}

void CommandParser::add_search_folder(const Argument& argument) {
  if (argument.value.starts_with('=') || argument.value.starts_with("$SYSROOT")) {
    return refuse(UncacheableReason::relative_to_sysroot, argument.value);
  }
  command_.search_folders.push_back({argument.row->folder, std::string(argument.value)});
  add_probe(argument);
  add_path(argument);
}

void CommandParser::add_prefixed_folder(const Argument& argument) {
  if (include_prefix_.empty()) return refuse(UncacheableReason::relative_to_sysroot, argument.text);
  command_.search_folders.push_back(
      {argument.row->folder, std::string(include_prefix_) + std::string(argument.value)});
  add_probe(argument);
  add_flag(argument);
}

void CommandParser::add_forced_include(const Argument& argument) {
  const bool macros_only = argument.row->effect == Effect::forced_macros;
  command_.forced_includes.push_back({std::string(argument.value), macros_only, false});
  add_path(argument);
}

// A row with a reason takes absolute paths only: others are searched for in the compiler's own folders.
void CommandParser::add_named_input(const Argument& argument) {
  const bool absolute = argument.value.starts_with('/');
  if (argument.row->reason != UncacheableReason::unknown_option) {
    if (!absolute) return refuse(argument.row->reason, argument.value);
    add_probe(argument);
  }
  if (argument.value.empty()) return refuse(UncacheableReason::malformed_option, argument.text);
  command_.named_inputs.push_back({std::string(argument.value), false});
  add_path(argument);
}

void CommandParser::add_prefix_map(const Argument& argument) {
  const std::size_t equal = std::min(argument.value.find('='), argument.value.size());
  command_.key.push_back(
      {KeyTag::path, std::string(argument.row->spelling), std::string(argument.value.substr(0, equal))});
  command_.key.push_back({KeyTag::flag, "", std::string(argument.value.substr(equal))});
}

void CommandParser::add_family_member(const Argument& argument) {
  const std::size_t equal = argument.text.find('=');
  if (equal != std::string_view::npos) {
    return refuse(UncacheableReason::unknown_option, argument.text.substr(0, equal));
  }
  add_probe(argument);
  add_flag(argument);
}

void CommandParser::hand_to_assembler(const Argument& argument) {
  const bool list = argument.row->style == ValueStyle::joined;
  const auto parts = list ? split_at(',', argument.value) : std::vector<std::string_view>{argument.value};
  for (const std::string_view part : parts) {
    if (assembler_takes_next_) {
      assembler_takes_next_ = false;
      continue;
    }
    const PassThrough known = assembler_argument(part);
    if (known == PassThrough::refused) return refuse(UncacheableReason::assembler_option, part);
    assembler_takes_next_ = known == PassThrough::takes_next;
  }
  add_flag(argument);
}

void CommandParser::hand_to_preprocessor(const Argument& argument) {
  const bool list = argument.row->effect == Effect::to_preprocessor;
  const auto parts = list ? split_at(',', argument.value) : std::vector<std::string_view>{argument.value};
  const bool all = parts.front() == "-MD";
  if (all || parts.front() == "-MMD") {
    // Only -Wp,-MD,f: Clang ignores it when more follows, and GCC takes the next argument, which is often the
    // source, when less does.
    if (parts.size() != 2 || parts[1].empty())
      return refuse(UncacheableReason::preprocessor_option, argument.text);
    if (parsed_.preprocessor_depfile) return refuse(UncacheableReason::wp_with_mf, argument.text);
    parsed_.preprocessor_depfile = {all ? DepfileMode::md : DepfileMode::mmd, parts[1]};
    command_.key.push_back({KeyTag::flag, "-Wp,", std::string(parts.front())});
    return leave_out_of_scan(argument);
  }
  for (const std::string_view part : parts) {
    if (preprocessor_argument(part) == PassThrough::refused) {
      return refuse(UncacheableReason::preprocessor_option, part);
    }
    if (part == "-MP") command_.phony_targets = true;
  }
  add_flag(argument);
}

// Precompiled headers as CMake asks for them; everything else is in a list.
void CommandParser::hand_to_frontend(const Argument& argument) {
  if (take_frontend_value(argument)) return;
  if (!frontend_takes_next_) {
    if (argument.value == "-include-pch") {
      frontend_value_ = FrontendValue::precompiled_header;
    } else if (argument.value == "-include") {
      frontend_value_ = FrontendValue::forced_include;
    } else if (argument.value == "-emit-pch") {
      parsed_.emit_pch = true;
      leave_out_of_scan(argument);
    } else if (argument.value == "-fno-pch-timestamp") {
      parsed_.without_header_times = true;
    } else if (argument.value == "-gcodeview" || argument.value.starts_with("-debug-info-kind=")) {
      parsed_.debug = true;
      if (argument.value == "-gcodeview") command_.records_command_line = true;
    } else {
      return hand_on(argument, frontend_argument(argument.value), frontend_takes_next_,
                     UncacheableReason::frontend_option);
    }
    return add_flag(argument);
  }
  hand_on(argument, PassThrough::known, frontend_takes_next_, UncacheableReason::frontend_option);
}

bool CommandParser::take_frontend_value(const Argument& argument) {
  switch (frontend_value_) {
    case FrontendValue::none:
      return false;
    case FrontendValue::precompiled_header:
      command_.precompiled_headers.emplace_back(argument.value);
      break;
    case FrontendValue::forced_include:
      command_.forced_includes.push_back({std::string(argument.value), false, true});
      break;
  }
  frontend_value_ = FrontendValue::none;
  add_path(argument);
  return true;
}

void CommandParser::hand_on(const Argument& argument, PassThrough known, bool& takes_next,
                            UncacheableReason reason) {
  if (takes_next) {
    takes_next = false;
    return add_flag(argument);
  }
  if (known == PassThrough::refused) return refuse(reason, argument.value);
  takes_next = known == PassThrough::takes_next;
  add_flag(argument);
}

}  // namespace compiler_cache
