#include "helper/program_files.h"

#include <utility>

#include "helper/content_index.h"
#include "helper/elf_program.h"
#include "helper/path_text.h"
#include "helper/search_places.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kMaxProgramBytes = 1ULL << 30;
constexpr std::size_t kHeadBytes = 4096;

}  // namespace

ProgramFiles::ProgramFiles(const Seams& seams, const ProgramMemo& memo, const Environment& environment,
                           std::string asking_cwd, std::string cwd, Identity& identity)
    : seams_(seams),
      memo_(memo),
      environment_(environment),
      probe_environment_(environment_for_probe(environment)),
      asking_cwd_(std::move(asking_cwd)),
      cwd_(std::move(cwd)),
      began_ns_(seams.clock.file_now_ns()),
      identity_(identity) {
  for (const ProgramFile& file : identity.files) seen_.insert(file.path);
}

std::string ProgramFiles::find(const std::string& name) {
  return find_program(seams_.files, name, environment_.program_path(), cwd_, identity_.absent);
}

Result<ProcessOutput> ProgramFiles::run(const std::vector<std::string>& argv) {
  return seams_.processes.run(argv, probe_environment_, asking_cwd_, kProbeLimitMs);
}

Result<std::string> ProgramFiles::first_line(const std::vector<std::string>& argv) {
  Result<ProcessOutput> answer = run(argv);
  if (!answer.ok()) return answer.error();
  return first_line_of(*answer);
}

Status ProgramFiles::add_program(const std::string& path, bool* elf) {
  std::string head;
  if (Status added = add_file(path, &head); !added.ok()) return added;
  if (elf != nullptr) *elf = is_elf(head);
  if (!has_interpreter(head)) return {};
  std::vector<std::string> environment = probe_environment_;
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
  if (remembered) {
    if (head != nullptr) {
      Result<std::string> start = seams_.files.read_start(path, kHeadBytes);
      if (!start.ok()) return start.error();
      *head = std::move(*start);
    }
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

void ProgramFiles::watch_loader() {
  watch("/etc/ld.so.cache");
  watch("/etc/ld.so.preload");
}

void ProgramFiles::add_to(Hasher& hasher) const {
  hasher.item("files", identity_.files.size());
  for (const ProgramFile& file : identity_.files)
    hasher.item("path", file.path).item("content", file.content.view());
}

}  // namespace compiler_cache
