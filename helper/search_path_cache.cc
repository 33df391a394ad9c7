#include "helper/search_path_cache.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "helper/environment.h"
#include "helper/hasher.h"

namespace compiler_cache {
namespace {

constexpr int kAnswerLimitMs = 10'000;

Digest key_of(const SearchPathQuestion& question) {
  Hasher hasher;
  hasher.item("identity", question.identity.view()).item("compiler", question.compiler);
  hasher.item("language", question.language).item("cwd", question.cwd);
  for (const std::string& argument : question.arguments) hasher.item("argument", argument);
  for (const std::string& entry : question.keyed_environment) hasher.item("environment", entry);
  return hasher.finish();
}

Result<SearchPath> ask_compiler(ProcessRunner& processes, const SearchPathQuestion& question) {
  std::vector<std::string> argv{question.compiler};
  argv.insert(argv.end(), question.arguments.begin(), question.arguments.end());
  const std::vector<std::string> words = question_for_search_path(question.mode, question.language);
  argv.insert(argv.end(), words.begin(), words.end());
  const Environment environment(question.environment);
  Result<ProcessOutput> output =
      processes.run(argv, environment_for_probe(environment), question.cwd, kAnswerLimitMs);
  if (!output.ok()) return output.error();
  if (output->exit_code != 0)
    return Error{ErrorKind::invalid, "the compiler refuses to tell its search path"};
  Result<SearchPath> path = parse_search_path(output->standard_error);
  if (!path.ok()) return path;
  // GCC names a duplicate as it was spelled, Clang by the name of its twin: there it is the one not listed.
  path->duplicate.insert(path->duplicate.end(), question.folders.begin(), question.folders.end());
  if (const std::string folder = duplicate_by_link(*path, question.cwd); !folder.empty()) {
    return Error{ErrorKind::unsupported, folder + " is a link to another search folder"};
  }
  path->duplicate.clear();  // of no more use
  return path;
}

}  // namespace

bool SearchPathCache::still_right(const Entry& entry) {
  const auto exists = [&](const std::string& folder) {
    return listings_.exists(paths_.intern(folder.starts_with('/') ? folder : entry.cwd + "/" + folder));
  };
  const SearchPath& path = entry.path;
  return std::all_of(path.quote.begin(), path.quote.end(), exists) &&
         std::all_of(path.angle.begin(), path.angle.end(), exists) &&
         std::none_of(path.missing.begin(), path.missing.end(), exists);
}

void SearchPathCache::get(const SearchPathQuestion& question, Answer answer) {
  const Digest key = key_of(question);
  if (pending_.join(key, answer)) return;
  if (auto found = entries_.find(key); found != entries_.end() && still_right(found->second)) {
    return answer(found->second.path);
  }
  pending_.begin(key, std::move(answer));
  ask(key, question);
}

void SearchPathCache::ask(const Digest& key, const SearchPathQuestion& question) {
  auto result = std::make_shared<std::optional<Result<SearchPath>>>();
  executor_.run([this, question, result] { *result = ask_compiler(processes_, question); },
                [this, key, cwd = question.cwd, result] {
                  const std::vector<Answer> answers = pending_.take(key);
                  entries_.erase(key);
                  if ((*result)->ok()) {
                    entries_[key] = Entry{cwd, (*result)->value()};
                    changed_ = true;
                  }
                  for (const Answer& answer : answers) answer(**result);
                });
}

}  // namespace compiler_cache
