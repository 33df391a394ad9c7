// <build>/.compiler-cache/config: what the CMake module tells the helper.
//
// Grammar
//   config = "compiler-cache-config 1" LF *(key "=" value LF)
//   value  = the raw bytes to the end of the line; a CR before the LF is dropped
// Keys: source_root, build_root, shared_dir (empty: this tree only), max_size (bytes, or with K, M, G or T
// for powers of 1024; 0: no limit), idle_timeout (seconds; 0: never), restore (auto, copy, reflink),
// extra_root (repeated), note_prefix (what the compiler's include notes begin with, as CMake found it),
// header_list (depfile, notes: by what a compiler that can do both tells of headers when its user asks for
// neither), compile_prefix (program and options that run the compiles of misses), remote (repeated: URLs),
// remote_mode (read-write, read-only, ci), remote_namespace, remote_timeout (milliseconds), remote_expiry
// (seconds), remote_project, remote_key_file, remote_credentials_file, remote_ca_file, version. Unknown keys
// are ignored, empty lines too. The last line of a key counts.
//
// Version history
//   1  first version
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/file_system.h"

namespace compiler_cache {

enum class RestoreMode : std::uint8_t { automatic, copy, reflink };

enum class RemoteMode : std::uint8_t { read_write, read_only, write_from_ci };

struct Config {
  std::string source_root;
  std::string build_root;
  std::string shared_dir;               ///< empty: no shared store
  std::uint64_t max_size = 5ULL << 30;  ///< bytes; 0: no limit
  std::uint64_t idle_timeout_s = 600;   ///< 0: never
  RestoreMode restore = RestoreMode::automatic;
  std::vector<std::string> extra_roots;
  /// CMAKE_CL_SHOWINCLUDES_PREFIX. The compiler itself is asked, too: CMake has decoded what it printed.
  std::string note_prefix;
  bool notes_instead_of_depfile = false;
  std::string compile_prefix;        ///< words that go before the compiler of a miss; empty: none
  std::vector<std::string> remotes;  ///< URLs; none: no remote tier
  RemoteMode remote_mode = RemoteMode::read_write;
  std::string remote_namespace = "default";
  std::uint64_t remote_timeout_ms = 2000;  ///< for one question
  std::uint64_t remote_expiry_s = 0;       ///< of what is written to Redis; 0: none
  std::string remote_project;              ///< whose builds ask for the same things
  std::string remote_key_file;
  std::string remote_credentials_file;
  std::string remote_ca_file;
  std::string version;  ///< of the module that wrote it
};

/// Name of the folder of ours in a build tree.
inline constexpr char kTreeFolderName[] = ".compiler-cache";
inline constexpr char kConfigName[] = "config";

/// `invalid` with line number and reason. `build_root` is the default for that key.
Result<Config> parse_config(std::string_view text, const std::string& build_root);

/// Reads <build_root>/.compiler-cache/config; the defaults when there is none.
Result<Config> load_config(FileSystem& files, const std::string& build_root);

}  // namespace compiler_cache
