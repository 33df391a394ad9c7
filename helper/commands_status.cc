#include <chrono>
#include <cstdio>
#include <memory>

#include "helper/clock.h"
#include "helper/commands.h"
#include "helper/config.h"
#include "helper/control_client.h"
#include "helper/json_view.h"
#include "helper/offline_store.h"
#include "helper/real_file_system.h"
#include "helper/status_view.h"

namespace compiler_cache {
namespace {

constexpr std::chrono::seconds kLimit{5};

Result<StatusReport> ask_for_status(const std::string& folder) {
  Result<ControlAnswer> answer = ask_helper(folder, kStatusCommand, {}, kLimit);
  if (!answer) return answer.error();
  if (!answer->ok) return Error{ErrorKind::io, answer->payload};
  return StatusReport::decode(answer->payload);
}

Result<StatusReport> read_from_disk(const std::string& build_root, const std::string& folder) {
  const std::unique_ptr<FileSystem> world = make_real_file_system();
  Result<std::unique_ptr<FileSystem>> tree = make_folder_file_system(folder);
  if (!tree) return tree.error();
  Result<Config> config = load_config(*world, build_root);
  if (!config) return config.error();
  return OfflineStore(*world, **tree, system_clock(), folder, *config).status();
}

Result<StatusReport> find_status(const std::string& build_root) {
  const std::string folder = build_root + "/" + kTreeFolderName;
  Result<StatusReport> asked = ask_for_status(folder);
  if (asked) return asked;
  Result<StatusReport> read = read_from_disk(build_root, folder);
  const bool none_runs = asked.error().kind == ErrorKind::not_found;
  if (read && !none_runs) read->notes.push_back("a helper is there, but: " + asked.error().message);
  return read;
}

}  // namespace

int run_status(const CommandOptions& options) {
  const Result<StatusReport> report = find_status(options.build_root);
  if (!report) {
    print_error(report.error().message);
    return kExitFailure;
  }
  const auto now = static_cast<std::uint64_t>(system_clock().wall_seconds());
  const std::string text = options.json ? status_json(*report) : status_text(*report, now);
  std::fputs(text.c_str(), stdout);
  return kExitOk;
}

}  // namespace compiler_cache
