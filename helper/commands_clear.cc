#include <chrono>
#include <cstdio>
#include <memory>

#include "helper/clock.h"
#include "helper/commands.h"
#include "helper/config.h"
#include "helper/control_client.h"
#include "helper/offline_store.h"
#include "helper/real_file_system.h"

namespace compiler_cache {
namespace {

/// Removing many files takes its time.
constexpr std::chrono::minutes kLimit{2};

Status ask_to_clear(const CommandOptions& options, const std::string& folder) {
  std::vector<std::string> arguments;
  if (options.shared) arguments.emplace_back(kClearSharedArgument);
  Result<ControlAnswer> answer = ask_helper(folder, kClearCommand, arguments, kLimit);
  if (!answer) return answer.status();
  return answer->ok ? Status() : Status(ErrorKind::io, answer->payload);
}

Status clear_tree(const CommandOptions& options) {
  const std::string folder = options.build_root + "/" + kTreeFolderName;
  Status asked = ask_to_clear(options, folder);
  if (asked || asked.error().kind != ErrorKind::not_found) return asked;
  const std::unique_ptr<FileSystem> files = make_real_file_system();
  Result<Config> config = load_config(*files, options.build_root);
  if (!config) return config.status();
  Result<std::unique_ptr<FileSystem>> tree_files = make_folder_file_system(folder);
  if (!tree_files) return tree_files.status();
  const OfflineStore store{*files, **tree_files, system_clock(), folder, *config};
  return store.clear(options.shared);
}

}  // namespace

int run_clear(const CommandOptions& options) {
  if (Status status = clear_tree(options); !status) {
    print_error("not cleared: " + status.error().message);
    return kExitFailure;
  }
  std::puts(options.shared ? "This tree's cache and the shared store are empty."
                           : "This tree's cache is empty.");
  return kExitOk;
}

}  // namespace compiler_cache
