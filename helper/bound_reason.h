// Why a result is used in the folder that it was made in, and in no other: one list, from which explain and
// the log print.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace compiler_cache {

/// On disk the name counts, not the number, so that rows may move.
enum class BoundReason : std::uint8_t {
  debug_information,
  file_macro,
  option,
  environment,
  working_folder,
  linked_folder,
  language,
  compiler,
  precompiled_header,
  extra_output,
  old_compiler,
  path_in_output,
  path_in_diagnostics,
  absolute_name,
  input_place,
  twin_headers,
  depfile,
  not_understood,
};

struct BoundReasonText {
  BoundReason reason;
  std::string_view name;      ///< stable, kebab-case
  std::string_view sentence;  ///< behind "bound to this folder: "
  std::string_view hint;      ///< what to do about it; empty when nothing can be done
};

inline constexpr std::string_view kRelocatableHint =
    "COMPILER_CACHE_RELOCATABLE=ON maps such paths, so that other folders can use the result";

/// In the order of the enumerators.
inline constexpr auto kBoundReasons = std::to_array<BoundReasonText>({
    {BoundReason::debug_information, "debug-information", "debug information", kRelocatableHint},
    {BoundReason::file_macro, "file-macro", "the code may ask for its own path", kRelocatableHint},
    {BoundReason::option, "option", "an option",
     "leave the option out, or give it without the folder's path"},
    {BoundReason::environment, "environment", "a variable of the environment names the folder",
     "leave the folder's path out of it"},
    {BoundReason::working_folder, "working-folder", "it runs outside of source and build tree",
     "let the compiler run in the build tree"},
    {BoundReason::linked_folder, "linked-folder", "a link on the way to it", "use the path without links"},
    {BoundReason::language, "language", "the source's language",
     "only C, C++ and Objective-C sources can be shared"},
    {BoundReason::compiler, "compiler", "the compiler is a script, which may look at its folder",
     "name the compiler itself"},
    {BoundReason::precompiled_header, "precompiled-header", "a precompiled header",
     "other folders make it and what uses it once themselves"},
    {BoundReason::extra_output, "extra-output", "a further output, with paths in it",
     "without it, other folders can use the result"},
    {BoundReason::old_compiler, "old-compiler", "this version of the compiler may not map all paths",
     "GCC does from 10 on, Clang from 13 on"},
    {BoundReason::path_in_output, "path-in-output", "its path is in the result", kRelocatableHint},
    {BoundReason::path_in_diagnostics, "path-in-diagnostics", "its path is in the compiler's messages",
     "without the warning, other folders can use the result"},
    {BoundReason::absolute_name, "absolute-name", "an absolute path in the sources",
     "name the file as a search folder (-I) finds it"},
    {BoundReason::input_place, "input-place", "a file that it read is reached from the tree by ..",
     "name it without .."},
    {BoundReason::twin_headers, "twin-headers", "two headers of the same content that are read once each",
     ""},
    {BoundReason::depfile, "depfile", "its depfile cannot be written for another folder", ""},
    {BoundReason::not_understood, "not-understood", "a source that is not understood", ""},
});

constexpr bool bound_reasons_in_order() {
  for (std::size_t i = 0; i < kBoundReasons.size(); ++i) {
    if (static_cast<std::size_t>(kBoundReasons[i].reason) != i) return false;
  }
  return kBoundReasons.size() == static_cast<std::size_t>(BoundReason::not_understood) + 1;
}
static_assert(bound_reasons_in_order());

constexpr const BoundReasonText& describe(BoundReason reason) {
  return kBoundReasons[static_cast<std::size_t>(reason)];
}

/// None for a name of another version.
constexpr std::optional<BoundReason> bound_reason_from_name(std::string_view name) {
  for (const BoundReasonText& row : kBoundReasons) {
    if (row.name == name) return row.reason;
  }
  return std::nullopt;
}

}  // namespace compiler_cache
