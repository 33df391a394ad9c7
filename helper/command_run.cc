// What is run for a command.
#include "depscan/text_bytes.h"
#include "helper/command.h"

namespace compiler_cache {

std::vector<std::string> compile_argv(const Command& command, const std::vector<std::string>& argv,
                                      const std::string& depfile) {
  std::vector<std::string> result = argv;
  // In front, where no "--" ends the options, and no other depfile option is there to come in between.
  if (command.dependencies == DependencySource::private_depfile) {
    if (speaks_msvc(command.family)) {
      result.insert(result.begin() + 1, {"/clang:-MD", "/clang:-MF", "/clang:" + depfile});
    } else {
      result.insert(result.begin() + 1, {"-MD", "-MF", depfile});
    }
  }
  // Not by -Wl, which a comma in the name would break.
  if (command.dependencies == DependencySource::link_list)
    result.insert(result.end(), {"-Xlinker", "--dependency-file=" + depfile});
  if (command.dependencies == DependencySource::private_notes)
    result.insert(result.begin() + 1, "/showIncludes");
  return result;
}

std::string color_argument(CompilerFamily family) {
  // clang-cl knows no other.
  return family == CompilerFamily::clang_cl ? "-fcolor-diagnostics" : "-fdiagnostics-color=always";
}

std::vector<std::string> defined_macros(const Command& command) {
  std::vector<std::string> names;
  for (const KeyItem& item : command.key) {
    const std::string option = item.prefix + item.text;
    const bool msvc = speaks_msvc(command.family) && option.starts_with("/D");
    if (!msvc && option.find("-D") == std::string::npos && option.find("define") == std::string::npos)
      continue;
    for (std::size_t at = 0; at < option.size();) {
      const std::size_t end = word_end(option, at);
      const std::string_view word = std::string_view(option).substr(at, end - at);
      if (!word.empty()) names.emplace_back(word);
      if (word.starts_with('D')) names.emplace_back(word.substr(1));
      at = word.empty() ? at + 1 : end;
    }
  }
  return names;
}

std::vector<std::string> scan_argv(const Command& command, const std::string& depfile) {
  std::vector<std::string> result{command.expanded_argv.front(), "-M", "-MF", depfile};
  if (speaks_msvc(command.family)) {
    for (std::size_t i = 1; i < result.size(); ++i) result[i].insert(0, "/clang:");
  }
  for (std::size_t i = 1; i < command.expanded_argv.size(); ++i) {
    if (!command.not_scanned[i]) result.push_back(command.expanded_argv[i]);
  }
  return result;
}

}  // namespace compiler_cache
