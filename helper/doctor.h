// What commonly keeps a build from being cached, looked for in one build tree and on its machine: each check
// is a row of a table in doctor.cc, and what it finds says what to do about it. Nothing is repaired, and
// nothing of it is needed for a build.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "helper/clock.h"
#include "helper/file_system.h"

namespace compiler_cache {

struct DiskSpace {
  std::uint64_t free = 0;  ///< bytes that this user may still write
  std::uint64_t total = 0;
};

/// Where the checks look.
struct DoctorSeams {
  FileSystem& files;
  const Clock& clock;
  std::map<std::string, std::string> environment;
  std::function<Result<DiskSpace>(const std::string& folder)> disk_space;
  std::uint32_t uid = 0;
  std::string version;  ///< of this program
};

struct Finding {
  std::string check;    ///< its stable name
  bool wrong = true;    ///< false: worth knowing, and may well be meant
  std::string problem;  ///< a sentence without its full stop
  std::string advice;   ///< another
};

struct DoctorReport {
  std::vector<std::string> checks;  ///< all that were made
  std::vector<Finding> findings;

  bool anything_wrong() const;
};

DoctorReport examine(const DoctorSeams& seams, const std::string& build_root);

/// A line each, what is wrong first.
std::string doctor_text(const DoctorReport& report);

}  // namespace compiler_cache
