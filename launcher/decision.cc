#include "launcher/decision.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "launcher/text.h"

namespace compiler_cache::launcher {
namespace {

// In the order of the enumerators.
constexpr DecisionRow kRows[] = {
    {Decision::disabled, "bypass", "COMPILER_CACHE_DISABLE is set", protocol::kBypassDisabled},
    {Decision::no_tree, "direct", "this launcher is in no .compiler-cache/bin folder", 0},
    {Decision::no_cwd, "direct", "the working directory has no name", 0},
    {Decision::compile_check, "direct", "a compile check by CMake", 0},
    {Decision::closed_stdio, "bypass", "standard input, output or error is closed",
     protocol::kBypassNoHelper},
    {Decision::stalled, "bypass", "the helper did not answer a moment ago", protocol::kBypassNoHelper},
    {Decision::not_owner, "bypass", ".compiler-cache, or who listens in it, belongs to another user",
     protocol::kBypassNotOwner},
    {Decision::no_helper, "bypass", "no helper could be reached or started", protocol::kBypassNoHelper},
    {Decision::no_answer, "bypass", "the helper gave no answer", protocol::kBypassNoAnswer},
    {Decision::bad_answer, "bypass", "the helper's answer makes no sense", protocol::kBypassBadAnswer},
    {Decision::too_large, "bypass", "the request is too large", protocol::kBypassNoHelper},
    {Decision::told_to_run, "run", "the helper said so", 0},
    {Decision::restore_failed, "run", "the outputs could not be put in place", 0},
    {Decision::not_for_the_cache, "run", "it cannot be compiled for the cache", 0},
    {Decision::hit, "hit", "outputs restored", 0},
    {Decision::miss, "miss", "compiling for the cache", 0},
};

}  // namespace

const DecisionRow& row_of(Decision decision) { return kRows[static_cast<int>(decision)]; }

void log_decision(const DecisionRow& row, const char* detail) {
  const char* path = getenv("COMPILER_CACHE_LOG");
  if (path == nullptr || path[0] == '\0') return;
  const int log = openat(AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (log < 0) return;
  Text<1024> line;
  line.add_number(getpid()).add(" launcher ").add(row.what).add(": ").add(row.why);
  if (detail[0] != '\0') line.add(": ").add(detail);
  Text<1026> ended;
  ended.add(line.c_str(), line.size()).add("\n");
  [[maybe_unused]] const ssize_t written = write(log, ended.c_str(), ended.size());
  close(log);
}

}  // namespace compiler_cache::launcher
