#include "helper/event_log.h"

#include "helper/json_text.h"

namespace compiler_cache {

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
