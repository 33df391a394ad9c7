// What can be wrong with how a tree was configured: read from what CMake left in it.
#include <algorithm>
#include <array>

#include "helper/doctor_checks.h"
#include "helper/path_text.h"
#include "helper/program_links.h"

namespace compiler_cache {
namespace {

constexpr std::array kCachedLanguages{"C", "CXX", "OBJC", "OBJCXX"};
constexpr std::string_view kOwnLauncher = "compiler-cache-launcher";

bool is_switched_off(std::string value) {
  std::ranges::transform(value, value.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  constexpr std::array<std::string_view, 5> kOff{"OFF", "NO", "FALSE", "N", "0"};
  return std::ranges::find(kOff, value) != kOff.end();
}

bool is_switched_on(const std::string& value) { return !value.empty() && !is_switched_off(value); }

/// Whether `word` stands in `text` with nothing of a word beside it.
bool has_option(std::string_view text, std::string_view word) {
  constexpr std::string_view kBetween = " \t\r\n\";'";
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || kBetween.find(text[at - 1]) != std::string_view::npos;
    const bool ends = end == text.size() || kBetween.find(text[end]) != std::string_view::npos;
    if (begins && ends) return true;
  }
  return false;
}

/// CMAKE_<language><what>
std::string variable_of(std::string_view language, std::string_view what) {
  return std::string("CMAKE_").append(language).append(what);
}

/// The flags that compiles of the tree have, as far as they are known.
std::string flags_of(const Patient& patient) {
  if (!patient.ninja.empty()) return patient.ninja;
  if (is_switched_on(patient.cached("COMPILER_CACHE_MSVC_EMBED_DEBUG"))) return {};
  std::string build_type = patient.cached("CMAKE_BUILD_TYPE");
  std::ranges::transform(build_type, build_type.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  std::string flags;
  for (const char* const language : kCachedLanguages) {
    const std::string name = variable_of(language, "_FLAGS");
    flags.append(patient.cached(name)).append(" ");
    flags.append(patient.cached(std::string(name).append("_").append(build_type))).append(" ");
  }
  return flags;
}

bool speaks_as_msvc(const Patient& patient) {
  return std::ranges::any_of(kCachedLanguages, [&](const char* language) {
    const std::string compiler = patient.cached(variable_of(language, "_COMPILER"));
    const std::string_view name = name_of_path(compiler);
    return name.starts_with("clang-cl") || name == "cl" || name == "cl.exe";
  });
}

void check_launcher_of(const Patient& patient, const std::string& language, Findings& findings) {
  const std::string name = variable_of(language, "_COMPILER_LAUNCHER");
  const std::string set = patient.cached(name);
  if (!set.empty() && set.find(kOwnLauncher) == std::string::npos) {
    findings.wrong(name + " is " + set + ", so CompilerCache stays out of " + language,
                   "Run: cmake -U" + name + " " + patient.build_root);
  }
  const auto inherited = patient.seams.environment.find(name);
  if (inherited == patient.seams.environment.end() || inherited->second.empty()) return;
  findings.wrong(name + "=" + inherited->second + " is in the environment: CompilerCache stays out of " +
                     language + " where that configures a tree",
                 "Unset it");
}

void check_compiler_of(const Patient& patient, const std::string& language, Findings& findings) {
  const std::string name = variable_of(language, "_COMPILER");
  const std::string compiler = patient.cached(name);
  const std::string cache = compiler.empty() ? compiler : cache_behind(patient.seams.files, compiler);
  if (cache.empty()) return;
  findings.wrong(
      "the " + language + " compiler " + compiler + " is " + cache + ": each compile goes through two caches",
      "Configure a new build folder with -D" + name + "= and the compiler itself");
}

/// Whether the search for a compiler ends in this folder of PATH.
bool ends_search_for_compiler(const Patient& patient, const std::string& folder, Findings& findings) {
  bool there = false;
  for (const char* const name : {"c++", "g++", "clang++", "cc", "gcc", "clang"}) {
    const std::string program = join_path(folder, name);
    const std::string cache = cache_behind(patient.seams.files, program);
    if (!cache.empty()) {
      findings.worth_knowing(std::string(program)
                                 .append(", which is ")
                                 .append(cache)
                                 .append(", comes first in PATH: new trees may take it"),
                             std::string("Take ").append(folder).append(" out of PATH before configuring"));
      return true;
    }
    there = there || patient.seams.files.stat(program).ok();
  }
  return there;
}

}  // namespace

void check_configuration(const Patient& patient, Findings& findings) {
  if (patient.config_error.empty()) return;
  findings.wrong("the helper cannot read its configuration: " + patient.config_error,
                 "Run: cmake " + patient.build_root);
}

void check_module_version(const Patient& patient, Findings& findings) {
  const std::string& version = patient.config.version;
  if (version.empty() || version == patient.seams.version) return;
  findings.wrong("the tree was configured by version " + version + " of the module, and this program is " +
                     patient.seams.version,
                 "Run: cmake " + patient.build_root);
}

void check_switch(const Patient& patient, Findings& findings) {
  if (is_switched_off(patient.cached("COMPILER_CACHE"))) {
    findings.wrong("COMPILER_CACHE is off in this tree",
                   "Run: cmake -DCOMPILER_CACHE=ON " + patient.build_root);
  }
  const auto disabled = patient.seams.environment.find("COMPILER_CACHE_DISABLE");
  if (disabled == patient.seams.environment.end() || disabled->second.empty()) return;
  findings.wrong(
      "COMPILER_CACHE_DISABLE=" + disabled->second + " is in the environment: builds go by the cache",
      "Unset it");
}

void check_generator(const Patient& patient, Findings& findings) {
  const std::string generator = patient.cached("CMAKE_GENERATOR");
  if (generator.empty() || generator.starts_with("Ninja") ||
      generator.find("Makefiles") != std::string::npos) {
    return;
  }
  findings.wrong("the generator " + generator + " ignores compiler launchers",
                 "Configure a new build folder with -G Ninja");
}

void check_launchers(const Patient& patient, Findings& findings) {
  for (const char* const language : kCachedLanguages) check_launcher_of(patient, language, findings);
  if (!patient.ninja.empty() && !is_switched_off(patient.cached("COMPILER_CACHE")) &&
      patient.ninja.find(kOwnLauncher) == std::string::npos) {
    findings.wrong("no step of this build goes through the launcher",
                   "Put include(CompilerCache) behind project(), and see what configuring says");
  }
}

void check_compilers(const Patient& patient, Findings& findings) {
  for (const char* const language : kCachedLanguages) check_compiler_of(patient, language, findings);
  const auto path = patient.seams.environment.find("PATH");
  std::string_view rest = path == patient.seams.environment.end() ? std::string_view() : path->second;
  while (!rest.empty()) {
    const std::size_t end = rest.find(':');
    const std::string folder(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (ends_search_for_compiler(patient, folder, findings)) return;
  }
}

void check_debug_information(const Patient& patient, Findings& findings) {
  const std::string flags = flags_of(patient);
  for (const char* const option : {"/Zi", "-Zi", "/ZI", "-ZI"}) {
    if (!has_option(flags, option)) continue;
    findings.wrong(std::string(option) +
                       " writes debug information of several compiles into one PDB, which "
                       "cannot be cached",
                   "Run: cmake -DCOMPILER_CACHE_MSVC_EMBED_DEBUG=ON " + patient.build_root);
    return;
  }
}

void check_precompiled_headers(const Patient& patient, Findings& findings) {
  if (patient.ninja.find("cmake_pch") == std::string::npos) return;
  if (speaks_as_msvc(patient)) {
    findings.wrong("precompiled headers of clang-cl and cl (/Yc, /Yu) are not cached, nor what uses them",
                   "Run: cmake -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON " + patient.build_root);
  } else if (has_option(patient.ninja, "-include-pch") && !has_option(patient.ninja, "-fno-pch-timestamp")) {
    findings.worth_knowing(
        "Clang's precompiled headers hold the times of headers: after a fresh checkout "
        "they and what uses them are compiled again",
        "Add the compile options \"SHELL:-Xclang -fno-pch-timestamp\"");
  }
}

void check_module_scanning(const Patient& patient, Findings& findings) {
  if (patient.ninja.find(".ddi") == std::string::npos) return;
  for (const char* const ending : {".cppm", ".ixx", ".mpp", ".ccm", ".cxxm"}) {
    if (patient.ninja.find(ending) != std::string::npos) return;
  }
  findings.wrong(
      "files are scanned for C++20 modules, and no interface of a module is among them; what was "
      "scanned is not cached",
      "Run: cmake -DCMAKE_CXX_SCAN_FOR_MODULES=OFF " + patient.build_root);
}

void check_unity_builds(const Patient& patient, Findings& findings) {
  const bool built = patient.ninja.find("/unity_0_c") != std::string::npos;
  if (!built && !is_switched_on(patient.cached("CMAKE_UNITY_BUILD"))) return;
  findings.worth_knowing("this is a unity build: an edit of one file compiles all that it is compiled with",
                         "With a cache, -DCMAKE_UNITY_BUILD=OFF may well be faster");
}

}  // namespace compiler_cache
