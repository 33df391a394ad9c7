// The checks of doctor.cc, and what they look at.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "helper/config.h"
#include "helper/doctor.h"

namespace compiler_cache {

/// A build tree as CMake left it.
struct Patient {
  const DoctorSeams& seams;
  std::string build_root;
  std::map<std::string, std::string> cmake_cache;  ///< CMakeCache.txt, by name
  std::string ninja;                               ///< build files of Ninja; empty with other generators
  Config config;
  std::string config_error;  ///< why there is none

  /// "" for what is not there.
  std::string cached(const std::string& name) const;
  std::string own_folder() const { return build_root + "/" + kTreeFolderName; }
};

class Findings {
 public:
  explicit Findings(std::vector<Finding>& all, std::string_view check) : all_(all), check_(check) {}
  void wrong(std::string problem, std::string advice);
  void worth_knowing(std::string problem, std::string advice);

 private:
  std::vector<Finding>& all_;
  std::string check_;
};

/// The value of the last `NAME:TYPE=VALUE` of each name.
std::map<std::string, std::string> parse_cmake_cache(std::string_view text);

/// Type of the file system that holds `path`, out of /proc/self/mountinfo; "" where that does not say.
std::string file_system_type(std::string_view mountinfo, std::string_view path);

// doctor_build.cc: how the tree was configured.
void check_configuration(const Patient& patient, Findings& findings);
void check_module_version(const Patient& patient, Findings& findings);
void check_switch(const Patient& patient, Findings& findings);
void check_generator(const Patient& patient, Findings& findings);
void check_launchers(const Patient& patient, Findings& findings);
void check_compilers(const Patient& patient, Findings& findings);
void check_debug_information(const Patient& patient, Findings& findings);
void check_precompiled_headers(const Patient& patient, Findings& findings);
void check_module_scanning(const Patient& patient, Findings& findings);
void check_unity_builds(const Patient& patient, Findings& findings);

// doctor_machine.cc: where it is built.
void check_permissions(const Patient& patient, Findings& findings);
void check_locks(const Patient& patient, Findings& findings);
void check_watches(const Patient& patient, Findings& findings);
void check_watch_limit(const Patient& patient, Findings& findings);
void check_store_mount(const Patient& patient, Findings& findings);
void check_clock(const Patient& patient, Findings& findings);
void check_disk(const Patient& patient, Findings& findings);

}  // namespace compiler_cache
