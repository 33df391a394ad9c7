// The data of a report as one JSON object, which its page reads (report/*.js). Internal to the two: what is
// in it may change with any version.
//
// Texts of steps stand once in "texts"; a step is an array of numbers in the order of "columns", its texts
// being places in that list (-1: none), so that a hundred thousand steps stay some ten megabytes.
#pragma once

#include <string>

#include "helper/report_data.h"

namespace compiler_cache {

std::string report_json(const ReportData& data);

/// The same JSON, so that it can stand in a <script> element: nothing in it begins a tag, a comment or an
/// entity, whatever the names of files are.
std::string json_for_script(std::string_view json);

}  // namespace compiler_cache
