// The part of an exchange that is about links. The linker lists the files that it has read. What it does not
// list: the members of thin archives; what it looked for and did not find; and what it ran, which is the
// identity's.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "depscan/link_list.h"
#include "helper/add_once.h"
#include "helper/archive_format.h"
#include "helper/command_link.h"
#include "helper/environment.h"
#include "helper/exchange.h"
#include "helper/header_lookup.h"
#include "helper/library_places.h"
#include "helper/link_places.h"
#include "helper/path_text.h"
#include "helper/text_split.h"

namespace compiler_cache {
namespace {

/// What the dynamic linker's configuration comes to: GNU ld looks where it looks.
constexpr char kLoaderCache[] = "/etc/ld.so.cache";
constexpr std::size_t kArchiveMagicBytes = 8;
constexpr std::uint64_t kMaxThinArchive = 64ULL << 20;

/// Whether the file, which is gone, is one by which link-time optimisation hands something to itself.
bool is_temporary(const std::string& path, const Environment& environment) {
  const std::string_view name = name_of_path(path);
  // GCC's driver and its LTO plugin; LLVM's.
  if (!name.starts_with("cc") && !name.starts_with("lto-llvm-")) return false;
  std::vector<std::string> folders{"/tmp", "/var/tmp", "/usr/tmp"};
  for (const char* variable : {"TMPDIR", "TMP", "TEMP"})
    folders.emplace_back(environment.get(variable).value_or(""));
  const std::string parent = folder_of_path(path);
  return std::any_of(folders.begin(), folders.end(), [&](std::string folder) {
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    return folder == parent;
  });
}

}  // namespace

// ---- Asking

void Exchange::begin_link() {
  ask_linker(request_.argv, [this](const IdentityPtr& identity) { classify_link_step(identity); });
}

void Exchange::ask_linker(const std::vector<std::string>& argv, std::function<void(IdentityPtr)> then) {
  // The language that its compiles most likely ask with: then most of it is known already.
  const bool cxx = name_of_path(request_.argv[0]).find("++") != std::string_view::npos;
  IdentityQuestion question{request_.argv[0], cxx ? "c++" : "c", linker_arguments(argv), request_.environment,
                            request_.cwd};
  question.tool = ToolKind::linker;
  ask_identity(question, std::move(then));
}

void Exchange::classify_link_step(const IdentityPtr& identity) {
  if (!take_classified(classify_link(request_.argv, request_.cwd, identity->family, response_file_reader())))
    return;
  if (command_.expanded_argv == request_.argv) return look_up(identity);
  ask_linker(command_.expanded_argv, [this](const IdentityPtr& exact) { look_up(exact); });
}

// ---- Learning

/// While the linker runs: what it costs to ask is not waited for afterwards.
void Exchange::ask_link_places() {
  resolve_compiler();
  LinkPlacesQuestion question{resolved_compiler_,   identity_->family, command_.expanded_argv, {},
                              request_.environment, request_.cwd};
  question.choosing = linker_arguments(command_.expanded_argv);
  auto places = std::make_shared<std::optional<Result<LinkPlaces>>>();
  cache_.begin_pending();
  cache_.executor.run(
      [this, question = std::move(question), places] {
        *places = compiler_cache::ask_link_places(cache_.world, cache_.processes, question);
      },
      [self = shared_from_this(), places] {
        self->link_places_ = std::move(**places);
        if (self->when_link_places_) std::exchange(self->when_link_places_, nullptr)();
        self->cache_.end_pending();
      });
}

void Exchange::learn_link(Captured captured) {
  if ((captured.outputs.front().stat.mode & 0111) == 0) {
    not_kept(UncacheableReason::linker_option, command_.output);
    return cache_.end_pending();
  }
  auto shared = std::make_shared<Captured>(std::move(captured));
  when_link_places_ = [self = shared_from_this(), shared] {
    self->learn_link_inputs(*self->link_places_, std::move(*shared));
    self->cache_.end_pending();
  };
  if (link_places_) std::exchange(when_link_places_, nullptr)();
}

void Exchange::learn_link_inputs(const Result<LinkPlaces>& places, Captured captured) {
  if (!places.ok()) return not_kept(UncacheableReason::depfile_unreadable, places.error().message);
  cache_.begin_request(watched_build_);
  moved_.emplace(cache_.world, start_ns_);
  std::vector<PathId> inputs;
  std::vector<AbsentName> absent;
  std::unordered_set<std::string> named;
  for (const NamedInput& input : command_.named_inputs) named.insert(absolute(input.path));
  std::vector<std::string> names = places->names;
  for (const std::string& path : named) {
    if (!add_link_input(path, inputs)) return;
  }
  // Lists of symbols, start files: no list of the linker's need name them.
  for (const std::string& path : places->files) {
    if (!is_own_output(path) && !add_link_input(path, inputs)) return;
  }
  for (const std::string& listed : parse_link_list(captured.dependency_text)) {
    std::string path = absolute(listed);
    if (!cache_.world.lstat(path).ok()) path = absolute(unescaped_link_name(listed));
    if (!cache_.world.lstat(path).ok() && is_temporary(path, Environment(request_.environment))) continue;
    if (!add_link_input(path, inputs)) return;
    if (named.contains(path)) continue;
    for (std::string& name : names_searched_for(path)) add_once(names, std::move(name));
  }
  if (inputs.empty()) return not_kept(UncacheableReason::depfile_missing, command_.output);
  if (cache_.world.stat(kLoaderCache).ok() && !add_link_input(kLoaderCache, inputs)) return;
  if (!add_unfound(places->folders, names, inputs, absent)) return;
  keep(inputs, std::move(absent), std::move(captured));
}

bool Exchange::is_own_output(const std::string& path) const {
  const auto is_it = [&](const std::string& name) { return path == absolute(name); };
  return is_it(command_.output) || is_it(command_.depfile) ||
         std::any_of(command_.extra_outputs.begin(), command_.extra_outputs.end(),
                     [&](const OutputFile& output) { return is_it(output.path); });
}

/// A file that the linker has read, and what it has read by that.
bool Exchange::add_link_input(const std::string& path, std::vector<PathId>& inputs) {
  const PathId id = cache_.paths.intern(path);
  if (std::find(inputs.begin(), inputs.end(), id) != inputs.end()) return true;
  if (!check_input(id)) return false;
  inputs.push_back(id);
  Result<std::string> start = cache_.world.read_start(path, kArchiveMagicBytes);
  if (!start.ok() || !is_thin_archive(*start)) return true;
  Result<std::string> bytes = cache_.world.read(path, kMaxThinArchive);
  const Result<ArchiveSummary> summary = bytes.ok() ? summarize_archive(*bytes) : bytes.error();
  if (!summary.ok()) {
    not_kept(UncacheableReason::linker_input, path);
    return false;
  }
  const std::string folder = folder_of_path(path);
  return std::all_of(
      summary->member_paths.begin(), summary->member_paths.end(),
      [&](const std::string& member) { return add_link_input(absolute_path(folder, member), inputs); });
}

/// Whatever would be found instead, or besides, if it were there; what is there all the same counts by what
/// it holds.
bool Exchange::add_unfound(std::vector<std::string> folders, const std::vector<std::string>& names,
                           std::vector<PathId>& inputs, std::vector<AbsentName>& absent) {
  const Environment environment(request_.environment);
  for (const std::string& folder : command_.library_folders) {
    if (!folder.starts_with('$')) folders.push_back(folder);
  }
  for (const char* variable : {"LD_RUN_PATH", "LD_LIBRARY_PATH", "LIBRARY_PATH"}) {
    const std::optional<std::string_view> list = environment.get(variable);
    if (!list) continue;
    for (const std::string_view folder : split_at(':', *list))
      folders.emplace_back(folder.empty() ? "." : folder);
  }
  std::unordered_set<std::string> seen;
  for (const std::string& spelled : folders) {
    std::string folder = absolute(spelled);
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    if (!seen.insert(folder).second) continue;
    for (const std::string& name : names) {
      if (!add_unfound_name(folder, name, inputs, absent)) return false;
    }
  }
  return true;
}

/// A link that leads nowhere and a folder are passed over like a name that is not there, until they change.
bool Exchange::add_unfound_name(const std::string& folder, const std::string& name,
                                std::vector<PathId>& inputs, std::vector<AbsentName>& absent) {
  std::string path = join_path(folder, name);
  if (!cache_.world.lstat(path).ok()) {
    absent.push_back({folder, name});
    return true;
  }
  const Result<FileStat> stat = cache_.world.stat(path);
  if (stat.ok() && stat->type == FileType::regular) return add_link_input(path, inputs);
  if (stat.ok() && stat->type == FileType::folder) {
    absent.push_back({std::move(path), kMustBeFolder});
  } else if (!stat.ok() && stat.error().kind == ErrorKind::not_found) {
    absent.push_back({std::move(path), kMustLeadNowhere});
  } else {
    not_kept(UncacheableReason::linker_input, path);
    return false;
  }
  return true;
}

}  // namespace compiler_cache
