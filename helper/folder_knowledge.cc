#include "helper/folder_knowledge.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "helper/content_index.h"
#include "helper/environment.h"
#include "helper/hasher.h"
#include "helper/text_split.h"

namespace compiler_cache {
namespace {

constexpr int kMacrosLimitMs = 10'000;

/// The names behind `#define` in what the compiler prints for -dM.
std::vector<NameHash> names_of_macros(std::string_view printed) {
  constexpr std::string_view kDefine = "#define ";
  std::vector<NameHash> names;
  while (!printed.empty()) {
    std::string_view line = take_line(printed);
    if (line.starts_with(kDefine)) {
      line.remove_prefix(kDefine.size());
      names.push_back(name_hash(line.substr(0, line.find_first_of(" (\t\r"))));
    }
  }
  return names;
}

/// What a compiler's own macros say of how it reads texts.
class Dialect {
 public:
  explicit Dialect(const std::vector<NameHash>& predefined) {
    const auto has = [&](std::string_view name) {
      return std::find(predefined.begin(), predefined.end(), name_hash(name)) != predefined.end();
    };
    raw_literals_ = has("__cpp_raw_strings");
    digit_quotes_ = has("__cpp_digit_separators");
    // Not in strict C of before 1999. The second one may be told later C, too.
    line_comments_ = !has("__STRICT_ANSI__") || !has("__GNUC_GNU_INLINE__") || has("__cplusplus");
  }

  /// Whether that is as the scan did, for all that the scan noticed.
  bool reads_alike(const FolderFacts& facts) const {
    return (raw_literals_ || !facts.raw_literal) && (digit_quotes_ || !facts.digit_quote) &&
           (line_comments_ || !facts.line_comment);
  }

 private:
  bool raw_literals_ = false;
  bool digit_quotes_ = false;
  bool line_comments_ = false;
};

}  // namespace

void FolderKnowledge::ask(FolderQuestion question, std::function<void(const FolderVerdict&)> then) {
  auto asked = std::make_shared<FolderQuestion>(std::move(question));
  auto verdict = std::make_shared<FolderVerdict>();
  queue_.run([this, asked, verdict] { *verdict = judge(*asked); },
             [verdict, then = std::move(then)] { then(*verdict); });
}

FolderKnowledge::Facts FolderKnowledge::facts_of(const FolderFile& file) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = facts_.find(file.content); known != facts_.end()) return known->second;
  }
  const Result<std::string> text = world_.read(file.path, kMaxInputBytes);
  if (!text.ok() || hash_bytes(*text) != file.content) return nullptr;
  auto facts = std::make_shared<const FolderFacts>(scan_for_folder(*text));
  std::size_t names = facts->uses.size();
  for (const MacroDefinition& definition : facts->definitions) names += 4 + definition.mentions.size();
  const std::lock_guard lock(mutex_);
  if (names_ + names > kMaxFolderNames) {
    facts_.clear();
    names_ = 0;
  }
  names_ += names;
  facts_[file.content] = facts;
  return facts;
}

FolderKnowledge::Names FolderKnowledge::predefined(const FolderQuestion& question) {
  Hasher hasher;
  hasher.item("identity", question.identity.view()).item("language", question.language);
  for (const std::string& word : question.compiler) hasher.item("word", word);
  const Digest key = hasher.finish();
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = predefined_.find(key); known != predefined_.end()) return known->second;
  }
  std::vector<std::string> argv = question.compiler;
  argv.insert(argv.end(), {"-dM", "-E", "-x", question.language, "/dev/null"});
  const Environment environment(question.environment);
  const Result<ProcessOutput> output =
      processes_.run(argv, environment_for_probe(environment), question.cwd, kMacrosLimitMs);
  if (!output.ok() || output->exit_code != 0) return nullptr;
  auto names = std::make_shared<const std::vector<NameHash>>(names_of_macros(output->standard_output));
  // A compiler without macros of its own has not told them.
  if (names->empty()) return nullptr;
  const std::lock_guard lock(mutex_);
  predefined_[key] = names;
  return names;
}

FolderVerdict FolderKnowledge::judge(const FolderQuestion& question) {
  const Names predefined_names = predefined(question);
  if (!predefined_names) return {BoundReason::not_understood, "the compiler does not tell its macros"};
  const Dialect dialect(*predefined_names);
  FolderReachQuestion reach;
  std::unordered_map<Digest, std::size_t> seen;
  bool computed = false;
  bool absolute_in_macro = false;
  const auto take = [&](const FolderFacts& facts) {
    computed = computed || facts.computed_name;
    absolute_in_macro = absolute_in_macro || facts.absolute_in_macro;
    return !facts.unsure && dialect.reads_alike(facts);
  };
  for (const FolderFile& file : question.files) {
    const Facts facts = facts_of(file);
    if (!facts || !take(*facts)) return {BoundReason::not_understood, file.path};
    if (facts->absolute_name) return {BoundReason::absolute_name, file.path};
    if (facts->once && ++seen[file.content] > 1) return {BoundReason::twin_headers, file.path};
    reach.files.push_back({facts, file.own});
  }
  for (const std::string& text : question.defined) {
    FolderFacts facts = scan_option_for_folder(text);
    if (!take(facts) || facts.definitions.size() != 1) return {BoundReason::not_understood, "-D" + text};
    absolute_in_macro = absolute_in_macro || text.find('/') != std::string::npos;
    reach.defined.push_back(std::move(facts.definitions.front()));
  }
  if (computed && absolute_in_macro) return {BoundReason::absolute_name, "by a macro"};
  if (!question.follow_macros) return {};
  reach.predefined = *predefined_names;
  reach.undefined = question.undefined;
  reach.mapped = question.mapped;
  const std::string name = name_that_tells_folder(reach);
  if (!name.empty()) return {BoundReason::file_macro, name};
  return {};
}

}  // namespace compiler_cache
