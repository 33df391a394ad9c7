#include "helper/driver_mode.h"

#include <algorithm>

#include "helper/path_text.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kModeOption = "--driver-mode=";
constexpr std::string_view kVersionCharacters = "0123456789.";

/// Clang's names all end differently from its mode's two: clang, clang++, cc, cpp, g++.
bool names_cl(std::string_view name) { return name.ends_with("cl"); }

/// The language of a source by the option that gives it one. What is neither C nor C++ has the search path of
/// C.
std::string language_option(const std::string& language) {
  return language.find("c++") == std::string::npos ? "/TC" : "/TP";
}

}  // namespace

DriverMode driver_mode(std::string_view program, const std::vector<std::string>& arguments) {
  std::string_view mode;
  for (const std::string& argument : arguments) {
    if (argument.starts_with(kModeOption)) mode = std::string_view(argument).substr(kModeOption.size());
  }
  if (!mode.empty()) return mode == "cl" ? DriverMode::cl : DriverMode::gnu;
  std::string_view name = program.substr(program.find_last_of("/\\") + 1);
  if (name.ends_with(".exe") || name.ends_with(".EXE")) name.remove_suffix(4);
  if (names_cl(name)) return DriverMode::cl;
  name = name.substr(0, name.find_last_not_of(kVersionCharacters) + 1);  // clang-cl14
  if (names_cl(name)) return DriverMode::cl;
  name = name.substr(0, std::min(name.rfind('-'), name.size()));  // clang-cl-14
  return names_cl(name) ? DriverMode::cl : DriverMode::gnu;
}

std::vector<std::string> driver_mode_arguments(const std::vector<std::string>& argv) {
  std::vector<std::string> chosen;
  for (const std::string& argument : argv) {
    if (argument.starts_with(kModeOption)) chosen.push_back(argument);
  }
  return chosen;
}

std::vector<std::string> question_for_programs(DriverMode mode, const std::string& language) {
  if (mode == DriverMode::cl) return {"-###", "/c", language_option(language), "/dev/null"};
  return {"-###", "-x", language, "-S", "/dev/null", "-o", "/dev/null"};
}

std::vector<std::string> question_for_search_path(DriverMode mode, const std::string& language) {
  if (mode == DriverMode::cl) return {language_option(language), "/E", "-v", "/dev/null"};
  return {"-x", language, "-E", "-v", "/dev/null", "-o", "/dev/null"};
}

std::string_view banner_of_cl(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  // "Microsoft (R) C/C++ Optimizing Compiler Version 19.38.33130 for x64", in several languages.
  return line.starts_with("Microsoft (R)") && line.find("C/C++") != std::string_view::npos
             ? line
             : std::string_view();
}

}  // namespace compiler_cache
