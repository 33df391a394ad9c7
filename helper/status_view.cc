#include "helper/status_view.h"

#include "helper/event_log.h"
#include "helper/stats_view.h"

namespace compiler_cache {
namespace {

std::string age_of(std::uint64_t since, std::uint64_t now) {
  return human_microseconds((now > since ? now - since : 0) * 1000000);
}

std::string helper_line(const StatusReport& report, std::uint64_t now) {
  if (!report.running) return "helper: not running (it starts with the next build)\n";
  return "helper: running for " + age_of(report.since, now) + ", pid " + std::to_string(report.pid) +
         ", version " + report.version + "\n";
}

std::string build_line(const BuildStatus& build, std::uint64_t now) {
  std::string line = "build " + std::to_string(build.id) + ": running for " + age_of(build.started, now);
  if (build.pid != 0) line += ", " + build.name + " with pid " + std::to_string(build.pid);
  return line + "\n";
}

std::string component_line(const ComponentStatus& component) {
  std::string line = component.name + ": " + component.state;
  if (component.state == "building") {
    line += " for " + human_microseconds(component.duration_ms * 1000);
  } else if (component.duration_ms > 0) {
    line += " in " + human_microseconds(component.duration_ms * 1000);
  }
  line += ", " + std::to_string(component.entries) + " entries";
  if (component.bytes > 0) line += ", " + human_bytes(component.bytes);
  if (!component.error.empty()) line += "; " + component.error;
  if (!component.note.empty()) line += "; " + component.note;
  return line + "\n";
}

std::string store_line(const StoreStatus& store, std::uint64_t now) {
  std::string line =
      store.name + " store: " + human_bytes(store.bytes) + " in " + std::to_string(store.objects) + " files";
  if (store.limit > 0) line += ", limit " + human_bytes(store.limit);
  if (store.least_recent > 0) line += ", oldest used " + age_of(store.least_recent, now) + " ago";
  if (!store.path.empty()) line += ", " + store.path;
  if (store.failures > 0) {
    line += "; failed " + std::to_string(store.failures) + " times, last: " + store.last_error;
  }
  return line + "\n";
}

std::string remote_lines(const RemoteStatus& remote) {
  std::string text = "remote store: " + std::string(remote.writes ? "read and written" : "only read") +
                     (remote.keyed ? ", entries with a MAC" : ", entries WITHOUT a MAC") + "; " +
                     std::to_string(remote.found) + " found of " + std::to_string(remote.asked) + " asked, " +
                     human_microseconds(remote.waited_us) + " waited; " + std::to_string(remote.published) +
                     " sent, " + std::to_string(remote.waiting) + " to be sent";
  if (!remote.pause.empty()) text += "; not asked at present: " + remote.pause;
  text += "\n";
  for (const RemoteServerStatus& server : remote.servers) {
    text += "remote server " + server.name + ": " + server.state + "; read " +
            human_bytes(server.bytes_read) + ", written " + human_bytes(server.bytes_written);
    if (server.failures > 0)
      text += "; failed " + std::to_string(server.failures) + " times (" + std::to_string(server.rejected) +
              " of them not believed), last: " + server.last_error;
    text += "\n";
  }
  return text;
}

}  // namespace

std::string status_text(const StatusReport& report, std::uint64_t now) {
  std::string text = helper_line(report, now);
  for (const BuildStatus& build : report.builds) text += build_line(build, now);
  for (const ComponentStatus& component : report.components) text += component_line(component);
  for (const StoreStatus& store : report.stores) text += store_line(store, now);
  if (report.remote) text += remote_lines(*report.remote);
  if (!report.watching.empty()) text += "watching: " + report.watching + "\n";
  for (const std::string& event : report.events) text += "event: " + event_text(event, now) + "\n";
  for (const std::string& note : report.notes) text += "note: " + note + "\n";
  return text;
}

}  // namespace compiler_cache
