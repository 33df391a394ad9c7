// One session's folder as it is on disk: its parts and its journal, read and checked, never changed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/status.h"
#include "helper/digest.h"
#include "helper/file_system.h"
#include "helper/journal.h"
#include "helper/sealed_bytes.h"

namespace compiler_cache {

/// Version of the shell around a part; what is inside has a version of its own.
///   1  first
inline constexpr std::uint32_t kSessionPartVersion = 1;
inline constexpr std::uint64_t kMaxSessionPart = std::uint64_t{1} << 30;
inline constexpr std::size_t kMaxSessionParts = 64;
/// Of a part's file: zstd may make incompressible bytes a little longer.
inline constexpr std::uint64_t kMaxSessionPartFile =
    kMaxSessionPart + (kMaxSessionPart >> 7) + kSealHeaderSize;
inline constexpr SealKind kSessionPartKind{"CCpt", kSessionPartVersion, kMaxSessionPart};

inline constexpr char kSessionJournal[] = "journal";
inline constexpr char kSessionTemporaryPrefix[] = ".tmp-";

/// [a-z0-9_]{1,32}, and not the journal's name.
bool is_session_part_name(std::string_view name);
/// A part, the journal or a temporary: what a collection may remove.
bool is_session_file_name(std::string_view name);

struct SessionPart {
  Status status;         ///< why it could not be loaded
  std::string bytes;     ///< when ok
  std::string checksum;  ///< 32 bytes, when ok
  std::uint64_t file_size = 0;
};

struct SessionContent {
  std::map<std::string, SessionPart> parts;
  JournalContent journal;
  Status journal_status;  ///< ok also when there is none
  bool newer = false;     ///< something in it is of a newer version: leave all of it alone

  bool empty() const { return parts.empty() && journal.records.empty(); }
  /// Every part and record could be read. Says nothing about files that are gone: the digest does.
  bool intact() const;
  Digest digest() const;
};

/// A session's digest, over what its files hold, computed from what is known anyway.
class SessionDigest {
 public:
  /// In the order of names.
  void add_part(std::string_view name, std::string_view checksum);
  Digest finish(std::uint64_t journal_records, const Digest& journal_chain);

 private:
  std::string items_;
};

/// An error only when the folder itself cannot be listed.
Result<SessionContent> read_session(FileSystem& files, const std::string& folder);

/// What read_session() would tell as `newer`, without unpacking what is of our own version.
Result<bool> session_is_newer(FileSystem& files, const std::string& folder);

/// The parts and journal in `folder`, and the folder unless it has files of unknown names.
Status remove_session(FileSystem& files, const std::string& folder);

}  // namespace compiler_cache
