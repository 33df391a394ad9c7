// What the helper said, taken apart and checked.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "launcher/connection.h"
#include "protocol/protocol.h"
#include "protocol/wire.h"

namespace compiler_cache::launcher {

/// One output of a hit: `size` bytes to copy from `source` to `path`.
struct Output {
  const char* path = nullptr;
  uint64_t size = 0;
  int source = -1;
  bool executable = false;
  bool in_memory = false;
};

struct Hit {
  int exit_code = 0;
  wire::Bytes standard_output;
  wire::Bytes standard_error;
  Output outputs[protocol::kMaxOutputs];
  size_t output_count = 0;
};

/// Each list ends in nullptr.
struct Miss {
  char** argv = nullptr;         ///< never empty
  char** scan_argv = nullptr;    ///< empty: no scan
  char** create = nullptr;       ///< folders to make
  char** remove = nullptr;       ///< files to remove in the end
  const char* note_prefix = "";  ///< of lines that the user has not asked for
};

enum class AnswerKind { invalid, run, hit, miss };

struct Answer {
  AnswerKind kind = AnswerKind::invalid;
  const char* reason = "";  ///< of `run`
  Hit hit;
  Miss miss;
};

/// The captured outputs point into the message; everything else is copied.
Answer decode_answer(const Message& message);

/// False when it is not that message. The note points into it.
bool decode_stored(const Message& message, wire::Bytes* note);

}  // namespace compiler_cache::launcher
