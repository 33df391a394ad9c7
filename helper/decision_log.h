// What the helper decides, for people who ask: with COMPILER_CACHE_LOG set in a build, a line for each
// decision of that build in the named file, which launchers append to as well; warnings always, in
// .compiler-cache/log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "helper/bounded_log.h"
#include "helper/clock.h"

namespace compiler_cache {

inline constexpr char kWarningLogName[] = "log";
inline constexpr std::uint64_t kWarningLogLimit = 1U << 20;

/// Any thread.
class DecisionLog {
 public:
  DecisionLog(FileSystem& files, const Clock& clock, const std::string& folder, std::uint32_t pid);

  /// Appends a line to `log_path`: absolute, from the environment of the request; empty: does nothing. The
  /// file is opened for each line, so that it may be moved or removed at any time. Line ends in `text` become
  /// spaces.
  void decide(const std::string& log_path, std::string_view text);

  /// Appends a sentence to .compiler-cache/log.
  void warn(std::string_view sentence);

 private:
  std::string line_of(std::string_view text) const;

  FileSystem& files_;
  const Clock& clock_;
  const std::uint32_t pid_;
  BoundedLog warnings_;
};

}  // namespace compiler_cache
