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

std::optional<std::string> msvc_object_name(std::string_view given, std::string_view input,
                                            CompilerFamily family) {
  // On other systems than Windows, clang-cl takes a backslash for a part of the name (measured).
  const std::string_view separators = family == CompilerFamily::msvc ? "/\\" : "/";
  const auto name_in = [&](std::string_view path) {
    const std::size_t at = path.find_last_of(separators);
    return at == std::string_view::npos ? path : path.substr(at + 1);
  };
  const std::string_view source = name_in(input);
  const std::string stem(source.substr(0, source.find_last_of('.')));
  if (stem.empty()) return std::nullopt;
  const std::string_view name = name_in(given);
  if (name.empty()) return std::string(given) + stem + ".obj";
  if (name == "." || name == "..") return std::nullopt;
  if (family == CompilerFamily::msvc && given.front() == ':') return std::nullopt;  // newer ones skip it
  return std::string(given) + (name.find('.') == std::string_view::npos ? ".obj" : "");
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
