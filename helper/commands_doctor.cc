#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "helper/clock.h"
#include "helper/commands.h"
#include "helper/doctor.h"
#include "helper/json_view.h"
#include "helper/real_file_system.h"

namespace compiler_cache {
namespace {

Result<DiskSpace> space_on_disk(const std::string& folder) {
  std::error_code error;
  const std::filesystem::space_info info = std::filesystem::space(folder, error);
  if (error) return Error{ErrorKind::io, folder + ": " + error.message()};
  return DiskSpace{info.available, info.capacity};
}

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace

int run_doctor(const CommandOptions& options) {
  const std::unique_ptr<FileSystem> world = make_real_file_system();
  const DoctorReport report = examine({*world, system_clock(), own_environment(), space_on_disk,
                                       static_cast<std::uint32_t>(geteuid()), COMPILER_CACHE_VERSION},
                                      options.build_root);
  std::fputs((options.json ? doctor_json(report) : doctor_text(report)).c_str(), stdout);
  return report.anything_wrong() ? kExitFailure : kExitOk;
}

}  // namespace compiler_cache
