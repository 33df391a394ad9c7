#include "helper/output_names.h"

namespace compiler_cache {
namespace {

std::string_view extension_of_role(OutputRole role, CompilerFamily family) {
  switch (role) {
    case OutputRole::split_dwarf:
      return ".dwo";
    case OutputRole::coverage_notes:
      return ".gcno";
    case OutputRole::stack_usage:
      return ".su";
    case OutputRole::callgraph_info:
      return ".ci";
    case OutputRole::optimization_record:
      return family == CompilerFamily::gcc ? ".opt-record.json.gz" : ".opt.yaml";
    default:
      return {};
  }
}

}  // namespace

std::string_view file_name_of(std::string_view path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string without_extension(std::string_view path) {
  const std::size_t dot = file_name_of(path).find_last_of('.');
  if (dot == std::string_view::npos) return std::string(path);
  return std::string(path.substr(0, path.size() - file_name_of(path).size() + dot));
}

std::string derived_output(std::string_view input, std::string_view extension) {
  return without_extension(file_name_of(input)) + std::string(extension);
}

std::optional<std::string> extra_output_name(OutputRole role, std::string_view output, std::string_view input,
                                             CompilerFamily family) {
  const std::string_view name = file_name_of(output);
  if (name.empty() || name.front() == '.' || name.back() == '.') return std::nullopt;
  std::string result = without_extension(output);
  if (role == OutputRole::optimization_record && family == CompilerFamily::gcc) {
    const std::string_view source = file_name_of(input);
    const std::size_t dot = source.find_last_of('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == source.size()) return std::nullopt;
    result += source.substr(dot);
  }
  return result + std::string(extension_of_role(role, family));
}

}  // namespace compiler_cache
