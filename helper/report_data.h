// What the report shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "helper/counters.h"
#include "helper/folder_tier.h"
#include "helper/header_costs.h"
#include "helper/step_record.h"

namespace compiler_cache {

struct ReportStore {
  std::string name;  ///< tree, shared
  std::string path;
  std::uint64_t limit = 0;  ///< bytes; 0: none
  std::vector<AgeGroup> ages;
};

struct ReportData {
  std::string build_root;
  std::string source_root;            ///< empty: not known
  std::uint64_t made = 0;             ///< seconds since the epoch
  Counters total;                     ///< of the tree's whole life
  std::vector<BuildSummary> builds;   ///< newest first
  std::optional<BuildSummary> shown;  ///< the build that the steps are of
  BuildSteps steps;
  HeaderCosts headers;
  std::vector<ReportStore> stores;
  std::vector<std::string> notes;  ///< what is missing, for people
};

}  // namespace compiler_cache
