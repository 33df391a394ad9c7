// Which compiler it is that a command runs: not its path, but everything whose change could change a result.
// That is the driver, the programs that it says it runs (cc1plus, as), the shared libraries that those are
// made of, its specs and configuration files, and what it says of its own configuration. Where it looked
// before it found them is watched (search_places.h): what appears there is a reason to ask again.
//
// Probed with the request's environment, because `as` is a PATH search. A wrapper script is probed like a
// compiler: by its own content and by the programs that the compiler behind it names.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "helper/clock.h"
#include "helper/compiler_family.h"
#include "helper/digest.h"
#include "helper/environment.h"
#include "helper/file_system.h"
#include "helper/process_runner.h"
#include "helper/variant.h"

namespace compiler_cache {

/// A file that a compiler is made of.
struct ProgramFile {
  std::string path;
  FileStat stat;
  std::int64_t hashed_at_ns = 0;
  Digest content;
};

struct Identity {
  Digest digest;  ///< of all below but stats, and of what the compiler says about itself
  CompilerFamily family = CompilerFamily::gcc;
  bool supported = false;    ///< a GCC or a Clang
  bool is_cache = false;     ///< the compiler is itself a cache (ccache's links, say)
  bool msvc_target = false;  ///< a Clang that compiles as if it were Microsoft's, whatever its dialect
  bool is_script = false;    ///< not a binary: it can look at anything in the environment
  std::string name;          ///< "gcc version 12.2.0 (Debian 12.2.0-14+deb12u1)", for people
  std::vector<ProgramFile> files;
  /// Files and folders that decide what is found (content unused); inode 0: not there, and must not be.
  std::vector<ProgramFile> watched;
  std::vector<AbsentName> absent;  ///< would be found instead if they existed: earlier PATH folders
};

enum class ToolKind : std::uint8_t { compiler, archiver, linker };

/// What there is to probe.
struct IdentityQuestion {
  std::string compiler;                ///< argv[0] of the compile
  std::string language;                ///< as for -x: c, c++, objective-c, objective-c++
  std::vector<std::string> arguments;  ///< those of the command that choose programs (-B, --target=, …)
  std::vector<std::string> environment;
  std::string cwd;
  ToolKind tool = ToolKind::compiler;  ///< of an archiver neither language nor arguments count
};

/// Digests of files by path, to be reused while the file's stat says it is the same.
using ProgramMemo = std::map<std::string, ProgramFile>;

/// Runs the compiler three or four times (measured: 5 ms in all for GCC, 60 ms for Debian's Clang) and hashes
/// what it is made of. `not_found` when there is no such program. For a worker thread.
Result<Identity> probe_identity(FileSystem& files, const Clock& clock, ProcessRunner& processes,
                                const IdentityQuestion& question, const ProgramMemo& memo);

/// False when a file of it changed since it was probed, and for a cache; costs one stat per file.
bool still_same(FileSystem& files, const Clock& clock, const Identity& identity);

/// `name` as execvp finds it: itself when it has a slash, else the first executable in `path`. `passed`
/// receives the places that were looked at before. Empty when there is none.
std::string find_program(FileSystem& files, const std::string& name, std::string_view path,
                         const std::string& cwd, std::vector<AbsentName>& passed);

/// Names the answer: equal keys, equal identity (as long as the files stay the same).
Digest identity_key(const IdentityQuestion& question);

}  // namespace compiler_cache
