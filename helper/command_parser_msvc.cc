// What the MSVC dialect has of its own.
#include "helper/command_parser.h"

namespace compiler_cache {

/// A word that begins with '/' is an option where a row fits, else, as clang-cl takes it, a file's name. It
/// takes /nothing as a name, too; that rather is an option that the table lacks.
bool CommandParser::is_option(std::string_view text, const FoundOption& found) {
  if (text.starts_with('-')) return text != "-";
  if (!speaks_msvc(family_) || !text.starts_with('/')) return false;
  return found.row != nullptr || family_ == CompilerFamily::msvc ||
         text.find('/', 1) == std::string_view::npos;
}

/// What stands behind /clang: is read as Clang's own options, all of it together and after everything else.
void CommandParser::parse_driver_words() {
  command_.key.push_back({KeyTag::flag, "", "/clang:"});
  const CompilerFamily dialect = family_;
  family_ = CompilerFamily::clang;
  to_driver_ = true;
  options_ended_ = false;
  parse_words(driver_words_, 0);
  to_driver_ = false;
  family_ = dialect;
}

/// Options that choose or name outputs, or what is done, mean something else where both dialects meet.
bool CommandParser::may_be_handed_to_driver(const Argument& argument) {
  switch (argument.row->effect) {
    case Effect::compile:
    case Effect::assemble:
    case Effect::emit_llvm:
    case Effect::output:
    case Effect::language:
    case Effect::include_prefix:
    case Effect::prefixed_folder:
    case Effect::architecture:
    case Effect::split_dwarf_on:
    case Effect::dump_name:
    case Effect::extra_output:
    case Effect::named_output:
    case Effect::to_assembler:
      refuse(UncacheableReason::unknown_option, "/clang:" + std::string(argument.text));
      return false;
    default:
      return true;
  }
}

bool CommandParser::apply_msvc_effect(const Argument& argument) {
  switch (argument.row->effect) {
    case Effect::to_driver:
      driver_words_.texts.push_back(argument.value);
      driver_words_.indexes.push_back(words_->indexes[argument.index]);
      return true;
    case Effect::all_sources:
      parsed_.all_sources = argument.text.ends_with('C') ? Language::c : Language::cxx;
      return true;
    case Effect::source:
      add_source(argument);
      return true;
    case Effect::include_notes:
      note_includes(argument);
      return true;
    case Effect::link_rest:
      leave_rest_to_linker(argument);
      return true;
    case Effect::time_stamp_on:
    case Effect::time_stamp_off:
      parsed_.time_stamp = argument.row->effect == Effect::time_stamp_on;
      add_flag(argument);
      return true;
    default:
      return false;
  }
}

void CommandParser::add_source(const Argument& argument) {
  const bool c = argument.row->spelling == "Tc";
  parsed_.inputs.push_back({argument.value, c ? Language::c : Language::cxx});
}

/// In the key: the notes are part of what the compiler prints.
void CommandParser::note_includes(const Argument& argument) {
  const bool user = argument.text.ends_with(":user");
  command_.include_notes = user ? IncludeNotes::user_headers : IncludeNotes::all;
  add_flag(argument);
}

void CommandParser::leave_rest_to_linker(const Argument& argument) {
  parsed_.linker_arguments = true;
  add_flag(argument);
  while (at_ < words_->texts.size()) {
    command_.key.push_back({KeyTag::flag, "/link ", std::string(words_->texts[at_++])});
  }
}

}  // namespace compiler_cache
