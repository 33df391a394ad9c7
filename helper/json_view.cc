#include "helper/json_view.h"

#include <nlohmann/json.hpp>

namespace compiler_cache {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;

Json reasons_json(const ReasonCounts& counts) {
  Json object = Json::object();
  for (const auto& [name, count] : counts) object[name] = count;
  return object;
}

Json step_json(const StepCounters& counters) {
  Json sources = Json::object();
  for (std::size_t i = 0; i < kHitSourceCount; ++i) sources[kHitSourceNames[i]] = counters.hit_sources[i];
  Json object = Json::object();
  object["requests"] = counters.requests();
  object["hits"] = counters.hits;
  object["misses"] = counters.misses;
  object["uncacheable"] = counters.uncacheable;
  object["errors"] = counters.errors;
  object["bypassed"] = counters.bypassed;
  object["hit_sources"] = std::move(sources);
  object["miss_reasons"] = reasons_json(counters.miss_reasons);
  object["uncacheable_reasons"] = reasons_json(counters.uncacheable_reasons);
  object["time_saved_ms"] = counters.time_saved_us / 1000;
  object["bytes_restored"] = counters.bytes_restored;
  object["bytes_stored"] = counters.bytes_stored;
  object["rechecked"] = counters.rechecked;
  object["recheck_differences"] = counters.recheck_differences;
  return object;
}

Json counters_json(const Counters& counters) {
  Json object = step_json(counters);
  object["archives"] = step_json(counters.archives);
  object["links"] = step_json(counters.links);
  object["remote"] = {{"wait_ms", counters.remote_wait_us / 1000},
                      {"bytes", counters.remote_bytes},
                      {"saved_ms", counters.remote_saved_us / 1000}};
  return object;
}

Json server_json(const RemoteServerStatus& server) {
  return {{"name", server.name},
          {"state", server.state},
          {"bytes_read", server.bytes_read},
          {"bytes_written", server.bytes_written},
          {"failures", server.failures},
          {"rejected", server.rejected},
          {"last_error", server.last_error}};
}

Json remote_json(const RemoteStatus& remote) {
  Json servers = Json::array();
  for (const RemoteServerStatus& server : remote.servers) servers.push_back(server_json(server));
  return {{"servers", std::move(servers)}, {"writes", remote.writes},       {"keyed", remote.keyed},
          {"waiting", remote.waiting},     {"published", remote.published}, {"asked", remote.asked},
          {"found", remote.found},         {"waited_us", remote.waited_us}, {"pause", remote.pause}};
}

Json build_json(const BuildStatus& build) {
  return {{"id", build.id}, {"pid", build.pid}, {"name", build.name}, {"started", build.started}};
}

Json component_json(const ComponentStatus& component) {
  return {{"name", component.name},
          {"state", component.state},
          {"state_age_ms", component.state_age_ms},
          {"duration_ms", component.duration_ms},
          {"entries", component.entries},
          {"bytes", component.bytes},
          {"error", component.error},
          {"note", component.note}};
}

Json store_json(const StoreStatus& store) {
  return {{"name", store.name},         {"path", store.path},
          {"objects", store.objects},   {"bytes", store.bytes},
          {"limit", store.limit},       {"least_recent", store.least_recent},
          {"failures", store.failures}, {"last_error", store.last_error}};
}

template <class Row>
Json rows_json(const std::vector<Row>& rows, Json (*row_json)(const Row&)) {
  Json array = Json::array();
  for (const Row& row : rows) array.push_back(row_json(row));
  return array;
}

Json absent_json(const std::vector<AbsentName>& names) {
  Json array = Json::array();
  for (const AbsentName& absent : names) array.push_back({absent.folder, absent.name});
  return array;
}

Json variant_json(const Digest& context, const Variant& variant) {
  Json inputs = Json::array();
  for (const VariantInput& input : variant.inputs) inputs.push_back(input.path);
  return {{"context", context.hex()},
          {"inputs", std::move(inputs)},
          {"absent", absent_json(variant.absent)},
          {"targets", variant.artifact.depfile_targets}};
}

Json paths_json(const std::vector<ProgramFile>& files) {
  Json array = Json::array();
  for (const ProgramFile& file : files) array.push_back(file.path);
  return array;
}

Json identity_json(const Identity& identity) {
  return {{"name", identity.name},
          {"files", paths_json(identity.files)},
          {"watched", paths_json(identity.watched)},
          {"absent", absent_json(identity.absent)}};
}

Json search_json(const SearchPathCache::Entry& entry) {
  return {{"cwd", entry.cwd},
          {"quote", entry.path.quote},
          {"angle", entry.path.angle},
          {"missing", entry.path.missing}};
}

/// What is no JSON any more is left out.
Json events_json(const std::vector<std::string>& lines) {
  Json array = Json::array();
  for (const std::string& line : lines) {
    Json event = Json::parse(line, nullptr, false);
    if (!event.is_discarded()) array.push_back(std::move(event));
  }
  return array;
}

/// Names come from the file system: bytes that are no UTF-8 are replaced, not thrown over.
std::string text_of(const Json& object) {
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string stats_json(const StatsReport& report) {
  Json object = Json::object();
  object["schema"] = kSchema;
  object["total"] = counters_json(report.total);
  object["last_build"] = counters_json(report.last_build ? report.last_build->counters : Counters{});
  if (report.recent_builds == 0) return text_of(object);
  object["recent_builds"] = counters_json(report.recent);
  object["recent_builds"]["builds"] = report.recent_builds;
  Json costly = Json::array();
  for (const CostlyMiss& miss : report.costly)
    costly.push_back({{"name", miss.name}, {"cause", miss.cause}, {"compile_us", miss.compile_us}});
  object["costly_misses"] = std::move(costly);
  return text_of(object);
}

std::string status_json(const StatusReport& report) {
  Json object = Json::object();
  object["schema"] = kSchema;
  object["running"] = report.running;
  object["version"] = report.version;
  object["pid"] = report.pid;
  object["since"] = report.since;
  object["builds"] = rows_json(report.builds, build_json);
  object["components"] = rows_json(report.components, component_json);
  object["stores"] = rows_json(report.stores, store_json);
  if (report.remote) object["remote"] = remote_json(*report.remote);
  object["watching"] = report.watching;
  object["events"] = events_json(report.events);
  object["notes"] = report.notes;
  return text_of(object);
}

std::string doctor_json(const DoctorReport& report) {
  Json findings = Json::array();
  for (const Finding& finding : report.findings) {
    findings.push_back({{"check", finding.check},
                        {"wrong", finding.wrong},
                        {"problem", finding.problem},
                        {"advice", finding.advice}});
  }
  const Json object = {{"schema", kSchema}, {"checks", report.checks}, {"findings", std::move(findings)}};
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string recorded_json(const RecordedTree& tree) {
  Json variants = Json::array();
  for (const RecordedTree::Context& context : tree.contexts) {
    for (const Variant& variant : context.variants) variants.push_back(variant_json(context.digest, variant));
  }
  Json object = Json::object();
  object["schema"] = kSchema;
  object["variants"] = std::move(variants);
  object["identities"] = rows_json(tree.identities, identity_json);
  object["searches"] = rows_json(tree.searches, search_json);
  return text_of(object);
}

}  // namespace compiler_cache
