// The command line's side of the helper's socket: one command, one answer.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace compiler_cache {

struct ControlAnswer {
  bool ok = false;
  std::string payload;  ///< what the command defines; when !ok, a sentence
};

/// Commands, their arguments and payloads.
///   ping                nothing
///   stats               BuildCounters::encode
///   status              StatusReport::encode
///   history             nothing; answered once what is known of the newest builds is in history_files.h
///   clear [shared]      a sentence; with "shared" the shared store too; counters stay
///   stop                nothing; answered once the session is published, then the process ends
inline constexpr char kPingCommand[] = "ping";
inline constexpr char kStatsCommand[] = "stats";
inline constexpr char kStatusCommand[] = "status";
inline constexpr char kHistoryCommand[] = "history";
inline constexpr char kClearCommand[] = "clear";
inline constexpr char kClearSharedArgument[] = "shared";
inline constexpr char kStopCommand[] = "stop";

/// Asks the helper that listens in `folder` (a .compiler-cache). `not_found` when none listens, `timed_out`
/// when it has not answered in full by then, `corrupt` for an answer that is none.
Result<ControlAnswer> ask_helper(const std::string& folder, std::string_view command,
                                 const std::vector<std::string>& arguments, std::chrono::milliseconds limit);

/// Asks it to stop and returns when its process is gone. `not_found` when none listens.
Status stop_helper(const std::string& folder, std::chrono::milliseconds limit);

}  // namespace compiler_cache
