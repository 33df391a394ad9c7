// Any bytes as a depfile: no crash, and whatever can be retargeted comes back byte for byte.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "depscan/depfile.h"

namespace {

using compiler_cache::DepfileDialect;

void check(bool holds) {
  if (!holds) std::abort();
}

void retarget_there_and_back(std::string_view text, DepfileDialect dialect) {
  const auto parsed = compiler_cache::parse_depfile(text);
  const auto there =
      compiler_cache::retarget_depfile(text, std::vector<std::string>{"some/where/else.o"}, dialect);
  if (!there) return;
  check(parsed.ok());
  const auto moved = compiler_cache::parse_depfile(*there);
  check(moved.ok() && depfile_inputs(*moved) == depfile_inputs(*parsed));
  const auto back = compiler_cache::retarget_depfile(*there, parsed->rules.front().targets, dialect);
  check(back.ok() && *back == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto parsed = compiler_cache::parse_depfile(text)) {
    check(!parsed->rules.empty());
    for (const auto& rule : parsed->rules) check(!rule.targets.empty());
    check(depfile_inputs(*parsed).size() <= size);
  }
  retarget_there_and_back(text, DepfileDialect::gcc);
  retarget_there_and_back(text, DepfileDialect::clang);
  if (text.find('\n') != std::string_view::npos || text.empty() || text.find('\0') != std::string_view::npos)
    return 0;
  // A quoted name is one target, whatever it is, unless its end runs into what follows.
  const std::string quoted = compiler_cache::quote_depfile_target(text, DepfileDialect::clang);
  const auto rule = compiler_cache::parse_depfile(quoted + ": x\n");
  const bool ends_plainly = text.find_first_of("\r:\\|") == std::string_view::npos;
  if (ends_plainly && text != ".PHONY")
    check(rule.ok() && rule->rules.size() == 1 && rule->rules[0].targets.size() == 1);
  return 0;
}
