// Any line of arguments, one a text line: classifying it must end, be the same twice, and keep its promises.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "helper/command.h"

namespace {

using namespace compiler_cache;

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> result;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end =
        text.find('\n', begin) == std::string_view::npos ? text.size() : text.find('\n', begin);
    result.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

void check(const Command& command, const std::vector<std::string>& argv) {
  require(!command.input.empty() && !command.output.empty() && command.output != "-");
  require(command.not_scanned.size() == command.expanded_argv.size());
  require(command.depfile.empty() || command.depfile_mode != DepfileMode::none);
  require(command.depfile.empty() == command.depfile_targets.empty());
  require(command.dependencies != DependencySource::user_depfile || !command.depfile.empty());
  for (const OutputFile& output : command.extra_outputs) require(!output.path.empty());
  const std::vector<std::string> compile = compile_argv(command, argv, "private.d");
  const bool depfile = command.dependencies == DependencySource::private_depfile;
  const bool notes = command.dependencies == DependencySource::private_notes;
  require(compile.size() == argv.size() + (depfile ? 3U : 0U) + (notes ? 1U : 0U));
  require(scan_argv(command, "private.d").size() <= argv.size() + 3 || argv != command.expanded_argv);
}

void classify_twice(CommandInput input) {
  // The second line, if asked for, is what every response file holds.
  const std::string content = input.argv.size() > 1 ? input.argv[1] : "";
  const auto reader = [&](const std::string& path) -> Result<std::string> {
    if (path.ends_with("missing")) return Error{ErrorKind::not_found, path};
    return content;
  };
  const Classified first = classify_command(input, reader);
  const Classified second = classify_command(input, reader);
  require(first.index() == second.index());
  if (const auto* command = std::get_if<Command>(&first)) {
    require(command->key == std::get<Command>(second).key);
    check(*command, input.argv);
  } else {
    require(!describe(std::get<Refusal>(first).reason).name.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  CommandInput input;
  input.argv = lines({reinterpret_cast<const char*>(data), size});
  input.cwd = "/build";
  for (const CompilerFamily family :
       {CompilerFamily::gcc, CompilerFamily::clang, CompilerFamily::clang_cl, CompilerFamily::msvc}) {
    input.family = family;
    classify_twice(input);
  }
  // The second line is what CL holds, too.
  input.family = CompilerFamily::clang_cl;
  input.options_before = input.argv.size() > 1 ? input.argv[1] : "";
  classify_twice(input);
  return 0;
}
