#include "helper/command_archive.h"

#include <algorithm>
#include <utility>

namespace compiler_cache {
namespace {

using Reason = UncacheableReason;

/// `q` or `r`, each once: with no library there, both add the members in order. The rest: c says nothing of a
/// new one, s and S are about the symbol table, D leaves out times and owners, T keeps names only.
bool is_known_operation(std::string_view letters) {
  if (letters.starts_with('-')) letters.remove_prefix(1);
  const auto count = [&](char letter) { return std::count(letters.begin(), letters.end(), letter); };
  return count('q') + count('r') == 1 && letters.find_first_not_of("qrcsSDT") == std::string_view::npos;
}

}  // namespace

Classified classify_archive(const std::vector<std::string>& argv, const std::string& cwd,
                            const ResponseFileReader& reader) {
  Command command;
  command.action = Action::archive;
  command.color_decided = true;
  // ar and llvm-ar read them like their compilers; they differ in what no build tool writes.
  Result<std::vector<std::string>> expanded = expand_response_files(argv, cwd, CompilerFamily::gcc, reader);
  if (!expanded.ok()) return Refusal{Reason::response_file, expanded.error().message};
  command.expanded_argv = std::move(*expanded);
  const std::vector<std::string>& words = command.expanded_argv;
  if (words.size() < 3) return Refusal{Reason::archive_option, ""};
  if (!is_known_operation(words[1])) return Refusal{Reason::archive_option, words[1]};
  command.output = words[2];
  command.output_given = true;
  command.key.push_back({KeyTag::flag, "ar ", words[1]});
  command.key.push_back({KeyTag::path, "library ", words[2]});
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (words[i].empty() || words[i].front() == '-' || words[i].front() == '@')
      return Refusal{Reason::archive_option, words[i]};
    if (words[i] == command.output) return Refusal{Reason::output_collision, words[i]};
    command.key.push_back({KeyTag::path, "member ", words[i]});
    command.named_inputs.push_back({words[i], false});
  }
  return command;
}

}  // namespace compiler_cache
