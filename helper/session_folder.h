// The state of a tree's helper on disk, copy-on-write: what one session published is never changed, the next
// one links its parts and goes on in a folder of its own.
//
//   sessions/s-…-working/<part>      a sealed part (sealed_bytes.h), named [a-z0-9_]{1,32}; replaced by
//   rename sessions/s-…-working/journal     what happened since the parts were written (journal.h)
//   sessions/s-…-<digest>/…          the same, finished; the digest is over part checksums and journal
//   records
//
// A session is complete by itself: the records it took over stand at the head of its own journal. Records
// must therefore be facts that may be replayed twice, or onto a part that contains them already.
//
// All paths are relative to the FileSystem's root (.compiler-cache, by descriptor): a folder that is gone is
// never recreated. One thread. The destructor touches nothing on disk: whoever crashes leaves the same.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/clock.h"
#include "helper/digest.h"
#include "helper/file_system.h"
#include "helper/journal.h"
#include "helper/session_content.h"
#include "helper/session_name.h"

namespace compiler_cache {

struct SessionOptions {
  std::string folder = "sessions";
  /// Nothing younger is collected: somebody may be about to use it.
  std::int64_t young_ns = 10'000'000'000;
  /// Where the file system has no locks, only what is older than this is collected.
  std::int64_t lockless_age_ns = 86'400'000'000'000;
  /// Tells helpers apart that start at once; by default the system's.
  std::function<std::uint32_t()> random;
};

/// A part as it was found.
struct LoadedPart {
  Status status;      ///< why it could not be loaded
  std::string bytes;  ///< when ok
};

enum class PublishMode : std::uint8_t {
  with_journal,  ///< the parts as they are, and the journal
  snapshot,      ///< the caller has replaced every part: the journal is no longer needed
};

enum class PublishOutcome : std::uint8_t { published, unchanged };

struct SessionCollectReport {
  std::uint64_t folders_removed = 0;
  std::uint64_t locks_removed = 0;
};

class SessionFolder {
 public:
  /// Locks and makes a working folder, takes over the newest finished session and what crashed helpers left.
  /// Damage is never an error, only missing parts and notes. An error: nothing can be written here.
  static Result<std::unique_ptr<SessionFolder>> begin(FileSystem& files, const Clock& clock,
                                                      SessionOptions options);
  ~SessionFolder();

  /// What was there at begin, by name; a part that never was is missing from the map.
  const std::map<std::string, LoadedPart>& parts() const { return parts_; }
  /// Records to replay onto the parts, oldest first.
  const std::vector<std::string>& journal_records() const { return records_; }
  /// Frees both, once they are replayed.
  void release_loaded();
  /// How many crashed helpers' records are among them.
  std::uint64_t salvaged() const { return salvaged_; }

  /// Forgets the working folder if somebody has deleted it; the next append or replace_part opens another one
  /// (`sessions` is made again, but never the tree's folder), which needs a snapshot.
  void notice_deletion();
  /// Makes the next working folder first when the last one was published.
  Status append(std::string_view record);
  Status replace_part(const std::string& name, std::string_view bytes);

  std::uint64_t journal_bytes() const;
  /// Bytes of the parts on disk.
  std::uint64_t part_bytes() const;
  /// The working folder lost something that only the caller's memory has: publish with a snapshot.
  bool needs_snapshot() const { return needs_snapshot_; }
  bool changed() const { return changed_; }

  /// Renames the working folder to its digest; `unchanged` when nothing was appended, replaced or salvaged.
  /// Creates no new name beside that one. On failure the working folder stays as it is, for salvage or for
  /// another try.
  Result<PublishOutcome> publish(PublishMode mode);
  /// For the end of a helper: removes a working folder in which nothing changed.
  Status end();
  /// Removes what nobody needs: finished sessions other than the newest that nobody holds, salvaged ones,
  /// remains. Leaves alone what is young, what a newer version wrote and what has a name it does not know.
  SessionCollectReport collect();
  /// Removes this helper's state and every session that nobody holds. The object goes on, empty.
  Status destroy();

  /// Sentences about what did not go as it should, oldest first; bounded.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  /// A part in the working folder, or in the published one while there is no working folder.
  struct Carried {
    std::string checksum;
    std::uint64_t file_size = 0;
  };
  struct Source;

  SessionFolder(FileSystem& files, const Clock& clock, SessionOptions options);

  std::string path(const SessionName& name) const { return options_.folder + "/" + name.text(); }
  std::string lock_path(const SessionId& id) const { return path({id, SessionNameKind::lock, {}}); }
  std::string working_path() const { return path({working_id_, SessionNameKind::working, {}}); }
  Result<std::vector<SessionName>> list() const;
  void note(const std::string& sentence);

  Result<std::unique_ptr<FileLock>> lock_session(const SessionId& id, LockMode mode);
  Status open_working();
  Status try_open_working(const SessionId& id, bool& taken);
  Status ensure_working();
  Status ensure_journal();
  Status write_part(const std::string& name, std::string_view sealed);

  void take_over();
  bool find_base(const std::vector<SessionName>& names, Source& base);
  void find_orphans(const std::vector<SessionName>& names, std::vector<Source>& orphans);
  void merge(std::vector<Source>& sources, const SessionId& base);
  void carry_part(const std::string& from_folder, const std::string& name);
  void carry_records(const std::vector<std::string>& records);

  Digest current_digest() const;
  Status rename_working(const SessionName& to);
  void forget_working();

  bool is_removable(const SessionName& name, const SessionId& newest);
  bool is_young(const std::string& path, std::int64_t limit_ns) const;
  bool remove_finally(const SessionName& name);

  FileSystem& files_;
  const Clock& clock_;
  const SessionOptions options_;
  const std::string tag_;  ///< of temporaries
  std::uint64_t next_temporary_ = 0;

  std::map<std::string, LoadedPart> parts_;
  std::vector<std::string> records_;
  std::uint64_t salvaged_ = 0;
  std::vector<std::string> notes_;

  bool has_locks_ = true;
  bool has_links_ = true;
  bool needs_snapshot_ = false;
  bool changed_ = false;

  bool is_working_ = false;  ///< there is a working folder; else the last one was published
  SessionId working_id_;
  std::unique_ptr<FileLock> working_lock_;
  std::unique_ptr<Journal> journal_;  ///< null: no records yet
  std::map<std::string, Carried> carried_;

  SessionName published_;                     ///< the session the next working folder starts from
  bool is_published_ = false;                 ///< there is one
  std::unique_ptr<FileLock> published_lock_;  ///< shared
  std::uint64_t published_journal_bytes_ = 0;

  std::set<SessionId> read_;        ///< sessions of our version whose content is in ours by now
  std::set<SessionId> left_alone_;  ///< written by a newer version
};

}  // namespace compiler_cache
