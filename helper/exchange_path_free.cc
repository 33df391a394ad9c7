// Results of other folders: looking for one where this folder's own have none, and sharing what a compile
// came to. docs/key.md has the argument.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "depscan/depfile.h"
#include "helper/exchange.h"
#include "helper/hasher.h"
#include "helper/path_text.h"

namespace compiler_cache {
namespace {

/// Whether a link stands in the place of the path or of a folder on the way to it, behind its first `from`
/// bytes. `plain`: paths that are known to be none.
bool has_link(FileSystem& files, const std::string& path, std::size_t from,
              std::unordered_set<std::string>& plain) {
  for (std::size_t at = from; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at + 1), path.size());
    const std::string part = path.substr(0, end);
    at = end;
    if (plain.contains(part)) continue;
    const Result<FileStat> stat = files.lstat(part);
    if (!stat.ok() || stat->type == FileType::symlink) return true;
    plain.insert(part);
  }
  return false;
}

/// Macros that the options among the key's items define, and undefine.
void take_macros(const std::vector<KeyItem>& items, FolderQuestion& question) {
  for (const KeyItem& item : items) {
    std::string text = item.prefix + item.text;
    if (text.starts_with("-Wp,")) text.erase(0, std::string_view("-Wp,").size());
    const bool defines = text.starts_with("-D");
    if (!defines && !text.starts_with("-U")) continue;
    text.erase(0, text.find_first_not_of(' ', 2));
    (defines ? question.defined : question.undefined).push_back(std::move(text));
  }
}

/// Without the folders that headers are looked for in, which make no macro.
std::vector<std::string> without_search_folders(const std::vector<std::string>& arguments) {
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const auto is = [&](std::string_view spelling) { return word.starts_with(spelling); };
    if (!is("-I") && !is("-isystem") && !is("-iquote") && !is("-idirafter")) {
      kept.push_back(word);
    } else if (word == "-I" || word == "-isystem" || word == "-iquote" || word == "-idirafter") {
      ++i;
    }
  }
  return kept;
}

}  // namespace

/// Decided once it matters: for a hit it never does.
void Exchange::judge_freedom() {
  if (freedom_) return;
  const RootTokens& roots = cache_.roots;
  freedom_ = judge_command(context_input(*identity_), roots);
  if (freedom_->freedom == Freedom::bound) return;
  for (const std::string& root : {roots.source(), roots.build()}) {
    if (has_link(cache_.world, root, 0, plain_paths_))
      freedom_ = CommandFreedom{Freedom::bound, BoundReason::linked_folder, root};
  }
  for (const SearchFolder& folder : command_.search_folders) {
    const std::string path = absolute(folder.path);
    if (!cache_.world.lstat(path).ok() || !reached_by_link(path)) continue;
    freedom_ = CommandFreedom{Freedom::bound, BoundReason::linked_folder, path};
  }
  if (freedom_->freedom != Freedom::bound)
    path_free_context_ = path_free_key(context_input(*identity_), roots.layout());
}

/// Whether the compiler may know the path by another name, too, one that lies elsewhere.
bool Exchange::reached_by_link(const std::string& path) {
  const RootTokens& roots = cache_.roots;
  for (const std::string* root : {&roots.build(), &roots.source()}) {
    if (path.starts_with(*root + "/")) return has_link(cache_.world, path, root->size(), plain_paths_);
  }
  return false;
}

// ---- Taking

/// True when the graph has one more result for this request, which holds.
bool Exchange::learn_from_other_folders() {
  if (!command_.reads_sources() || !cache_.shares()) return false;
  judge_freedom();
  if (freedom_->freedom == Freedom::bound) return false;
  for (const Variant& shared : cache_.path_free_variants(path_free_context_)) {
    std::optional<Variant> variant = if_it_holds(shared);
    if (variant && adopt(std::move(*variant))) return true;
  }
  return false;
}

/// With this folder's paths; nothing when it does not hold here.
std::optional<Variant> Exchange::if_it_holds(const Variant& shared) {
  std::optional<Variant> variant = for_this_folder(shared);
  if (!variant || !cache_.graph.would_hold(*variant)) return std::nullopt;
  const bool linked = std::any_of(variant->inputs.begin(), variant->inputs.end(),
                                  [this](const VariantInput& input) { return reached_by_link(input.path); });
  return linked ? std::nullopt : std::move(variant);
}

/// The result that servers may have for all folders.
void Exchange::add_path_free_candidate(Remote::Question& question) {
  if (!command_.reads_sources()) return;
  judge_freedom();
  if (freedom_->freedom == Freedom::bound) return;
  cache_.note_asked(path_free_context_);
  Remote::Candidate candidate;
  candidate.context = path_free_context_;
  candidate.holds = [self = shared_from_this()](const Variant& shared) {
    self->cache_.begin_request(self->watched_build_);
    return !self->cache_.is_dropped(self->path_free_context_, shared) &&
           self->if_it_holds(shared).has_value();
  };
  candidate.take = [self = shared_from_this()](Remote::Found found) {
    self->cache_.take_blobs(std::move(found.blobs));
    std::optional<Variant> variant = self->if_it_holds(found.entry.variant);
    if (variant) self->adopt(std::move(*variant));
  };
  question.candidates.push_back(std::move(candidate));
}

std::optional<Variant> Exchange::for_this_folder(const Variant& shared) const {
  const RootTokens& roots = cache_.roots;
  Variant variant = shared;
  for (VariantInput& input : variant.inputs) {
    std::optional<std::string> path = roots.from_token(input.path);
    if (!path) return std::nullopt;
    input.path = std::move(*path);
  }
  for (AbsentName& absent : variant.absent) {
    std::optional<std::string> folder = roots.from_token(absent.folder);
    if (!folder) return std::nullopt;
    absent.folder = std::move(*folder);
  }
  return variant;
}

/// Makes the result one of this folder's own: the depfile gets this folder's names.
bool Exchange::adopt(Variant variant) {
  const auto rename = [this](std::string_view name) -> std::optional<std::string> {
    return name.starts_with('@') ? cache_.roots.from_token(name) : std::string(name);
  };
  std::vector<CapturedOutput> blobs;
  for (ArtifactOutput& output : variant.artifact.outputs) {
    if (output.role != OutputRole::depfile) {
      if (!cache_.store->has(output.blob)) return false;
      continue;
    }
    HitSource ignored = HitSource::memory;
    const Result<std::string> text = text_of(output.blob, ignored);
    if (!text.ok()) return false;
    Result<std::string> renamed = rename_in_depfile(*text, rename, dialect());
    if (!renamed.ok()) return false;
    output.blob = hash_bytes(*renamed);
    output.size = renamed->size();
    blobs.push_back({OutputRole::depfile, output.blob, std::move(*renamed)});
  }
  for (std::string& target : variant.artifact.depfile_targets) {
    std::optional<std::string> renamed = rename(target);
    if (!renamed) return false;
    target = std::move(*renamed);
  }
  log("from another folder: " + command_.subject());
  cache_.add(context_, std::move(variant), std::move(blobs), {}, {.for_others = false, .for_servers = false});
  return true;
}

// ---- Sharing

/// What is kept of this compile as any folder may use it; nothing when it is bound to this one, and why is in
/// freedom_ then.
std::shared_ptr<Exchange::PathFree> Exchange::path_free_result(const Variant& variant,
                                                               const Captured& captured) {
  if (!command_.reads_sources() || !cache_.shares()) return nullptr;
  judge_freedom();
  const auto bound = [this](BoundReason reason, std::string detail) {
    freedom_ = CommandFreedom{Freedom::bound, reason, std::move(detail)};
    return nullptr;
  };
  if (freedom_->freedom == Freedom::bound) return nullptr;
  if (!precompiled_.empty()) return bound(BoundReason::precompiled_header, {});
  if (!variant.times.empty()) return bound(BoundReason::twin_headers, {});
  for (const CapturedOutput& output : captured.outputs) {
    if (output.names_root) return bound(BoundReason::path_in_output, {});
  }
  if (cache_.roots.mentioned_in(report_.standard_output) || cache_.roots.mentioned_in(report_.standard_error))
    return bound(BoundReason::path_in_diagnostics, {});
  auto result = std::make_shared<PathFree>();
  result->variant = variant;
  const std::string place = put_tokens(result->variant);
  if (!place.empty()) return bound(BoundReason::input_place, place);
  for (const VariantInput& input : variant.inputs) {
    if (reached_by_link(input.path)) return bound(BoundReason::linked_folder, input.path);
  }
  if (!put_tokens_in_depfile(captured, *result)) return bound(BoundReason::depfile, {});
  return result;
}

/// The path that has none; empty when all have.
std::string Exchange::put_tokens(Variant& variant) const {
  for (VariantInput& input : variant.inputs) {
    std::optional<std::string> token = cache_.roots.to_token(input.path);
    if (!token) return input.path;
    input.path = std::move(*token);
  }
  for (AbsentName& absent : variant.absent) {
    std::optional<std::string> token = cache_.roots.to_token(absent.folder);
    if (!token) return absent.folder;
    absent.folder = std::move(*token);
  }
  return {};
}

bool Exchange::put_tokens_in_depfile(const Captured& captured, PathFree& result) const {
  const auto rename = [this](std::string_view name) -> std::optional<std::string> {
    if (name.starts_with('/')) return cache_.roots.to_token(name);
    if (name.starts_with('@') || cache_.roots.mentioned_in(name)) return std::nullopt;
    return std::string(name);
  };
  Artifact& artifact = result.variant.artifact;
  for (std::string& target : artifact.depfile_targets) {
    std::optional<std::string> renamed = rename(target);
    if (!renamed) return false;
    target = std::move(*renamed);
  }
  for (std::size_t i = 0; i < captured.outputs.size(); ++i) {
    if (captured.outputs[i].role != OutputRole::depfile) continue;
    Result<std::string> renamed = rename_in_depfile(captured.outputs[i].bytes, rename, dialect());
    if (!renamed.ok()) return false;
    const Digest digest = hash_bytes(*renamed);
    artifact.outputs[i].blob = digest;
    artifact.outputs[i].size = renamed->size();
    result.depfile = CapturedOutput{OutputRole::depfile, digest, std::move(*renamed)};
  }
  return true;
}

FolderQuestion Exchange::question_about_folder(const Variant& variant) {
  FolderQuestion question;
  for (const VariantInput& input : variant.inputs)
    question.files.push_back({input.path, input.content, cache_.roots.is_below_root(input.path)});
  question.mapped = freedom_->freedom == Freedom::mapped;
  question.follow_macros = !question.mapped || is_clang(command_.family);
  take_macros(command_.key, question);
  question.identity = identity_->digest;
  resolve_compiler();
  question.compiler = without_search_folders(command_.probe_arguments);
  question.compiler.insert(question.compiler.begin(), resolved_compiler_);
  for (const KeyItem& item : command_.key) {
    if (item.prefix.empty() && item.text.starts_with("-O")) question.compiler.push_back(item.text);
  }
  question.language = x_name(command_.language);
  question.environment = request_.environment;
  question.cwd = request_.cwd;
  return question;
}

/// The last step of a miss: whether others may have the result hangs on what was read.
void Exchange::share_when_judged(const Variant& variant, const std::shared_ptr<PathFree>& result,
                                 std::function<void()> then) {
  cache_.begin_pending();
  cache_.folder_knowledge.ask(
      question_about_folder(variant),
      [self = shared_from_this(), result, then = std::move(then)](const FolderVerdict& verdict) {
        if (verdict.reason) {
          self->freedom_ = CommandFreedom{Freedom::bound, *verdict.reason, verdict.detail};
          result->bound = true;
        } else {
          result->judged = true;
        }
        self->share_if_ready(*result);
        then();
        self->cache_.end_pending();
      });
}

void Exchange::share_if_ready(PathFree& result) {
  if (!result.stored) return;
  if (result.bound) return cache_.publish_remote(context_);
  if (!result.judged) return;
  log("for every folder: " + command_.subject());
  cache_.share_path_free(path_free_context_, std::move(result.variant), std::move(result.depfile));
}

/// For whoever asks why another folder did not have it.
void Exchange::note_bound() {
  if (!freedom_ || freedom_->freedom != Freedom::bound || !cache_.shares()) return;
  const BoundReasonText& text = describe(freedom_->reason);
  add_cause(causes_, {CauseKind::bound, std::string(text.name), freedom_->detail, ""});
  log("bound to this folder: " + std::string(text.name) +
      (freedom_->detail.empty() ? "" : " " + freedom_->detail) + ": " + command_.subject());
}

/// What a recheck found wrong must not come back from the results for all folders.
void Exchange::drop_for_all_folders(const Variant& variant, const std::string& why) {
  if (!command_.reads_sources() || !cache_.shares()) return;
  judge_freedom();
  Variant shared = variant;
  if (freedom_->freedom == Freedom::bound || !put_tokens(shared).empty()) return;
  cache_.drop(path_free_context_, shared, why);
}

}  // namespace compiler_cache
