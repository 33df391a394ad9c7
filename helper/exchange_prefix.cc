// COMPILER_CACHE_PREFIX: a program that runs the compiles of misses, on other machines most often (icecc,
// distcc). It changes no key: what comes out is taken to be what the compiler writes here.
#include <algorithm>
#include <cctype>
#include <utility>

#include "helper/environment.h"
#include "helper/exchange.h"
#include "helper/path_text.h"

namespace compiler_cache {
namespace {

constexpr char kPrefixVariable[] = "COMPILER_CACHE_PREFIX";

std::vector<std::string> words_of_prefix(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace

/// A program that is not there must not end the build: then the compiler runs by itself.
void Exchange::put_prefix_before(std::vector<std::string>& argv) {
  if (command_.action != Action::compile) return;
  const Environment environment(request_.environment);
  const std::optional<std::string_view> asked = environment.get(kPrefixVariable);
  std::vector<std::string> words =
      words_of_prefix(asked ? *asked : std::string_view(cache_.config.compile_prefix));
  if (words.empty()) return;
  std::vector<AbsentName> ignored;
  const std::string program =
      find_program(cache_.world, words.front(), environment.program_path(), request_.cwd, ignored);
  if (program.empty()) {
    return cache_.note_once(std::string(kPrefixVariable) + ": there is no " + words.front() +
                            ": the compiler runs without it");
  }
  prefix_ = name_of_path(program);
  words.front() = program;
  argv.insert(argv.begin(), words.begin(), words.end());
}

/// Such programs tell on standard error of machines that they do not reach ("distcc[17] Warning: ...",
/// "ICECC[17] ..."), which no later hit must repeat.
bool Exchange::prefix_has_spoken(const std::string& printed) const {
  if (prefix_.empty()) return false;
  const std::string wanted = prefix_ + "[";
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(printed.begin(), printed.end(), wanted.begin(), wanted.end(), same) != printed.end();
}

}  // namespace compiler_cache
