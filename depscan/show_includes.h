// The include notes of cl.exe and clang-cl, among everything else that such a compiler prints: taken out of a
// stream that comes in any pieces. C headers only, since the launcher is built without the C++ standard
// library; what the helper makes of whole texts is in include_notes.h.
//
//   note = prefix 1*blank path end        ; at the begin of a line
//   end  = LF / CR LF / the end of the stream
//
// The prefix is in the compiler's language ("Note: including file:"), in whatever encoding it prints. One
// blank follows for each level of nesting: one for what the source itself includes, two for what that
// includes (measured, clang-cl 14). The path is raw: blanks, quotes and backslashes are not escaped, nor are
// line feeds, so that a path with one is no longer to be told from two lines.
#pragma once

#include <stddef.h>

namespace compiler_cache {

/// Longer lines are no notes: no system takes a path of that length.
inline constexpr size_t kMaxIncludeNote = 16U << 10;
/// Longer prefixes are none.
inline constexpr size_t kMaxNotePrefix = 256;

/// Who is told what the output consists of, in its order.
struct NoteSink {
  void* context = nullptr;
  /// Bytes that belong to no note.
  void (*text)(void* context, const char* bytes, size_t size) = nullptr;
  /// A note without its end of line; `depth` is 1 at least. False: it is taken for none, and comes as text.
  bool (*note)(void* context, const char* path, size_t size, size_t depth) = nullptr;
};

/// Holds bytes back only while they may still become a note.
class NoteFilter {
 public:
  /// `prefix` must stay where it is; blanks at its end count for nothing. An empty one, or one that no line
  /// can begin with: nothing is a note.
  NoteFilter(const char* prefix, size_t prefix_size, const NoteSink& sink);

  void feed(const char* bytes, size_t size);
  /// The stream has ended; a line without end is handed out. Another one may begin.
  void finish();

 private:
  enum class State { matching, holding, passing };

  size_t feed_start(const char* bytes, size_t size);
  size_t feed_note(const char* bytes, size_t size);
  size_t feed_text(const char* bytes, size_t size);
  bool hold(char byte);
  void give_up();
  void end_note();

  const char* prefix_;
  size_t prefix_size_;
  NoteSink sink_;
  State state_ = State::matching;
  char held_[kMaxIncludeNote];  // the begin of the line, while it may be a note
  size_t held_size_ = 0;
};

}  // namespace compiler_cache
