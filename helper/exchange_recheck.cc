// Recheck mode (recheck.h): the part of an exchange that compiles what could have been a hit, and compares.
#include <sys/wait.h>

#include <algorithm>

#include "helper/environment.h"
#include "helper/exchange.h"
#include "helper/hasher.h"

namespace compiler_cache {
namespace {

/// Of a value that makes no sense, as much as a sentence bears.
constexpr std::size_t kMaxShown = 40;

}  // namespace

/// Whether this hit is one of those to be compiled again.
bool Exchange::is_to_be_rechecked() {
  const std::optional<std::string_view> text = Environment(request_.environment).get(kRecheckVariable);
  if (!text) return false;
  const std::optional<unsigned> percent = recheck_percent(*text);
  if (percent) return cache_.recheck_share.take(*percent);
  cache_.note_once(std::string(kRecheckVariable) + "=" + std::string(text->substr(0, kMaxShown)) +
                   " is no number from 0 to 100: nothing is rechecked");
  return false;
}

/// `outputs` and `files`: what a hit would hand out for this entry.
bool Exchange::begins_recheck(const Graph::Entry& entry,
                              const std::vector<std::shared_ptr<OpenFile>>& files) {
  if (!is_to_be_rechecked()) return false;
  Recheck recheck;
  recheck.kept = cache_.graph.expand(entry);
  std::size_t next = 0;
  for (const ArtifactOutput& output : entry.artifact.outputs) {
    if (output.role == OutputRole::depfile && command_.depfile.empty()) continue;
    // On the loop's thread: who asks for rechecks does not ask for speed.
    Result<std::string> bytes = cache_.world.read_open(*files[next++], kMaxOutputBytes);
    if (!bytes.ok()) return false;
    recheck.outputs.push_back({output.role, hash_bytes(*bytes)});
  }
  // Objects made with two of GCC's precompiled headers of the same origin can differ.
  const bool uses_precompiled = std::any_of(
      entry.inputs.begin(), entry.inputs.end(),
      [this](const Graph::Input& input) { return cache_.index.current(input.path) != input.content; });
  recheck.bytes_vary = command_.bytes_vary || (uses_precompiled && identity_->family == CompilerFamily::gcc);
  recheck_ = std::move(recheck);
  miss_reason_ = MissReason::recheck;
  miss_detail_.clear();
  return true;
}

/// Whether the entry could be handed out now, too, and what it depends on has not changed since the compile
/// began: else that compile says nothing about it.
bool Exchange::recheck_is_conclusive() {
  cache_.begin_request();
  const Graph::Match match = cache_.graph.find(context_);
  if (match.state != Graph::State::warm || cache_.graph.expand(*match.entry) != recheck_->kept) return false;
  return std::none_of(match.entry->inputs.begin(), match.entry->inputs.end(),
                      [this](const Graph::Input& input) {
                        const FileStat* stat = cache_.index.stat_of(input.path);
                        return stat == nullptr || changed_since(*stat, start_ns_);
                      });
}

/// True when that was all: the result is what a hit would have given, and known already, or it is another one
/// and the exchange has ended with that. Otherwise the result is to be kept like that of any miss.
bool Exchange::ends_as_recheck(const std::vector<CapturedOutput>& found) {
  if (!recheck_ || !recheck_is_conclusive()) return false;
  const std::string what =
      recheck_difference(*recheck_, found, report_.standard_output, report_.standard_error);
  if (!what.empty()) {
    report_difference(what);
    return true;
  }
  // Who uses a precompiled header must know the bytes that lie there now.
  if (recheck_->bytes_vary && command_.makes_precompiled_header()) return false;
  RequestResult result = RequestResult::miss(MissReason::recheck);
  result.rechecked = !recheck_->bytes_vary;
  finish(result, recheck_->bytes_vary ? "the compiler writes other bytes each time" : "the same");
  return true;
}

/// A compile that fails where the cache has a result is a difference, too, unless something ended it.
bool Exchange::fails_unlike_hit(int wait_status) {
  if (!recheck_ || !WIFEXITED(wait_status) || !recheck_is_conclusive()) return false;
  report_difference("the exit status");
  return true;
}

void Exchange::report_difference(const std::string& what) {
  const std::string sentence =
      "recheck: " + what + " of " + command_.subject() +
      " is not what the cache has; its entry is dropped, the compiler's result stays";
  cache_.drop(context_, recheck_->kept, sentence);
  drop_for_all_folders(recheck_->kept, sentence);
  cache_.events.write("recheck-difference", {{"what", what}, {"input", command_.subject()}});
  acknowledge("compiler-cache: " + sentence + "\n");
  RequestResult result = RequestResult::miss(MissReason::recheck);
  result.rechecked = true;
  result.recheck_differed = true;
  finish(result, what + " differs");
}

}  // namespace compiler_cache
