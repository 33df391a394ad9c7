// Any bytes as a header and as an option's macro: no crash, no hang, and a name that stands before all of it
// is found whatever comes behind. The first line is the option.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "depscan/folder_reach.h"

namespace {

using namespace compiler_cache;

void check(bool holds) {
  if (!holds) std::abort();
}

void check_facts(const FolderFacts& facts) {
  check(!facts.guards.empty() && facts.guards.front() == Guard());
  for (const MacroDefinition& definition : facts.definitions) check(definition.guard < facts.guards.size());
  for (const NameUse& use : facts.uses) check(use.guard < facts.guards.size());
  check(std::is_sorted(facts.uses.begin(), facts.uses.end()));
  check(std::adjacent_find(facts.uses.begin(), facts.uses.end()) == facts.uses.end());
}

std::string name_in(std::string_view text, std::string_view option, bool mapped = false) {
  FolderReachQuestion question;
  question.mapped = mapped;
  question.files.push_back({std::make_shared<FolderFacts>(scan_for_folder(text)), true});
  question.files.push_back({question.files.front().facts, false});
  const FolderFacts given = scan_option_for_folder(option);
  check_facts(given);
  check(given.definitions.size() == 1);
  question.defined = given.definitions;
  return name_that_tells_folder(question);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(all.find('\n'), all.size());
  const std::string option(all.substr(0, end));
  const std::string text(all.substr(std::min(end + 1, all.size())));

  check_facts(scan_for_folder(text));
  check(name_in(text, option) == name_in(text, option));
  check(!name_in("f(__FILE__);\n" + text, option).empty());
  check(!name_in("f(__PRETTY_FUNCTION__);\n" + text, option, true).empty());
  check(!name_in("#define OURS __FILE__\nf(OURS);\n" + text, option).empty());
  check(!name_in("f(OURS);\n" + text, "OURS=__FILE__").empty());
  check(scan_option_for_folder("OURS=" + option).definitions.front().name == "OURS");
  return 0;
}
