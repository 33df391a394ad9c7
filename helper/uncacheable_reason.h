// Why a compile is not cached: one list, from which stats, explain and the log all print.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace compiler_cache {

/// Counters on disk use the name, not the number, so that rows may move.
enum class UncacheableReason : std::uint8_t {
  // What the command asks for.
  not_a_compile,
  preprocess_only,
  syntax_only,
  dependency_only,
  no_input,
  several_inputs,
  stdin_input,
  several_outputs,
  output_to_stdout,
  output_not_regular,
  output_collision,
  unknown_option,
  malformed_option,
  unknown_language,
  verbose,
  measures_compiler,
  // What it reads and writes.
  writes_extra_file,
  program_database,
  extra_output_name,
  dependency_options_alone,
  wp_with_mf,
  relative_to_sysroot,
  several_architectures,
  modules,
  precompiled_header,
  unknown_precompiled_header,
  outdated_precompiled_header,
  plugin,
  profile_data,
  config_file,
  specs_file,
  vfs_overlay,
  thin_lto_index,
  assembler_option,
  preprocessor_option,
  frontend_option,
  response_file,
  // Who runs it, and where.
  dependency_environment,
  compiler_is_cache,
  unsupported_compiler,
  // What the sources say.
  time_macro,
  embed,
  incbin,
  asm_include,
  computed_probe,
  // What came of it.
  output_missing,
  output_too_large,
  diagnostics_too_large,
  input_changed_during_compile,
  input_unreadable,
  depfile_missing,
  depfile_unreadable,
  include_notes,
  prefix_message,
  // Archives.
  archive_option,
  stamped_archive,
  nested_archive,
  // Links.
  not_a_link,
  linker_option,
  linker_input,
};

struct UncacheableReasonText {
  UncacheableReason reason;
  std::string_view name;      ///< stable, kebab-case
  std::string_view sentence;  ///< what happened, for people
  std::string_view hint;      ///< what to do about it, or that nothing need be done
};

/// In the order of the enumerators.
inline constexpr auto kUncacheableReasons = std::to_array<UncacheableReasonText>({
    {UncacheableReason::not_a_compile, "not-a-compile", "the command compiles nothing (a link or a query)",
     "nothing need be done: there is no object to keep"},
    {UncacheableReason::preprocess_only, "preprocess-only", "the command only preprocesses",
     "nothing need be done: preprocessing is the short part of a compile"},
    {UncacheableReason::syntax_only, "syntax-only", "the command only checks, and writes no object",
     "nothing need be done: there is no object to keep"},
    {UncacheableReason::dependency_only, "dependency-only", "the command only lists dependencies",
     "-MD or -MMD list them while compiling"},
    {UncacheableReason::no_input, "no-input", "the command names no source",
     "nothing need be done: there is no object to keep"},
    {UncacheableReason::several_inputs, "several-inputs", "the command compiles several sources at once",
     "one command a source"},
    {UncacheableReason::stdin_input, "stdin-input", "the source is read from standard input",
     "give the source as a file"},
    {UncacheableReason::several_outputs, "several-outputs", "-o is given more than once", "give it once"},
    {UncacheableReason::output_to_stdout, "output-to-stdout", "an output goes to standard output",
     "name an output with -o"},
    {UncacheableReason::output_not_regular, "output-not-regular", "an output is a device, not a file",
     "nothing need be done: there is no file to keep"},
    {UncacheableReason::output_collision, "output-collision",
     "two outputs, or an output and the source, share a name", "give the output a name of its own"},
    {UncacheableReason::unknown_option, "unknown-option", "an option is not known to the cache",
     "please report it, so that it can be classified"},
    {UncacheableReason::malformed_option, "malformed-option", "an option lacks its value",
     "give the option its value"},
    {UncacheableReason::unknown_language, "unknown-language", "the source's language is not supported",
     "name it with -x if its file name says nothing"},
    {UncacheableReason::verbose, "verbose", "the command prints what it runs, with temporary names",
     "drop -v"},
    {UncacheableReason::measures_compiler, "measures-compiler",
     "the command reports times or memory of the compiler", "drop the report option"},
    {UncacheableReason::writes_extra_file, "writes-extra-file",
     "an option writes files that the cache cannot capture", "drop the option where it is not needed"},
    {UncacheableReason::program_database, "program-database",
     "the debug information goes to a file that several compiles share (/Zi, /ZI)",
     "embed it (/Z7): CMAKE_MSVC_DEBUG_INFORMATION_FORMAT=Embedded, or COMPILER_CACHE_MSVC_EMBED_DEBUG=ON"},
    {UncacheableReason::extra_output_name, "extra-output-name",
     "the name of an additional output cannot be told for sure", "give -o with a plain name"},
    {UncacheableReason::dependency_options_alone, "dependency-options-alone",
     "-MF, -MT, -MQ or -MP is given without -MD or -MMD", "add -MD"},
    {UncacheableReason::wp_with_mf, "wp-with-mf", "-Wp,-MD is combined with another depfile option",
     "use -MD -MF instead of -Wp,-MD"},
    {UncacheableReason::relative_to_sysroot, "relative-to-sysroot",
     "a search folder is given relative to the sysroot or to an unknown prefix", "give it as a plain path"},
    {UncacheableReason::several_architectures, "several-architectures",
     "the command compiles for several architectures", "one command an architecture"},
    {UncacheableReason::modules, "modules", "the command uses C++ or Clang modules",
     "not followed yet; where there are none: CMAKE_CXX_SCAN_FOR_MODULES=OFF"},
    {UncacheableReason::precompiled_header, "precompiled-header",
     "the command makes or uses a precompiled header in a way that the cache does not follow",
     "make it by CMake's target_precompile_headers()"},
    {UncacheableReason::unknown_precompiled_header, "unknown-precompiled-header",
     "it may use a precompiled header that was not made through the cache",
     "make the precompiled header again, with the cache on"},
    {UncacheableReason::outdated_precompiled_header, "outdated-precompiled-header",
     "it may use a precompiled header whose own headers have changed since it was made",
     "make the precompiled header again"},
    {UncacheableReason::plugin, "plugin", "the command loads a compiler plugin",
     "leave the plugin to the builds that need what it says"},
    {UncacheableReason::profile_data, "profile-data", "which profile data is read cannot be told for sure",
     "name the profile's file"},
    {UncacheableReason::config_file, "config-file", "options are read from a configuration file",
     "give the options on the command line"},
    {UncacheableReason::specs_file, "specs-file", "a specs file is searched for by its name",
     "name it by absolute path"},
    {UncacheableReason::vfs_overlay, "vfs-overlay", "a virtual file system replaces files",
     "leave the overlay (-ivfsoverlay) to the builds that need it"},
    {UncacheableReason::thin_lto_index, "thin-lto-index", "a thin LTO index names further inputs",
     "let the linker run ThinLTO by itself: it has a cache of its own (--thinlto-cache-dir)"},
    {UncacheableReason::assembler_option, "assembler-option",
     "an option for the assembler is not known to the cache",
     "please report it, so that it can be classified"},
    {UncacheableReason::preprocessor_option, "preprocessor-option",
     "an option for the preprocessor is not known to the cache", "give it to the compiler itself"},
    {UncacheableReason::frontend_option, "frontend-option",
     "an option for the compiler's front end or optimiser is not known to the cache",
     "please report it, so that it can be classified"},
    {UncacheableReason::response_file, "response-file",
     "a response file is missing, recursive, unreadable or too large",
     "check the file: the compiler reads it, too"},
    {UncacheableReason::dependency_environment, "dependency-environment",
     "a variable (DEPENDENCIES_OUTPUT, CC_PRINT_HEADERS, …) makes the compiler write or print more",
     "unset it"},
    {UncacheableReason::compiler_is_cache, "compiler-is-cache", "the compiler is itself a compiler cache",
     "use the compiler itself, or switch one cache off"},
    {UncacheableReason::unsupported_compiler, "unsupported-compiler",
     "the compiler, archiver or linker is not one the cache knows",
     "name a GCC or a Clang, and its ar and ld"},
    {UncacheableReason::time_macro, "time-macro", "the sources use __DATE__, __TIME__ or __TIMESTAMP__",
     "set SOURCE_DATE_EPOCH, or keep the macro in one small source"},
    {UncacheableReason::embed, "embed", "the sources use #embed in a way that cannot be followed",
     "keep it in one small source"},
    {UncacheableReason::incbin, "incbin", "the sources use .incbin in a way that cannot be followed",
     "keep it in one small source"},
    {UncacheableReason::asm_include, "asm-include", "the sources use the assembler's .include",
     "use #include, and let the preprocessor run (.S)"},
    {UncacheableReason::computed_probe, "computed-probe", "the sources probe for a header by a computed name",
     "write the header's name out in __has_include"},
    {UncacheableReason::output_missing, "output-missing",
     "the compiler did not write an output it was asked for",
     "look at what the compiler writes: the option that names the output may have no effect"},
    {UncacheableReason::output_too_large, "output-too-large", "an output is over the size limit",
     "raise COMPILER_CACHE_MAX_SIZE"},
    {UncacheableReason::diagnostics_too_large, "diagnostics-too-large",
     "the compiler printed more than the limit", "fix or silence the warnings"},
    {UncacheableReason::input_changed_during_compile, "input-changed-during-compile",
     "an input changed while it was compiled",
     "build again; if it goes on, something writes to the sources during builds"},
    {UncacheableReason::input_unreadable, "input-unreadable", "an input cannot be read",
     "make it readable for the user who builds"},
    {UncacheableReason::depfile_missing, "depfile-missing", "the compiler wrote no list of dependencies",
     "build again; if it goes on, look for what removes files during builds"},
    {UncacheableReason::depfile_unreadable, "depfile-unreadable",
     "the list of dependencies cannot be understood", "avoid line breaks in the names of files and folders"},
    {UncacheableReason::include_notes, "include-notes",
     "the compiler tells of its headers by /showIncludes only, and that cannot be asked for or read for sure",
     "give /showIncludes, as generators for Ninja do"},
    {UncacheableReason::prefix_message, "prefix-message",
     "the program that runs the compiler (COMPILER_CACHE_PREFIX) had something to say",
     "look at what it says, or leave COMPILER_CACHE_PREFIX out"},
    {UncacheableReason::archive_option, "archive-option",
     "the archiver is asked for more than to put objects together",
     "give it the objects and a plain operation alone, as CMake does (qc)"},
    {UncacheableReason::stamped_archive, "stamped-archive",
     "the archive holds times, owners or modes of its members", "let the archiver leave them out (ar's D)"},
    {UncacheableReason::nested_archive, "nested-archive",
     "the archive holds other members than the command names", "name the objects instead"},
    {UncacheableReason::not_a_link, "not-a-link", "the command does not link",
     "nothing need be done: there is no result to keep"},
    {UncacheableReason::linker_option, "linker-option", "an option for the linker is not known to the cache",
     "please report it, so that it can be classified"},
    {UncacheableReason::linker_input, "linker-input", "what a file is to the link cannot be told",
     "name libraries by -l or by path, and scripts by -T"},
});

/// True when every enumerator has its row at its own index; the lookup below relies on it.
constexpr bool uncacheable_reasons_in_order() {
  for (std::size_t i = 0; i < kUncacheableReasons.size(); ++i) {
    if (static_cast<std::size_t>(kUncacheableReasons[i].reason) != i) return false;
  }
  return kUncacheableReasons.size() == static_cast<std::size_t>(UncacheableReason::linker_input) + 1;
}
static_assert(uncacheable_reasons_in_order());

constexpr const UncacheableReasonText& describe(UncacheableReason reason) {
  return kUncacheableReasons[static_cast<std::size_t>(reason)];
}

/// Name for counters and logs.
constexpr std::string_view to_string(UncacheableReason reason) { return describe(reason).name; }

/// The reason called `name`; none for a name of another version.
constexpr std::optional<UncacheableReason> uncacheable_reason_from_name(std::string_view name) {
  for (const UncacheableReasonText& row : kUncacheableReasons) {
    if (row.name == name) return row.reason;
  }
  return std::nullopt;
}

}  // namespace compiler_cache
