// The JSON objects that the command line prints, for programs. The only user of nlohmann-json. Keys keep
// their order; a change that could break a reader raises "schema".
#pragma once

#include <string>

#include "helper/doctor.h"
#include "helper/recorded_tree.h"
#include "helper/stats_view.h"
#include "helper/status_report.h"

namespace compiler_cache {

/// {"schema":1,"total":{...},"last_build":{...}}; all zero for a build that there was none of. With a history
/// also "recent_builds":{...} and "costly_misses":[...]. Ends with a line feed, as all here.
std::string stats_json(const StatsReport& report);
std::string status_json(const StatusReport& report);
/// {"schema":1,"checks":[names],"findings":[{"check":...,"wrong":...,"problem":...,"advice":...}]}
std::string doctor_json(const DoctorReport& report);

/// {"schema":1,"variants":[...],"identities":[...],"searches":[...]}. For those who work on the helper: what
/// is in it may change with any version.
std::string recorded_json(const RecordedTree& tree);

}  // namespace compiler_cache
