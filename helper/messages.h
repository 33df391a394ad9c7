// The helper's half of the conversation that docs/protocol.md describes: requests in, replies out, as bytes
// of one frame body. No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/status.h"
#include "protocol/root_view.h"

namespace compiler_cache {

/// `compile`: what the build tool asked for.
struct CompileRequest {
  std::uint32_t flags = 0;  ///< protocol::CompileFlag
  std::string cwd;
  std::vector<std::string> argv;         ///< argv[0] is the compiler, archiver or driver
  std::vector<std::string> environment;  ///< "NAME=value"
  protocol::RootView root;
};

/// `compiled`: how the compile that a `miss` asked for ended.
struct CompileReport {
  std::uint32_t wait_status = 0;
  std::uint64_t microseconds = 0;
  std::uint32_t capture_flags = 0;  ///< protocol::CaptureFlag
  std::string standard_output;
  std::string standard_error;
};

/// `declined`: what a `hit` or a `miss` asks for cannot be done where the launcher is.
struct Declined {
  std::string detail;
};

/// `control`: a command of the command-line tool.
struct ControlRequest {
  std::string command;
  std::vector<std::string> arguments;
};

/// A frame of another protocol version; nothing else of it was read.
struct VersionMismatch {
  std::uint32_t version = 0;
};

using Message = std::variant<CompileRequest, CompileReport, Declined, ControlRequest, VersionMismatch>;

/// `corrupt` when the body is not a message of this protocol.
Result<Message> decode_message(std::string_view body);

struct HitOutput {
  std::string path;
  std::uint64_t size = 0;
  std::uint32_t flags = 0;  ///< protocol::OutputFlag
};

// Bodies of the helper's replies.
std::string encode_run(std::string_view reason);
std::string encode_hit(std::string_view standard_output, std::string_view standard_error,
                       const std::vector<HitOutput>& outputs);
/// `note_prefix`: of include notes that the user is not to see; empty when there are none.
std::string encode_miss(const std::vector<std::string>& argv, const std::vector<std::string>& scan_argv,
                        const std::vector<std::string>& create, const std::vector<std::string>& remove,
                        std::string_view note_prefix = {});
/// `note`: for the user, on the compile's standard error; with its line feed.
std::string encode_stored(std::string_view note = {});
std::string encode_answer(bool ok, std::string_view payload);

/// The body behind its length: what goes over the wire.
std::string frame(std::string_view body);

}  // namespace compiler_cache
