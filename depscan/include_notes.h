// What include notes say about a compile: the files that it read, and what its output is without them. The
// notes themselves are read in show_includes.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// What every clang-cl prints, whatever the language of its user.
inline constexpr std::string_view kClangNotePrefix = "Note: including file:";

struct IncludeNote {
  std::string path;  ///< as printed
  std::size_t depth = 1;

  bool operator==(const IncludeNote&) const = default;
};

/// One stream of a compiler's output, taken apart.
struct NotedOutput {
  std::vector<IncludeNote> notes;
  std::string text;  ///< the output without them
  /// Some line may be a note that cannot be told from other output, or another note than it seems: not all
  /// that was read may be among `notes`. The text around it, for people.
  std::optional<std::string> doubt;
};

/// Never takes a note for text without a doubt: the prefix stands in the middle of a line (behind output
/// without line end), a note is deeper than the one before it allows (a path that begins with a blank).
/// Text that looks like a note counts as one; its path is an input too many.
NotedOutput split_notes(std::string_view output, std::string_view prefix);

/// Whether a path with this folder or name in front would be printed such that it can be read again: one that
/// begins with a blank looks deeper nested, a line end in it ends the note.
bool can_be_noted(std::string_view path);

/// The prefix of a compiler that printed `output` for a source that includes the header `header` (a path) and
/// nothing else; none when it is not to be seen. `expected`, as CMake found it, is what is returned if a line
/// that ends in the header's name begins with it: but CMake has read it in another encoding than the compiler
/// printed it in, maybe, and not in the environment of this compile.
std::optional<std::string> detect_note_prefix(std::string_view output, std::string_view header,
                                              std::string_view expected);

}  // namespace compiler_cache
