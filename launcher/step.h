// What the launcher is put in front of: a compile, the making of a static library, or a link; and what the
// build tool would have run without it.
//
//   compiler-cache-launcher COMPILER ARGUMENT...
//   compiler-cache-launcher --archive LIBRARY RANLIB ARCHIVER ARGUMENT...
//   compiler-cache-launcher --link DRIVER ARGUMENT...
//
// CMake makes a static library by three commands: remove the old file, run the archiver, run ranlib. With
// --archive, one launcher stands for all three. RANLIB is `:` where there is nothing to run.
#pragma once

#include <stdint.h>

namespace compiler_cache::launcher {

enum class StepKind { compile, archive, link };

struct Step {
  StepKind kind = StepKind::compile;
  char** argv = nullptr;          ///< the program to run and its arguments, then nullptr
  const char* library = nullptr;  ///< of an archive: removed before argv runs
  char* ranlib = nullptr;         ///< of an archive: runs behind argv; nullptr: nothing does
};

/// False when the arguments are none of the forms above. `argv` ends in nullptr.
bool parse_step(int argc, char** argv, Step* step);

/// Flags of the request: protocol::CompileFlag.
uint32_t request_flags(const Step& step);

/// The file that the archiver would add to. False, with errno, when it is there and cannot be removed.
bool remove_old_library(const Step& step);

/// The command line of ranlib, for argv of a program; `memory` holds it.
char** ranlib_argv(const Step& step, char* (&memory)[3]);

/// Does what the build tool would have done, and ends this process as that would have ended.
[[noreturn]] void run_in_place(const Step& step);

}  // namespace compiler_cache::launcher
