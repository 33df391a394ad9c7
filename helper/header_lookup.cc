#include "helper/header_lookup.h"

#include <algorithm>

#include "depscan/text_bytes.h"
#include "helper/file_age.h"
#include "helper/path_text.h"

namespace compiler_cache {
namespace {

/// As Clang reads backslashes in the name of a header where it stands in for Microsoft's compiler: two of
/// them stay.
std::string with_slashes(std::string name) {
  for (std::size_t at = name.find('\\'); at < name.size(); at = name.find('\\', at + 1)) {
    if (at + 1 < name.size() && name[at + 1] == '\\') {
      ++at;
    } else {
      name[at] = '/';
    }
  }
  return name;
}

}  // namespace

bool violated(FolderListings& listings, PathId folder, const std::string& name) {
  if (name == kMustBeFolder) return !listings.exists(folder);
  if (name == kMustLeadNowhere) return listings.leads_somewhere(folder);
  if (name == kNoPrecompiledHeader) return listings.has_precompiled_header(folder);
  return listings.has_entry(folder, name);
}

std::string HeaderLookup::absolute(std::string_view path) const { return absolute_path(context_->cwd, path); }

void HeaderLookup::refuse(UncacheableReason reason, std::string detail) {
  if (result_.refusal) return;
  result_.refusal = reason;
  result_.detail = std::move(detail);
}

void HeaderLookup::begin(const LookupContext& context, const std::vector<PathId>& inputs) {
  context_ = &context;
  result_ = {};
  read_files_.clear();
  candidates_.clear();
  with_precompiled_.clear();
  resolved_.clear();
  absent_seen_.clear();
  missing_folders_.clear();
  includer_folders_.clear();
  computed_folders_.clear();
  imports_ = false;
  inputs_ = inputs;
  input_names_.clear();
  read_sizes_.clear();
  for (PathId input : inputs) {
    input_names_.insert(without_dots(paths_[input]));
    if (const FileStat* stat = index_.stat_of(input)) {
      read_files_.try_emplace({stat->device, stat->inode}, input);
      read_sizes_.insert(stat->size);
    }
  }
}

LookupResult HeaderLookup::analyse(const LookupContext& context, const std::vector<PathId>& inputs) {
  begin(context, inputs);
  for (const std::string& folder : context.search.missing) add_missing_folder(absolute(folder));
  for (std::size_t i = 0; i < inputs.size() && !result_.refusal; ++i) {
    analyse_file(inputs[i], index_.current(inputs[i]));
  }
  for (const std::string& name : context.forced_includes) {
    if (context.precompiled == PrecompiledSearch::beside_forced) follow_clang_twin(absolute(name));
    follow_forced(name);
  }
  for (const std::string& name : context.frontend_includes) follow_forced(name);
  follow_predefined_header();
  follow_computed();
  result_.times_count = !result_.refusal && has_twins_among_inputs();
  std::sort(result_.absent.begin(), result_.absent.end());
  return std::move(result_);
}

void HeaderLookup::analyse_file(PathId file, ContentId content) {
  auto facts = index_.scan(file, content, ScanKind::c_family);
  if (!facts.ok()) return refuse(UncacheableReason::input_changed_during_compile, paths_[file]);
  if (context_->assembler) {
    auto assembler_facts = index_.scan(file, content, ScanKind::assembler);
    if (!assembler_facts.ok()) return refuse(UncacheableReason::input_changed_during_compile, paths_[file]);
    if (refuse_for_scan(**assembler_facts, file)) return;
  }
  if (refuse_for_scan(**facts, file)) return;
  if (context_->precompiled == PrecompiledSearch::beside_headers) follow_gcc_twin(paths_[file]);
  for (const IncludeSpelling& include : (*facts)->includes) follow_include(include, file);
  for (const IncludeSpelling& probe : (*facts)->probes) follow_probe(probe, file);
}

bool HeaderLookup::refuse_for_scan(const ScanFacts& facts, PathId file) {
  const bool clock_macro = (facts.date_macro || facts.time_macro) && !context_->date_is_fixed;
  if (clock_macro || facts.timestamp_macro) refuse(UncacheableReason::time_macro, paths_[file]);
  if (facts.embed || facts.has_embed) refuse(UncacheableReason::embed, paths_[file]);
  if (facts.incbin) refuse(UncacheableReason::incbin, paths_[file]);
  if (facts.asm_include) refuse(UncacheableReason::asm_include, paths_[file]);
  if (facts.names_precompiled) refuse(UncacheableReason::precompiled_header, paths_[file]);
  if (facts.include_alias && context_->include_aliases)
    refuse(UncacheableReason::computed_probe, paths_[file]);
  if (facts.computed_probe) refuse(UncacheableReason::computed_probe, paths_[file]);
  return result_.refusal.has_value();
}

std::vector<std::string> HeaderLookup::folders_for(const IncludeSpelling& include, PathId file) const {
  std::vector<std::string> folders;
  if (include.form == IncludeSpelling::Form::quote) {
    folders.push_back(folder_of_path(paths_[file]));
    for (const std::string& folder : context_->search.quote) folders.push_back(absolute(folder));
  }
  for (const std::string& folder : context_->search.angle) folders.push_back(absolute(folder));
  return folders;
}

void HeaderLookup::follow_include(const IncludeSpelling& include, PathId file) {
  imports_ = imports_ || include.import;
  if (include.form == IncludeSpelling::Form::computed) {
    computed_folders_.push_back(folder_of_path(paths_[file]));
    return;
  }
  const bool quoted = include.form == IncludeSpelling::Form::quote;
  std::string key = quoted ? "q" + folder_of_path(paths_[file]) : std::string("a");
  key.append(include.next ? "\n+" : "\n-").append(include.name);
  if (!resolved_.insert(std::move(key)).second) return;
  search(include, context_->includer_chain ? with_slashes(include.name) : include.name, file, false);
}

/// `name`: as it is looked for.
void HeaderLookup::search(const IncludeSpelling& include, const std::string& name, PathId file, bool probe) {
  const std::vector<std::string> folders = folders_for(include, file);
  const bool chain =
      context_->includer_chain && include.form == IncludeSpelling::Form::quote && !include.next;
  if (chain) return resolve_in_chain(folders, name, probe);
  resolve(folders, name, include.next, probe);
}

void HeaderLookup::follow_probe(const IncludeSpelling& probe, PathId file) {
  if (probe.form == IncludeSpelling::Form::computed)
    return refuse(UncacheableReason::computed_probe, paths_[file]);
  if (probe.in_macro || probe.expanded) follow_macro_probe(probe);
  const bool quoted = probe.form == IncludeSpelling::Form::quote;
  std::string key = quoted ? "Q" + folder_of_path(paths_[file]) : std::string("A");
  key.append(probe.next ? "\n+" : "\n-").append(probe.name);
  if (resolved_.insert(std::move(key)).second) search(probe, probe.name, file, true);
}

/// Any file that was read may use the macro. A name in quotes is looked for beside that file; in one in <>
/// macros are expanded there, unlike in a probe that stands in a directive itself (GCC and Clang, measured).
void HeaderLookup::follow_macro_probe(const IncludeSpelling& probe) {
  if (probe.in_macro) {
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const std::string key = "Q" + folder_of_path(paths_[inputs_[i]]) + "\n-" + probe.name;
      if (resolved_.insert(key).second) search(probe, probe.name, inputs_[i], true);
    }
    return;
  }
  for (std::size_t at = 0; at < probe.name.size();) {
    const std::size_t end = word_end(probe.name, at);
    const std::string word = probe.name.substr(at, end - at);
    at = std::max(end, at + 1);
    if (word.empty() || !resolved_.insert("M" + word).second) continue;
    if (may_be_macro(word)) return refuse(UncacheableReason::computed_probe, word);
  }
}

bool HeaderLookup::may_be_macro(std::string_view word) const {
  // GCC's and Clang's own that have no underscore in front.
  for (const std::string_view own :
       {"linux", "unix", "i386", "arm", "mips", "sparc", "sun", "PPC", "WIN32"}) {
    if (word == own) return true;
  }
  if (word.starts_with('_')) return true;
  if (std::find(context_->macros.begin(), context_->macros.end(), word) != context_->macros.end())
    return true;
  const std::uint64_t hash = macro_name_hash(word);
  return std::any_of(inputs_.begin(), inputs_.end(), [&](PathId input) {
    const auto facts = index_.scan(input, index_.current(input), ScanKind::c_family);
    return !facts.ok() || std::binary_search((*facts)->macros.begin(), (*facts)->macros.end(), hash);
  });
}

void HeaderLookup::follow_forced(const std::string& name) {
  std::vector<std::string> folders{context_->cwd};
  for (const std::string& folder : context_->search.quote) folders.push_back(absolute(folder));
  for (const std::string& folder : context_->search.angle) folders.push_back(absolute(folder));
  if (context_->includer_chain) return resolve_in_chain(folders, with_slashes(name), false);
  resolve(folders, name, false, false);
}

/// Clang takes the first of these that is there, of whatever kind.
void HeaderLookup::follow_clang_twin(const std::string& header) {
  for (const char* extension : {".pch", ".gch"}) {
    const std::string twin = header + extension;
    if (listings_.has_entry(paths_.intern(folder_of_path(twin)), name_of_path(twin)))
      return note_precompiled(twin);
    add_first_missing(twin);
  }
}

void HeaderLookup::note_precompiled(const std::string& path) {
  const Result<FileStat> stat = files_.stat(path);
  // A folder holds several, of which the compiler takes the first that fits.
  if (!stat.ok() || stat->type != FileType::regular)
    return refuse(UncacheableReason::precompiled_header, path);
  const PathId id = paths_.intern(path);
  std::vector<PathId>& noted = result_.precompiled;
  if (std::find(noted.begin(), noted.end(), id) == noted.end()) noted.push_back(id);
}

/// GCC includes it before everything else, by the search path of `<...>`. Where it is not read, nothing comes
/// of this.
void HeaderLookup::follow_predefined_header() {
  std::vector<std::string> folders;
  for (const std::string& folder : context_->search.angle) folders.push_back(absolute(folder));
  resolve(folders, "stdc-predef.h", false, false);
}

/// A computed include may have led to any input, to one that another include leads to as well. So any earlier
/// folder that could hold the same name counts, for all of them.
void HeaderLookup::follow_computed() {
  if (computed_folders_.empty()) return;
  const bool gcc = context_->precompiled == PrecompiledSearch::beside_headers;
  std::vector<std::string> folders = context_->includer_chain ? includer_folders() : computed_folders_;
  for (const std::string& folder : context_->search.quote) folders.push_back(absolute(folder));
  for (const std::string& folder : context_->search.angle) folders.push_back(absolute(folder));
  // What a computed name led to may have been a precompiled header (see classify).
  for (const std::string& folder : folders) {
    if (gcc && listings_.has_precompiled_header(paths_.intern(folder)))
      refuse(UncacheableReason::precompiled_header, folder);
  }
  for (std::size_t i = 1; i < inputs_.size() && !result_.refusal; ++i) {
    const std::string& path = paths_[inputs_[i]];
    for (const std::string& folder : folders) {
      if (!path.starts_with(folder + "/")) continue;
      // `next`: folders before and after the right one alike, since files with computed includes may lie
      // anywhere.
      resolve(folders, std::string_view(path).substr(folder.size() + 1), true, false);
    }
  }
}

/// Walks the candidates `folders`/`name` in order. An include stops at the first that exists, and counts only
/// if that one was read; `next` passes it and goes on to the last one that was read. A probe counts whatever
/// it finds.
void HeaderLookup::resolve(const std::vector<std::string>& folders, std::string_view name, bool next,
                           bool probe) {
  if (name.starts_with('/')) {
    const Candidate kind = classify(std::string(name));
    if (probe) commit(std::string(name), kind);
    return;
  }
  std::vector<std::pair<std::string, Candidate>> tried;
  std::size_t count = 0;  // of `tried`: those that matter
  for (const std::string& folder : folders) {
    std::string path = join_path(folder, name);
    const Candidate kind = classify(path);
    const bool exists = kind == Candidate::read || kind == Candidate::unread;
    tried.emplace_back(std::move(path), kind);
    if (kind == Candidate::read || probe || with_precompiled_.contains(tried.back().first))
      count = tried.size();
    // What it held then may have been a twin of what was read (see follow_twin).
    if (kind == Candidate::changing) return commit(tried.back().first, kind);
    if (kind == Candidate::unread && !probe) follow_twin(tried.back().first);
    if (kind == Candidate::unread && !next && !probe) {
      check_passed_over(folders, tried.size(), name);
      break;
    }
    if (exists && !next) break;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (probe || tried[i].second != Candidate::unread) commit(tried[i].first, tried[i].second);
  }
}

/// `folders`[`end` - 1] holds a file of that name which was not read: the include is in code that was not
/// compiled, or the file was not there yet. The latter shows in its own ctime (see classify) or, if it came
/// with a folder that was moved there, in that folder's. It matters only if a later candidate was read.
void HeaderLookup::check_passed_over(const std::vector<std::string>& folders, std::size_t end,
                                     std::string_view name) {
  bool later_read = false;
  for (std::size_t i = end; i < folders.size() && !later_read; ++i) {
    later_read = classify(join_path(folders[i], name)) == Candidate::read;
  }
  if (!later_read) return;
  const std::string& root = folders[end - 1];
  for (std::string folder = folder_of_path(join_path(root, name)); folder.size() >= root.size();
       folder = folder_of_path(folder)) {
    Result<FileStat> stat = files_.stat(folder);
    if (!stat.ok() || changed_since(*stat, context_->start_ns)) {
      return refuse(UncacheableReason::input_changed_during_compile, folder);
    }
    if (folder == "/") break;
  }
}

/// What was read has been looked at in this request already.
Result<FileStat> HeaderLookup::stat_of(const std::string& path) const {
  const PathId id = paths_.find(path);
  const FileStat* known = id == kNoId ? nullptr : index_.stat_of(id);
  return known != nullptr ? Result<FileStat>(*known) : files_.stat(path);
}

HeaderLookup::Candidate HeaderLookup::classify(const std::string& path) {
  auto [slot, inserted] = candidates_.try_emplace(path, Candidate::missing);
  if (!inserted) return slot->second;
  const PathId folder = paths_.intern(folder_of_path(path));
  // GCC's depfile names neither a precompiled header that was used nor the header that it stands for, which
  // then looks as if its include were in code that was not compiled.
  if (context_->precompiled == PrecompiledSearch::beside_headers &&
      listings_.has_precompiled_header(folder) &&
      listings_.has_entry(folder, std::string(name_of_path(path)) + ".gch")) {
    note_precompiled(path + ".gch");
    with_precompiled_.insert(path);
  }
  if (!listings_.has_entry(folder, name_of_path(path))) return slot->second;
  Result<FileStat> stat = stat_of(path);
  if (!stat.ok()) {  // or it went just now
    return slot->second = is_old_link_to_nowhere(path) ? Candidate::dangling : Candidate::unsure;
  }
  if (stat->type == FileType::folder) return slot->second = Candidate::folder;
  if (stat->type != FileType::regular) return slot->second = Candidate::unsure;
  if (read_files_.contains({stat->device, stat->inode})) return slot->second = Candidate::read;
  // It may have come while the compiler ran, and then the compiler has not seen it.
  if (changed_since(*stat, context_->start_ns)) return slot->second = Candidate::changing;
  return slot->second = Candidate::unread;
}

void HeaderLookup::commit(const std::string& candidate, Candidate kind) {
  switch (kind) {
    case Candidate::missing:
      return add_first_missing(candidate);
    case Candidate::dangling:
      if (context_->precompiled == PrecompiledSearch::beside_headers) follow_gcc_twin(candidate);
      return add_absent(candidate, kMustLeadNowhere);
    case Candidate::folder:
      return add_absent(candidate, kMustBeFolder);
    case Candidate::read:
      // The depfile may name the file by another way: GCC prefers the shorter name of a system header, and
      // names a file with #pragma once only when it meets it first. What this way leads to counts too.
      if (!input_names_.contains(without_dots(candidate))) add_extra_input(candidate);
      return;
    case Candidate::changing:
    case Candidate::unsure:
      return refuse(UncacheableReason::input_changed_during_compile, candidate);
    case Candidate::unread:
      return add_extra_input(candidate);
  }
}

/// GCC passes over a file that says #pragma once when it has read one with the same bytes and time. Then the
/// depfile does not name it, but its bytes and time count.
void HeaderLookup::follow_twin(const std::string& path) {
  Result<FileStat> stat = files_.stat(path);
  if (!stat.ok() || !read_sizes_.contains(stat->size)) return;
  const ContentId content = index_.current(paths_.intern(path));
  if (content == kNoId) return;
  Result<std::string> text = files_.read(path, kMaxInputBytes);
  const bool once = !text.ok() || text->find("once") != std::string::npos || imports_;
  for (PathId input : inputs_) {
    if (!once || index_.current(input) != content) continue;
    // With the same time, too, it may be the one that was passed over; whether it is hangs on that time.
    const FileStat* read = index_.stat_of(input);
    if (read == nullptr || read->mtime_ns / kSecondNs == stat->mtime_ns / kSecondNs) {
      return refuse(UncacheableReason::depfile_unreadable, path);
    }
    add_extra_input(path);
  }
}

/// Whether two files of equal bytes were read, and GCC would pass over one of them if their times were equal.
/// Clang knows a file by its inode and looks at no times.
bool HeaderLookup::has_twins_among_inputs() {
  if (context_->precompiled == PrecompiledSearch::beside_forced) return false;
  std::unordered_map<ContentId, FileKey> seen;
  for (PathId input : inputs_) {
    const ContentId content = index_.current(input);
    const FileStat* stat = index_.stat_of(input);
    if (stat == nullptr) continue;
    const FileKey file{stat->device, stat->inode};
    const auto [first, added] = seen.try_emplace(content, file);
    if (added || first->second == file) continue;
    Result<std::string> text = files_.read(paths_[input], kMaxInputBytes);
    if (imports_ || !text.ok() || text->find("once") != std::string::npos) return true;
  }
  return false;
}

void HeaderLookup::add_extra_input(const std::string& name) {
  const PathId path = paths_.intern(name);
  if (index_.current(path) == kNoId) return refuse(UncacheableReason::input_unreadable, name);
  if (std::find(result_.extra_inputs.begin(), result_.extra_inputs.end(), path) ==
      result_.extra_inputs.end()) {
    result_.extra_inputs.push_back(path);
  }
}

void HeaderLookup::add_absent(std::string folder, std::string name) {
  std::string key = folder + '\n' + name;
  if (!absent_seen_.insert(std::move(key)).second) return;
  result_.absent.push_back({std::move(folder), std::move(name)});
}

/// Whether it was that file, and no folder, when the compile began.
bool HeaderLookup::is_old_file(const std::string& path) const {
  Result<FileStat> link = files_.lstat(path);
  if (!link.ok() || link->type == FileType::folder || changed_since(*link, context_->start_ns)) return false;
  Result<FileStat> stat = files_.stat(path);
  return stat.ok() && stat->type == FileType::regular && !changed_since(*stat, context_->start_ns);
}

/// What it leads to may appear anywhere, and the link may be made to lead elsewhere. Either shows in whether
/// it still leads nowhere.
bool HeaderLookup::is_old_link_to_nowhere(const std::string& path) const {
  Result<FileStat> link = files_.lstat(path);
  if (!link.ok() || link->type != FileType::symlink || changed_since(*link, context_->start_ns)) return false;
  Result<FileStat> stat = files_.stat(path);
  return !stat.ok() && stat.error().kind == ErrorKind::not_found;
}

/// `folder`: one that the compiler searches if it is there, and it was not.
void HeaderLookup::add_missing_folder(const std::string& folder) {
  if (is_old_link_to_nowhere(folder)) return add_absent(folder, kMustLeadNowhere);
  add_first_missing(folder);
}

void HeaderLookup::add_first_missing(const std::string& path) {
  std::string folder = folder_of_path(path);
  std::string name(name_of_path(path));
  if (missing_folders_.contains(folder)) return;
  while (folder != "/" && !listings_.exists(paths_.intern(folder))) {
    // A file in the place of a folder holds no name; a folder that takes its place may.
    if (is_old_file(folder)) break;
    missing_folders_.insert(folder);
    if (is_old_link_to_nowhere(folder)) return add_absent(std::move(folder), kMustLeadNowhere);
    name = name_of_path(folder);
    folder = folder_of_path(folder);
  }
  const PathId id = paths_.intern(folder);
  // "a/.." where a is missing: the kernel would look for a, and so the loop above ends at a name like "..".
  if (name == "." || name == ".." || listings_.has_entry(id, name)) {
    return refuse(UncacheableReason::input_changed_during_compile, path);
  }
  if (context_->precompiled == PrecompiledSearch::beside_headers) follow_gcc_twin(join_path(folder, name));
  add_absent(std::move(folder), std::move(name));
}

/// What GCC would take in place of `header`, if it is there.
void HeaderLookup::follow_gcc_twin(const std::string& header) {
  std::string folder = folder_of_path(header);
  const PathId id = paths_.intern(folder);
  if (!listings_.has_precompiled_header(id)) return add_absent(std::move(folder), kNoPrecompiledHeader);
  std::string name = std::string(name_of_path(header)) + ".gch";
  if (listings_.has_entry(id, name)) return note_precompiled(header + ".gch");
  add_absent(std::move(folder), std::move(name));
}

}  // namespace compiler_cache
