// Static libraries as `ar` writes them: enough of the format to see whether one depends on nothing but its
// members.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace compiler_cache {

struct ArchiveSummary {
  bool thin = false;                      ///< holds names of members, not their bytes
  std::size_t members = 0;                ///< without symbol tables and tables of names
  std::vector<std::string> member_paths;  ///< of a thin archive: relative to its folder, or absolute
  bool stamped = false;                   ///< a member's time, owner or mode was recorded
};

/// `corrupt` when the bytes are no archive of the common (System V, GNU) form.
bool is_thin_archive(std::string_view start);
Result<ArchiveSummary> summarize_archive(std::string_view bytes);

}  // namespace compiler_cache
