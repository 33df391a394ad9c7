// Taking what a compile wrote: the bytes of every output, before a later step of the build can change them,
// and the list of what it read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "helper/artifact.h"
#include "helper/command.h"
#include "helper/digest.h"
#include "helper/file_system.h"
#include "helper/root_tokens.h"
#include "helper/uncacheable_reason.h"

namespace compiler_cache {

/// Outputs above this are not kept, in bytes.
inline constexpr std::uint64_t kMaxOutputBytes = 1ULL << 30;

struct CaptureTask {
  std::string cwd;
  std::vector<OutputFile> outputs;                 ///< object first
  std::string user_depfile;                        ///< empty: none was asked for
  std::string dependency_list;                     ///< depfile that lists all headers; empty: none is written
  std::int64_t start_ns = 0;                       ///< file clock before the compile began
  std::optional<RootTokens> roots = std::nullopt;  ///< looked for in the outputs
};

struct CapturedOutput {
  OutputRole role = OutputRole::object;
  Digest digest;
  std::string bytes;
  FileStat stat = {};       ///< before the first byte was read
  bool names_root = false;  ///< CaptureTask::roots stand in it
};

struct Captured {
  std::vector<CapturedOutput> outputs;  ///< the user's depfile among them
  std::string dependency_text;
  /// Set: what was there is not what a finished compile leaves; nothing else is filled in.
  std::optional<UncacheableReason> failure;
  std::string detail;
};

/// For a worker thread. A file that was not written since `start_ns` is an old one, and counts as missing.
Captured capture_outputs(FileSystem& files, const CaptureTask& task);

}  // namespace compiler_cache
