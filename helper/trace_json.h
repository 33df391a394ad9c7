// A build as trace events, for chrome://tracing and ui.perfetto.dev: a lane for each worker, in it a slice
// for each step, and in that the phases of helper and launcher. The format is the "Trace Event Format"
// (complete events "X" and metadata "M", times in microseconds since the build's start).
#pragma once

#include <string>

#include "helper/step_record.h"

namespace compiler_cache {

/// One JSON object. Bytes of names that are no UTF-8 are replaced.
std::string trace_json(const BuildSummary& summary, const BuildSteps& steps);

}  // namespace compiler_cache
