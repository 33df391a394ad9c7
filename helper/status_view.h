// The helper's status as people read it. JSON is in json_view.h.
#pragma once

#include <cstdint>
#include <string>

#include "helper/status_report.h"

namespace compiler_cache {

/// `now`: seconds since the epoch, for ages. Ends with a line feed.
std::string status_text(const StatusReport& report, std::uint64_t now);

}  // namespace compiler_cache
