#include "helper/language.h"

#include <algorithm>
#include <array>

namespace compiler_cache {
namespace {

constexpr std::uint8_t kGcc = 1;
constexpr std::uint8_t kClang = 2;
constexpr std::uint8_t kBoth = kGcc | kClang;

struct LanguageRow {
  std::string_view name;
  Language language;
  std::uint8_t families;
};

bool applies(const LanguageRow& row, CompilerFamily family) {
  return (row.families & (family == CompilerFamily::gcc ? kGcc : kClang)) != 0;
}

// Extensions as `-###` of GCC 12 and Clang 14 shows them; case counts.
constexpr auto kExtensions = std::to_array<LanguageRow>({
    {"c", Language::c, kBoth},
    {"i", Language::c_preprocessed, kBoth},
    {"cc", Language::cxx, kBoth},
    {"cp", Language::cxx, kBoth},
    {"cxx", Language::cxx, kBoth},
    {"cpp", Language::cxx, kBoth},
    {"CPP", Language::cxx, kBoth},
    {"c++", Language::cxx, kBoth},
    {"C", Language::cxx, kBoth},
    {"CXX", Language::cxx, kClang},
    {"C++", Language::cxx, kClang},
    {"ii", Language::cxx_preprocessed, kBoth},
    {"m", Language::objective_c, kBoth},
    {"mi", Language::objective_c_preprocessed, kBoth},
    {"mm", Language::objective_cxx, kBoth},
    {"M", Language::objective_cxx, kBoth},
    {"mii", Language::objective_cxx_preprocessed, kBoth},
    {"s", Language::assembler, kBoth},
    {"asm", Language::assembler, kClang},
    {"S", Language::assembler_with_cpp, kBoth},
    {"sx", Language::assembler_with_cpp, kGcc},
    {"ll", Language::llvm_ir, kClang},
    {"bc", Language::llvm_ir, kClang},
    {"h", Language::c_header, kBoth},
    {"H", Language::cxx_header, kBoth},
    {"hh", Language::cxx_header, kBoth},
    {"hp", Language::cxx_header, kBoth},
    {"hxx", Language::cxx_header, kBoth},
    {"hpp", Language::cxx_header, kBoth},
    {"HPP", Language::cxx_header, kBoth},
    {"h++", Language::cxx_header, kBoth},
    {"tcc", Language::cxx_header, kBoth},
    {"cppm", Language::module_unit, kClang},
    {"ccm", Language::module_unit, kClang},
    {"cxxm", Language::module_unit, kClang},
    {"c++m", Language::module_unit, kClang},
    {"ixx", Language::module_unit, kClang},
    {"iim", Language::module_unit, kClang},
    {"pcm", Language::module_unit, kClang},
});

// Values of -x.
constexpr auto kXNames = std::to_array<LanguageRow>({
    {"c", Language::c, kBoth},
    {"c++", Language::cxx, kBoth},
    {"objective-c", Language::objective_c, kBoth},
    {"objective-c++", Language::objective_cxx, kBoth},
    {"cpp-output", Language::c_preprocessed, kBoth},
    {"c++-cpp-output", Language::cxx_preprocessed, kBoth},
    {"objective-c-cpp-output", Language::objective_c_preprocessed, kBoth},
    {"objective-c++-cpp-output", Language::objective_cxx_preprocessed, kBoth},
    {"assembler", Language::assembler, kBoth},
    {"assembler-with-cpp", Language::assembler_with_cpp, kBoth},
    {"ir", Language::llvm_ir, kClang},
    {"c-header", Language::c_header, kBoth},
    {"c++-header", Language::cxx_header, kBoth},
    {"objective-c-header", Language::objective_c_header, kBoth},
    {"objective-c++-header", Language::objective_cxx_header, kBoth},
    {"c++-system-header", Language::header_unit, kBoth},
    {"c++-user-header", Language::header_unit, kBoth},
    {"c++-module", Language::module_unit, kBoth},
    {"c++-module-cpp-output", Language::module_unit, kBoth},
});

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_version_suffix(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::string_view x_name(Language language) {
  if (language == Language::header_unit || language == Language::module_unit) return {};
  const auto* row = std::find_if(kXNames.begin(), kXNames.end(), [&](const LanguageRow& candidate) {
    return candidate.language == language;
  });
  return row == kXNames.end() ? std::string_view() : row->name;
}

bool is_preprocessed_by_compiler(Language language) {
  switch (language) {
    case Language::c:
    case Language::cxx:
    case Language::objective_c:
    case Language::objective_cxx:
    case Language::assembler_with_cpp:
      return true;
    default:
      return is_header(language);
  }
}

bool is_header(Language language) {
  switch (language) {
    case Language::c_header:
    case Language::cxx_header:
    case Language::objective_c_header:
    case Language::objective_cxx_header:
      return true;
    default:
      return false;
  }
}

bool is_assembler(Language language) {
  return language == Language::assembler || language == Language::assembler_with_cpp;
}

std::optional<Language> language_from_x(std::string_view value, CompilerFamily family) {
  for (const LanguageRow& row : kXNames) {
    if (row.name == value && applies(row, family)) return row.language;
  }
  return std::nullopt;
}

std::optional<Language> language_from_path(std::string_view path, CompilerFamily family, bool cxx_driver) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  const std::size_t dot = name.find_last_of('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view extension = name.substr(dot + 1);
  for (const LanguageRow& row : kExtensions) {
    if (row.name != extension || !applies(row, family)) continue;
    if (cxx_driver && row.language == Language::c) return Language::cxx;
    if (cxx_driver && row.language == Language::c_preprocessed) return Language::cxx_preprocessed;
    if (cxx_driver && row.language == Language::c_header) return Language::cxx_header;
    return row.language;
  }
  return std::nullopt;
}

bool is_cxx_driver_name(std::string_view argv0) {
  std::string_view name = base_name(argv0);
  if (name.ends_with(".exe")) name.remove_suffix(4);
  const std::size_t dash = name.find_last_of('-');
  if (dash != std::string_view::npos && is_version_suffix(name.substr(dash + 1))) name = name.substr(0, dash);
  while (!name.empty() && (name.back() == '.' || (name.back() >= '0' && name.back() <= '9')))
    name.remove_suffix(1);
  return name.ends_with("++");
}

}  // namespace compiler_cache
