#include "helper/offline_sessions.h"

#include <algorithm>
#include <functional>

namespace compiler_cache {

std::vector<SessionName> sessions_on_disk(FileSystem& files, const std::string& folder) {
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

}  // namespace compiler_cache
