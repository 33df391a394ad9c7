// The words that launcher and helper share: message types, limits, flags and file names. docs/protocol.md
// tells the conversation. C headers only: the launcher is built without the C++ standard library.
//
// A frame is a 4-byte little-endian length followed by that many bytes of one msgpack array
//   [type, field, ...]
// Strings that come from the command line, the environment or the file system travel as msgpack bin: they are
// bytes, not text.
//
// Version history
//   1  first version
//   2  `stored` carries a note, and answers failed compiles, too
//   3  `miss` carries the prefix of include notes
//   4  archives and links: flags of `compile`, and outputs of `hit` that can be executed
//   5  `compile` without the process id of the launcher's parent
//   6  `compile` with the launcher's view of the root; flags of a hit's outputs; no word after a hit that is
//      in place, and `declined` instead of `restored` after one that is not
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace compiler_cache::protocol {

inline constexpr uint32_t kVersion = 6;

/// Largest frame either side accepts, in bytes. A compile whose captured output would not fit is not stored.
inline constexpr size_t kMaxFrame = 32U << 20;
/// Largest request that the helper accepts, in bytes: argv plus environment (Linux allows 2 MiB for both).
inline constexpr size_t kMaxRequest = 4U << 20;
/// Captured standard output or error beyond this is passed on but not kept, in bytes each.
inline constexpr size_t kMaxCapture = 8U << 20;
/// Outputs of one compile, and so file descriptors in one `hit`.
inline constexpr size_t kMaxOutputs = 16;

enum MessageType : uint32_t {
  // launcher to helper
  /// [1, version, flags, cwd, [argv...], [env "NAME=value"...], [mount, inode]]: the last as in RootView.
  kCompile = 1,
  /// [2, wait status, microseconds, capture flags, stdout, stderr]: the compile that `miss` asked for has
  /// ended. Both streams are as the compiler wrote them, with all notes.
  kCompiled = 2,
  /// [3, detail]: what `hit` or `miss` asks for cannot be done here. No output is in place, and the compiler
  /// runs as the user asked. Of a hit that is in place the launcher's end is the word.
  kDeclined = 3,
  /// [4, version, command, [argument...]]: from the command line of the helper.
  kControl = 4,

  // helper to launcher
  /// [16, reason]: run the compiler in your place; nothing more is said on this connection.
  kRun = 16,
  /// [17, exit code, stdout, stderr, [[path, size, flags], ...]]: one file descriptor per output comes
  /// with the first byte (SCM_RIGHTS), open for reading, in the order of the list; its whole content of
  /// `size` bytes is the output.
  kHit = 17,
  /// [18, [argv...], [scan argv...], [path to create...], [path to remove...], note prefix]: run argv,
  /// passing its output through and keeping a copy; if it succeeds and scan argv is not empty, run that too
  /// with its output discarded; then report `compiled`, await `stored`, and remove the paths. With a note
  /// prefix, the compiler was asked for include notes that its user did not ask for: they are kept, and not
  /// passed on.
  kMiss = 18,
  /// [19, note]: the outputs' bytes are taken, or none are wanted; the launcher may end, once it has written
  /// the note, which is mostly empty, to standard error.
  kStored = 19,
  /// [20, ok, payload]: answer to `control`.
  kAnswer = 20,
};

/// Flags of `compile`.
enum CompileFlag : uint32_t {
  kStderrIsTerminal = 1U << 0,
  kArchiveStep = 1U << 1,  ///< argv makes a static library; the launcher has to remove the old one first
  kLinkStep = 1U << 2,     ///< argv links
};

/// Flags of a hit's output.
enum OutputFlag : uint32_t {
  kExecutable = 1U << 0,  ///< less the umask
  kInMemory = 1U << 1,    ///< the descriptor is of a memory file: there are no blocks to share
};

/// Capture flags of `compiled`.
enum CaptureFlag : uint32_t {
  kCaptureOverflow = 1U << 0,  ///< more than kMaxCapture came from stdout or stderr
  kScanFailed = 1U << 1,       ///< scan argv did not end with status 0
};

// Names inside <build>/.compiler-cache/, as the launcher uses them.
inline constexpr char kSocketName[] = "sock";
inline constexpr char kLockName[] = "lock";             ///< flock'ed by the running helper for its whole life
inline constexpr char kStartLockName[] = "start.lock";  ///< flock'ed by the launcher that starts a helper
inline constexpr char kStalledName[] = "stalled";  ///< its mtime: when a helper last did not answer or start
inline constexpr char kBypassedName[] =
    "bypassed";  ///< one byte (BypassCode) appended per call without helper
inline constexpr char kBypassedFoldingName[] = "bypassed.folding";  ///< the same while the helper counts it
inline constexpr char kHelperName[] = "bin/compiler-cache-helper";

/// Why a launcher ran the compiler without asking, one byte in the `bypassed` file.
enum BypassCode : uint8_t {
  kBypassDisabled = 'd',   ///< COMPILER_CACHE_DISABLE
  kBypassNoHelper = 'n',   ///< none could be started or reached in time
  kBypassNoAnswer = 't',   ///< it did not answer in time
  kBypassBadAnswer = 'b',  ///< it said something that is not in this protocol
  kBypassNotOwner = 'o',   ///< .compiler-cache, or who listens in it, belongs to another user
};

// Time limits, milliseconds.
inline constexpr int kStartTimeoutMs = 1000;   ///< until a started helper must accept
inline constexpr int kAnswerTimeoutMs = 5000;  ///< until it must answer a lookup, or take a result
inline constexpr int kStalledHoldMs = 10000;   ///< how long others skip a helper that did not answer

}  // namespace compiler_cache::protocol
