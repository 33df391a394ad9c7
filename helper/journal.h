// A file of records that is only ever appended to.
//
//   file    = magic "CCjl", version u32, checksum 8 bytes, record*
//   record  = length u32, checksum 8 bytes, payload
//
// Numbers are little endian. A checksum is the first 8 bytes of the BLAKE2b of magic and version, or of
// length and payload. What does not fit ends the journal: everything before it is good, everything from there
// on is dropped. The first 16 bytes stay like this in every version to come, so that a newer one is told from
// damage.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/digest.h"
#include "helper/file_system.h"

namespace compiler_cache {

inline constexpr std::uint32_t kJournalVersion = 1;
inline constexpr std::size_t kJournalHeaderSize = 16;
inline constexpr std::size_t kJournalRecordHeaderSize = 12;
inline constexpr std::uint64_t kMaxJournalRecord = std::uint64_t{64} << 20;
/// No longer journal is read; writers publish a snapshot long before.
inline constexpr std::uint64_t kMaxJournalBytes = std::uint64_t{1} << 30;

struct JournalContent {
  std::vector<std::string> records;
  std::uint64_t good_bytes = 0;  ///< up to the end of the last good record
  bool tail_dropped = false;     ///< bytes after that were no record
  Digest chain;                  ///< of all records in order; see Journal::chain
};

/// `corrupt` when the header is not a journal's, `unsupported` when it is of a newer version, `invalid` when
/// of an older one.
Result<JournalContent> parse_journal(std::string_view file);
/// The same from disk; also `not_found` and other errors of reading.
Result<JournalContent> read_journal(FileSystem& files, const std::string& path);

/// Writes a new journal. One thread.
class Journal {
 public:
  /// Creates `path` with `records` in it; there is nothing at `path` on failure.
  static Result<std::unique_ptr<Journal>> create(FileSystem& files, const std::string& path,
                                                 const std::vector<std::string>& records);

  /// On failure the file is cut back to the last good record, and the next append may succeed. Should even
  /// that fail, the journal is broken: readers see all records up to here, and every further append fails.
  Status append(std::string_view record);

  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t records() const { return records_; }
  bool broken() const { return broken_; }
  /// A hash of all records in order, kept as they come so that sealing reads nothing.
  const Digest& chain() const { return chain_; }

 private:
  Journal() = default;

  std::unique_ptr<AppendFile> file_;
  std::uint64_t bytes_ = 0;
  std::uint64_t records_ = 0;
  bool broken_ = false;
  Digest chain_;
};

}  // namespace compiler_cache
