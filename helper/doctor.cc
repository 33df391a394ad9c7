#include "helper/doctor.h"

#include <algorithm>
#include <utility>

#include "helper/doctor_checks.h"
#include "helper/text_split.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kMaxCMakeCacheBytes = 64U << 20;
constexpr std::uint64_t kMaxNinjaBytes = 512U << 20;

struct Check {
  const char* name;
  void (*make)(const Patient& patient, Findings& findings);
};

constexpr Check kChecks[] = {
    {"configuration", check_configuration},
    {"version", check_module_version},
    {"switched-off", check_switch},
    {"generator", check_generator},
    {"launcher", check_launchers},
    {"compiler", check_compilers},
    {"debug-information", check_debug_information},
    {"precompiled-headers", check_precompiled_headers},
    {"module-scanning", check_module_scanning},
    {"unity-builds", check_unity_builds},
    {"permissions", check_permissions},
    {"locks", check_locks},
    {"watches", check_watches},
    {"watch-limit", check_watch_limit},
    {"store-mount", check_store_mount},
    {"clock", check_clock},
    {"disk-space", check_disk},
};

std::string text_of(FileSystem& files, const std::string& path, std::uint64_t limit) {
  Result<std::string> text = files.read(path, limit);
  return text ? std::move(*text) : std::string();
}

/// build.ninja includes rules.ninja; Ninja Multi-Config has a common file, and one for each configuration
/// that includes it.
std::string ninja_files(FileSystem& files, const std::string& build_root) {
  std::string text = text_of(files, build_root + "/build.ninja", kMaxNinjaBytes);
  if (text.empty()) return text;
  const std::string folder = build_root + "/CMakeFiles";
  Result<std::vector<FolderEntry>> entries = files.list(folder);
  if (!entries) return text;
  for (const FolderEntry& entry : *entries) {
    if (entry.name.ends_with(".ninja")) text += text_of(files, folder + "/" + entry.name, kMaxNinjaBytes);
  }
  return text;
}

}  // namespace

std::string Patient::cached(const std::string& name) const {
  const auto found = cmake_cache.find(name);
  return found == cmake_cache.end() ? std::string() : found->second;
}

void Findings::wrong(std::string problem, std::string advice) {
  all_.push_back({check_, true, std::move(problem), std::move(advice)});
}

void Findings::worth_knowing(std::string problem, std::string advice) {
  all_.push_back({check_, false, std::move(problem), std::move(advice)});
}

std::map<std::string, std::string> parse_cmake_cache(std::string_view text) {
  std::map<std::string, std::string> values;
  while (!text.empty()) {
    const std::string_view line = take_text_line(text);
    if (line.empty() || line.front() == '#' || line.starts_with("//")) continue;
    const std::size_t colon = line.find(':');
    const std::size_t equals = colon == std::string_view::npos ? colon : line.find('=', colon);
    if (equals == std::string_view::npos) continue;
    values[std::string(line.substr(0, colon))] = line.substr(equals + 1);
  }
  return values;
}

bool DoctorReport::anything_wrong() const {
  return std::ranges::any_of(findings, [](const Finding& finding) { return finding.wrong; });
}

DoctorReport examine(const DoctorSeams& seams, const std::string& build_root) {
  Patient patient{seams, build_root, {}, {}, {}, {}};
  patient.cmake_cache =
      parse_cmake_cache(text_of(seams.files, build_root + "/CMakeCache.txt", kMaxCMakeCacheBytes));
  patient.ninja = ninja_files(seams.files, build_root);
  Result<Config> config = load_config(seams.files, build_root);
  if (config) {
    patient.config = std::move(*config);
  } else {
    patient.config_error = config.error().message;
  }
  DoctorReport report;
  for (const Check& check : kChecks) {
    report.checks.emplace_back(check.name);
    Findings findings(report.findings, check.name);
    check.make(patient, findings);
  }
  std::stable_partition(report.findings.begin(), report.findings.end(),
                        [](const Finding& finding) { return finding.wrong; });
  return report;
}

std::string doctor_text(const DoctorReport& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
    text += (finding.wrong ? "wrong: " : "note:  ") + finding.check + ": " + finding.problem + ". " +
            finding.advice + ".\n";
  }
  const auto wrong = std::ranges::count_if(report.findings, &Finding::wrong);
  text += std::to_string(report.checks.size()) +
          " checks: " + (wrong == 0 ? std::string("nothing is wrong") : std::to_string(wrong) + " wrong") +
          "\n";
  return text;
}

}  // namespace compiler_cache
