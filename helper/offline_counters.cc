#include "helper/offline_counters.h"

#include <utility>

#include "helper/bypass_record.h"
#include "helper/offline_sessions.h"
#include "helper/sealed_bytes.h"
#include "helper/session_content.h"
#include "helper/session_folder.h"

namespace compiler_cache {
namespace {

/// A sealed part is smaller than what is in it, or hardly larger; counters take a few kilobytes.
constexpr std::uint64_t kMaxCountersFile = 16U << 20;

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
  for (const SessionName& name : sessions_on_disk(files, sessions)) {
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
