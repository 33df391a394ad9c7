#include "helper/event_log.h"

#include <algorithm>
#include <charconv>

#include "helper/json_text.h"
#include "helper/text_split.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kTimeKey = "{\"time\":";
constexpr std::string_view kEventKey = "\"event\":";

/// Whole lines that begin and end like an event; a crash may have cut the last one short.
void append_events(std::string_view text, std::vector<std::string>& lines) {
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.starts_with(kTimeKey) && line.ends_with('}')) lines.emplace_back(line);
  }
}

}  // namespace

std::vector<std::string> recent_events(FileSystem& files, const std::string& folder, std::size_t count) {
  std::vector<std::string> lines;
  const std::string path = folder + "/" + kEventLogName;
  for (const std::string& part : {path + ".1", path}) {
    Result<std::string> text = files.read(part, 2 * kEventLogLimit);
    if (text.ok()) append_events(*text, lines);
  }
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  return lines;
}

std::string event_text(std::string_view line, std::uint64_t now) {
  const std::size_t event = line.find(kEventKey);
  if (!line.starts_with(kTimeKey) || event == std::string_view::npos) return {};
  std::uint64_t time = 0;
  std::from_chars(line.data() + kTimeKey.size(), line.data() + line.size(), time);
  std::string text = std::to_string(now > time ? now - time : 0) + " s ago: ";
  for (char c : line.substr(event + kEventKey.size())) {
    if (c == '"' || c == '}') continue;
    if (c == ':') c = ' ';
    text += c;
    if (c == ',') text += ' ';
  }
  return text;
}

EventLog::EventLog(FileSystem& files, const Clock& clock, const std::string& folder, std::uint32_t pid,
                   std::uint64_t limit_bytes)
    : clock_(clock), pid_(pid), log_(files, folder + "/" + kEventLogName, limit_bytes) {}

void EventLog::write(std::string_view event, std::initializer_list<EventFigure> figures) {
  std::string line = "{\"time\":" + std::to_string(clock_.wall_seconds());
  line.append(",\"pid\":").append(std::to_string(pid_)).append(",\"event\":");
  append_json_string(line, event);
  for (const EventFigure& figure : figures) {
    line.append(",\"").append(figure.name).append("\":");
    if (const std::uint64_t* const number = std::get_if<std::uint64_t>(&figure.value)) {
      line.append(std::to_string(*number));
    } else {
      append_json_string(line, std::get<std::string_view>(figure.value));
    }
  }
  line.append("}\n");
  log_.append(line);
}

}  // namespace compiler_cache
