#include "helper/decision_log.h"

#include <algorithm>
#include <ctime>

namespace compiler_cache {
namespace {

constexpr std::uint32_t kDecisionLogMode = 0600;

/// "2026-01-31T12:00:00Z".
std::string iso_time(std::int64_t wall_seconds) {
  const auto seconds = static_cast<std::time_t>(wall_seconds);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts));
}

}  // namespace

DecisionLog::DecisionLog(FileSystem& files, const Clock& clock, const std::string& folder, std::uint32_t pid)
    : files_(files),
      clock_(clock),
      pid_(pid),
      warnings_(files, folder + "/" + kWarningLogName, kWarningLogLimit) {}

void DecisionLog::decide(const std::string& log_path, std::string_view text) {
  if (log_path.empty()) return;
  Result<std::unique_ptr<AppendFile>> file = files_.open_append(log_path, kDecisionLogMode);
  if (!file) return;
  [[maybe_unused]] const Status written = (*file)->append(line_of(text));
}

void DecisionLog::warn(std::string_view sentence) { warnings_.append(line_of(sentence)); }

std::string DecisionLog::line_of(std::string_view text) const {
  std::string line = iso_time(clock_.wall_seconds()) + " helper[" + std::to_string(pid_) + "] ";
  line.append(text);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  line.push_back('\n');
  return line;
}

}  // namespace compiler_cache
