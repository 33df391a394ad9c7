// Output of the compiler on its way to the user, with a copy kept for the helper.
#pragma once

#include "depscan/show_includes.h"
#include "protocol/wire.h"

namespace compiler_cache::launcher {

/// One of the compiler's two streams: a pipe that the compiler writes to, and the descriptor that it is
/// passed on to.
class Capture {
 public:
  /// With a prefix, include notes that begin with it are kept, and not passed on.
  Capture(int target, const char* note_prefix);
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  /// Makes the pipe; false when there are no descriptors left.
  bool open();
  /// The compiler's end; to be closed here once the compiler has it.
  int write_end() const { return write_end_; }
  void close_write_end();

  /// -1 once all has been read.
  int read_end() const { return read_end_; }
  /// Reads once and passes it on. At the end of the stream, and when it is a pipe that nobody reads, the pipe
  /// is closed: the compiler then meets the broken pipe that it would have met by itself.
  void forward();
  /// Nothing more is read: passes on what was held back because it might have become a note.
  void finish();

  const wire::Buffer& kept() const { return kept_; }
  /// More came than is kept, or not all could be passed on.
  bool is_incomplete() const { return incomplete_; }
  bool met_broken_pipe() const { return broken_pipe_; }

 private:
  static bool is_file(void* context, const char* path, size_t size, size_t depth);
  void pass(const uint8_t* data, size_t size);
  void pass_texts();
  void keep(const uint8_t* data, size_t size);
  void close_read_end();

  int target_;
  int read_end_ = -1;
  int write_end_ = -1;
  wire::Buffer kept_;
  const bool has_notes_;
  NoteFilter notes_;
  bool incomplete_ = false;
  bool broken_pipe_ = false;
};

}  // namespace compiler_cache::launcher
