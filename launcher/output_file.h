// One output on its way to its place: first complete and out of sight, then under its name.
#pragma once

#include <sys/types.h>

#include "launcher/answer.h"
#include "launcher/tree.h"

namespace compiler_cache::launcher {

/// What keeps an output from its place; ok when nothing does.
struct Obstacle {
  const char* step = nullptr;  ///< nullptr: none
  int error = 0;               ///< errno, or 0 when the step itself says all

  bool ok() const { return step == nullptr; }
};

/// Order of use: prepare, then offer; where the name is taken, replace. Or abandon, at any time.
///
/// The bytes are written to a file without a name, so that nothing is left behind however the process ends.
/// Where the file system has no such files a temporary name is used, and the signals that end a build wait
/// meanwhile.
class OutputFile {
 public:
  /// Copies the bytes beside the target. The mode is what open() gives a new file under this process's umask.
  Obstacle prepare(const Output& output);
  /// Gives the file its name, unless a file of that name is there: then `*taken` is set, and the obstacle is
  /// ok only if a compiler would just have overwritten that file (regular, one link, writable).
  Obstacle offer(bool* taken);
  /// Gives the file its name in place of the one found by offer().
  Obstacle replace();
  /// Removes what prepare(), offer() or replace() made.
  void abandon();

 private:
  Obstacle create(mode_t mode);
  Obstacle create_named(mode_t mode);
  Obstacle copy(const Output& output);
  bool give_name();

  const char* path_ = nullptr;
  int file_ = -1;
  const char* temporary_ = nullptr;  ///< nullptr for a file without a name
  bool placed_ = false;
};

/// Lets the signals through that temporary names held back; to be called once all files are placed or
/// abandoned.
void release_signals();

}  // namespace compiler_cache::launcher
