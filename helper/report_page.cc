#include "helper/report_page.h"

#include "helper/report_json.h"

namespace compiler_cache {

/// What is put in is not looked at again: a name of a file may look like a place.
std::string report_page(const ReportAssets& assets, std::string_view nonce, std::string_view json) {
  std::string html;
  html.reserve(assets.page.size() + assets.style.size() + assets.script.size() + 2 * json.size());
  std::string_view rest = assets.page;
  while (!rest.empty()) {
    const std::size_t open = rest.find("{{");
    html += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find("}}", open);
    const std::string_view place = rest.substr(open + 2, close - open - 2);
    if (place == "nonce") html += nonce;
    if (place == "style") html += assets.style;
    if (place == "script") html += assets.script;
    if (place == "data") html += json_for_script(json);
    if (close == std::string_view::npos) break;
    rest.remove_prefix(close + 2);
  }
  return html;
}

}  // namespace compiler_cache
