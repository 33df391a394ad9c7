#include "helper/offline_counters.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "helper/bypass_record.h"
#include "helper/sealed_bytes.h"
#include "helper/session_content.h"
#include "helper/session_folder.h"
#include "helper/session_name.h"

namespace compiler_cache {
namespace {

/// A sealed part is smaller than what is in it, or hardly larger; counters take a few kilobytes.
constexpr std::uint64_t kMaxCountersFile = 16U << 20;

/// Newest first. A working folder counts as well: it is what a helper that crashed had got to.
std::vector<SessionName> sessions_in(FileSystem& files, const std::string& folder) {
  std::vector<SessionName> sessions;
  const Result<std::vector<FolderEntry>> entries = files.list(folder);
  if (!entries) return sessions;
  for (const FolderEntry& entry : entries.value()) {
    SessionName name;
    if (!SessionName::parse(entry.name, name)) continue;
    const bool has_parts = name.kind == SessionNameKind::working || name.kind == SessionNameKind::finished;
    if (has_parts) sessions.push_back(name);
  }
  std::ranges::sort(sessions, std::greater{}, &SessionName::id);
  return sessions;
}

Result<BuildCounters> read_part(FileSystem& files, const std::string& session) {
  Result<std::string> file = files.read(session + "/" + kCountersPartName, kMaxCountersFile);
  if (!file) return file.error();
  Unsealed part = unseal(kSessionPartKind, kCountersPartName, *file);
  if (part.state == SealState::newer) return Error{ErrorKind::unsupported, "a newer version wrote it"};
  if (part.state != SealState::good) return Error{ErrorKind::corrupt, "the counters are damaged"};
  return BuildCounters::decode(part.payload);
}

}  // namespace

Result<BuildCounters> read_counters_from_disk(FileSystem& files, const std::string& folder,
                                              std::uint64_t wall_seconds) {
  const std::string sessions = folder + "/" + SessionOptions{}.folder;
  BuildCounters counters;
  for (const SessionName& name : sessions_in(files, sessions)) {
    Result<BuildCounters> found = read_part(files, sessions + "/" + name.text());
    if (!found) continue;
    counters = std::move(*found);
    break;
  }
  Result<ReasonCounts> bypassed = peek_bypassed(files, folder);
  if (!bypassed) return bypassed.error();
  counters.add_bypassed(*bypassed, 0, wall_seconds);
  return counters;
}

}  // namespace compiler_cache
