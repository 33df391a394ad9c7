#include "helper/recorded_history.h"

#include <chrono>

#include "helper/control_client.h"

namespace compiler_cache {
namespace {

constexpr std::chrono::seconds kHistoryLimit{10};

}  // namespace

History recorded_history(FileSystem& files, const std::string& folder) {
  const Result<ControlAnswer> answer = ask_helper(folder, kHistoryCommand, {}, kHistoryLimit);
  History history = read_history(files, folder);
  const bool none_runs = !answer && answer.error().kind == ErrorKind::not_found;
  if (!none_runs && (!answer || !answer->ok)) {
    history.notes.push_back((answer ? answer->payload : answer.error().message) +
                            "; what follows is from the disk and may be old");
  }
  return history;
}

}  // namespace compiler_cache
