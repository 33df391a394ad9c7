// The report as one HTML file that needs nothing else: page, style, scripts and data.
#pragma once

#include <string>
#include <string_view>

namespace compiler_cache {

/// The files of `report/` and `third_party/`, as they are built in (report_assets.cmake).
struct ReportAssets {
  std::string_view page;  ///< HTML with the places {{nonce}}, {{style}}, {{data}} and {{script}}
  std::string_view style;
  std::string_view script;
};
extern const ReportAssets kReportAssets;

/// `nonce`: letters and digits that nobody can know before; only what carries it is run. `json` as
/// report_json() gave it.
std::string report_page(const ReportAssets& assets, std::string_view nonce, std::string_view json);

}  // namespace compiler_cache
