#include <cstdio>
#include <memory>

#include "helper/clock.h"
#include "helper/commands.h"
#include "helper/config.h"
#include "helper/json_view.h"
#include "helper/real_file_system.h"
#include "helper/recorded_tree.h"

namespace compiler_cache {

int run_dump(const CommandOptions& options) {
  const std::unique_ptr<FileSystem> files = make_real_file_system();
  const Result<RecordedTree> tree =
      read_recorded_tree(*files, system_clock(), options.build_root + "/" + kTreeFolderName);
  if (!tree) {
    print_error(tree.error().message);
    return kExitFailure;
  }
  std::fputs(recorded_json(*tree).c_str(), stdout);
  return kExitOk;
}

}  // namespace compiler_cache
