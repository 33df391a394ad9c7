#include "helper/note_prefixes.h"

#include <memory>
#include <optional>
#include <utility>

#include "depscan/include_notes.h"
#include "helper/hasher.h"
#include "helper/path_text.h"

namespace compiler_cache {
namespace {

constexpr int kNoteLimitMs = 10'000;

Digest key_of_notes(const NotePrefixQuestion& question) {
  Hasher hasher;
  hasher.item("identity", question.identity.view()).item("compiler", question.compiler);
  for (const std::string& argument : question.arguments) hasher.item("argument", argument);
  for (const std::string& entry : question.keyed_environment) hasher.item("environment", entry);
  return hasher.finish();
}

/// The request's own: its language is what is asked for. But not the variables that hold options.
std::vector<std::string> without_options(const std::vector<std::string>& environment) {
  std::vector<std::string> entries;
  for (const std::string& entry : environment) {
    if (!entry.starts_with("CL=") && !entry.starts_with("_CL_=")) entries.push_back(entry);
  }
  return entries;
}

Result<std::string> ask_for_a_note(ProcessRunner& processes, const NotePrefixQuestion& question,
                                   const std::string& source, const std::string& header,
                                   const std::string& expected) {
  std::vector<std::string> argv{question.compiler};
  argv.insert(argv.end(), question.arguments.begin(), question.arguments.end());
  for (const std::string& word :
       {std::string("/nologo"), std::string("/showIncludes"), std::string("/Zs"), "/Tc" + source}) {
    argv.push_back(word);
  }
  Result<ProcessOutput> output =
      processes.run(argv, without_options(question.environment), folder_of_path(question.stem), kNoteLimitMs);
  if (!output.ok()) return output.error();
  if (output->exit_code != 0) return Error{ErrorKind::invalid, "the compiler refuses to print include notes"};
  for (const std::string& text : {output->standard_output, output->standard_error}) {
    if (std::optional<std::string> prefix = detect_note_prefix(text, header, expected)) return *prefix;
  }
  return Error{ErrorKind::invalid, "the compiler's include notes are not understood"};
}

Result<std::string> find_prefix(ProcessRunner& processes, FileSystem& files,
                                const NotePrefixQuestion& question, const std::string& expected) {
  constexpr std::uint32_t kMode = 0600;
  const std::string source = question.stem + ".c";
  const std::string header = question.stem + ".h";
  files.make_folder(folder_of_path(question.stem), 0700).ok();  // most often it is there
  Status written = files.write_new(header, "\n", kMode);
  if (written.ok())
    written = files.write_new(source, "#include \"" + std::string(name_of_path(header)) + "\"\n", kMode);
  Result<std::string> prefix =
      written.ok() ? ask_for_a_note(processes, question, source, header, expected) : written.error();
  files.remove(source).ok();
  files.remove(header).ok();
  return prefix;
}

}  // namespace

void NotePrefixes::get(const NotePrefixQuestion& question, Answer answer) {
  const Digest key = key_of_notes(question);
  if (const auto known = known_.find(key); known != known_.end()) return answer(known->second);
  if (pending_.join(key, answer)) return;
  pending_.begin(key, std::move(answer));
  auto result = std::make_shared<std::optional<Result<std::string>>>();
  executor_.run([this, question, result] { *result = find_prefix(processes_, files_, question, expected_); },
                [this, key, result] {
                  const std::vector<Answer> answers = pending_.take(key);
                  // What only went wrong this time is asked again.
                  if ((*result)->ok() || (*result)->error().kind == ErrorKind::invalid)
                    known_.emplace(key, **result);
                  for (const Answer& each : answers) each(**result);
                });
}

}  // namespace compiler_cache
