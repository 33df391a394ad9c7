#include "helper/program_files.h"

#include <utility>

#include "helper/content_index.h"
#include "helper/elf_program.h"
#include "helper/hasher.h"
#include "helper/path_text.h"
#include "helper/search_places.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kMaxProgramBytes = 1ULL << 30;
constexpr std::size_t kHeadBytes = 4096;

}  // namespace

Status ProgramFiles::add_program(const std::string& path, bool* elf) {
  std::string head;
  if (Status added = add_file(path, &head); !added.ok()) return added;
  if (elf != nullptr) *elf = is_elf(head);
  if (!has_interpreter(head)) return {};
  std::vector<std::string> environment = environment_;
  environment.emplace_back("LD_TRACE_LOADED_OBJECTS=1");
  environment.emplace_back("LD_DEBUG=libs");
  Result<ProcessOutput> loaded = seams_.processes.run({path}, environment, asking_cwd_, kProbeLimitMs);
  if (!loaded.ok()) return loaded.error();
  for (const std::string& library : parse_loaded_objects(loaded->standard_output)) {
    if (Status added = add_file(library, nullptr); !added.ok()) return added;
  }
  for (const std::string& place : loader_places(loaded->standard_error)) {
    if (!seen_.contains(place)) watch(place);
  }
  return {};
}

Status ProgramFiles::add_file(const std::string& path, std::string* head) {
  if (!seen_.insert(path).second && head == nullptr) return {};
  ProgramFile file{path, {}, seams_.clock.file_now_ns(), {}};
  Result<FileStat> stat = seams_.files.stat(path);
  if (!stat.ok()) return stat.error();
  auto known = memo_.find(path);
  const bool remembered = known != memo_.end() && known->second.stat.same_version(*stat) &&
                          !changed_since(*stat, known->second.hashed_at_ns - 2 * seams_.clock.file_tick_ns());
  if (remembered && head == nullptr) {
    identity_.files.push_back(known->second);
    return {};
  }
  Result<std::string> bytes = seams_.files.read(path, kMaxProgramBytes, &file.stat);
  if (!bytes.ok()) return bytes.error();
  file.content = hash_bytes(*bytes);
  if (head != nullptr) *head = bytes->substr(0, kHeadBytes);
  identity_.files.push_back(std::move(file));
  return {};
}

void ProgramFiles::watch(const std::string& place) {
  // Relative ones are so to a working directory that is part of the question.
  const std::string path = absolute_path(cwd_, place);
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    ProgramFile file{path.substr(0, end), {}, began_ns_, {}};
    Result<FileStat> stat = seams_.files.stat(file.path);
    if (stat.ok() && end != std::string::npos) continue;
    if (stat.ok()) file.stat = *stat;
    if (watched_.insert(file.path).second) identity_.watched.push_back(std::move(file));
    return;
  }
}

}  // namespace compiler_cache
