// What an exchange does where the compiler tells of its headers by include notes (/showIncludes).
#include <algorithm>
#include <iterator>
#include <utility>

#include "helper/driver_mode.h"
#include "helper/exchange.h"

namespace compiler_cache {
namespace {

constexpr char kNoPrefix[] = "what its include notes begin with is not known";

/// Both streams: each compiler writes its notes to the one or the other.
NotedOutput split_streams(const CompileReport& report, std::string_view prefix, std::string& standard_error) {
  NotedOutput noted = split_notes(report.standard_output, prefix);
  NotedOutput error = split_notes(report.standard_error, prefix);
  std::move(error.notes.begin(), error.notes.end(), std::back_inserter(noted.notes));
  if (!noted.doubt) noted.doubt = std::move(error.doubt);
  standard_error = std::move(error.text);
  return noted;
}

}  // namespace

bool Exchange::reads_notes() const {
  return command_.dependencies == DependencySource::user_notes ||
         command_.dependencies == DependencySource::private_notes;
}

/// By configuration: what cl.exe can only have, clang-cl may have in place of a depfile.
void Exchange::prefer_notes() {
  if (cache_.config.notes_instead_of_depfile && speaks_msvc(command_.family) &&
      command_.include_notes == IncludeNotes::none &&
      command_.dependencies == DependencySource::private_depfile)
    command_.dependencies = DependencySource::private_notes;
}

/// Calls with note_prefix_ known, or with it empty when the compiler does not tell. At once where it does not
/// matter.
void Exchange::ask_note_prefix(const std::function<void()>& then) {
  if (!reads_notes() || !note_prefix_.empty()) return then();
  // A script may translate even what Clang says in one language only.
  if (identity_->family == CompilerFamily::clang_cl && !identity_->is_script) {
    note_prefix_ = kClangNotePrefix;
    return then();
  }
  resolve_compiler();
  NotePrefixQuestion question{identity_->digest,    resolved_compiler_, driver_mode_arguments(request_.argv),
                              request_.environment, keyed_environment_, cache_.private_path()};
  cache_.note_prefixes.get(question, [self = shared_from_this(), then](const Result<std::string>& prefix) {
    if (prefix.ok()) self->note_prefix_ = *prefix;
    if (!prefix.ok()) self->log("no include notes: " + prefix.error().message);
    then();
  });
}

void Exchange::send_miss_with_notes() {
  ask_note_prefix([self = shared_from_this()] {
    if (self->phase_ != Phase::looking) return;
    // Without it, the user would see the notes.
    if (self->note_prefix_.empty()) return self->refuse(UncacheableReason::include_notes, kNoPrefix);
    self->send_miss_settled();
  });
}

/// From here on the report is what the user has seen.
void Exchange::take_private_notes(CompileReport& report) {
  if (command_.dependencies != DependencySource::private_notes) return;
  std::string standard_error;
  noted_ = split_streams(report, note_prefix_, standard_error);
  report.standard_output = std::move(noted_->text);
  report.standard_error = std::move(standard_error);
}

/// The files that the notes name; false when some may be missing from them.
bool Exchange::add_noted_inputs(const SearchPath& search, std::vector<std::string>& names) {
  const auto refuse_it = [this](const std::string& detail) {
    not_kept(UncacheableReason::include_notes, detail);
    return false;
  };
  if (note_prefix_.empty()) return refuse_it(kNoPrefix);
  std::string without_notes;
  if (!noted_) noted_ = split_streams(report_, note_prefix_, without_notes);
  if (noted_->doubt) return refuse_it(*noted_->doubt);
  // All that the begin of a header's path can come from.
  std::vector<std::string> folders{request_.cwd, command_.input};
  folders.insert(folders.end(), search.quote.begin(), search.quote.end());
  folders.insert(folders.end(), search.angle.begin(), search.angle.end());
  for (const ForcedInclude& forced : command_.forced_includes) folders.push_back(forced.name);
  const auto unreadable = std::find_if_not(folders.begin(), folders.end(), can_be_noted);
  if (unreadable != folders.end()) return refuse_it(*unreadable);
  for (const IncludeNote& note : noted_->notes) names.push_back(note.path);
  return true;
}

}  // namespace compiler_cache
