#include "helper/status_report.h"

#include <utility>

#include "helper/codec.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kStatusFormat = 1;

void encode_row(Packer& packer, const BuildStatus& build) {
  packer.array(4).uint(build.id).uint(build.pid).bin(build.name).uint(build.started);
}

void encode_row(Packer& packer, const ComponentStatus& component) {
  packer.array(8).bin(component.name).bin(component.state);
  packer.uint(component.state_age_ms).uint(component.duration_ms);
  packer.uint(component.entries).uint(component.bytes);
  packer.bin(component.error).bin(component.note);
}

void encode_row(Packer& packer, const StoreStatus& store) {
  packer.array(8).bin(store.name).bin(store.path);
  packer.uint(store.objects).uint(store.bytes).uint(store.limit);
  packer.uint(store.least_recent).uint(store.failures).bin(store.last_error);
}

void encode_row(Packer& packer, const RemoteServerStatus& server) {
  packer.array(7).bin(server.name).bin(server.state).uint(server.bytes_read).uint(server.bytes_written);
  packer.uint(server.failures).uint(server.rejected).bin(server.last_error);
}

void encode_row(Packer& packer, const std::string& note) { packer.bin(note); }

bool decode_row(const Node& node, BuildStatus& build) {
  return node.at(0).get(build.id) && node.at(1).get(build.pid) && node.at(2).get(build.name) &&
         node.at(3).get(build.started);
}

bool decode_row(const Node& node, ComponentStatus& component) {
  return node.at(0).get(component.name) && node.at(1).get(component.state) &&
         node.at(2).get(component.state_age_ms) && node.at(3).get(component.duration_ms) &&
         node.at(4).get(component.entries) && node.at(5).get(component.bytes) &&
         node.at(6).get(component.error) && node.at(7).get(component.note);
}

bool decode_row(const Node& node, StoreStatus& store) {
  return node.at(0).get(store.name) && node.at(1).get(store.path) && node.at(2).get(store.objects) &&
         node.at(3).get(store.bytes) && node.at(4).get(store.limit) && node.at(5).get(store.least_recent) &&
         node.at(6).get(store.failures) && node.at(7).get(store.last_error);
}

bool decode_row(const Node& node, RemoteServerStatus& server) {
  return node.at(0).get(server.name) && node.at(1).get(server.state) && node.at(2).get(server.bytes_read) &&
         node.at(3).get(server.bytes_written) && node.at(4).get(server.failures) &&
         node.at(5).get(server.rejected) && node.at(6).get(server.last_error);
}

bool decode_row(const Node& node, std::string& note) { return node.get(note); }

template <class Row>
void encode_rows(Packer& packer, const std::vector<Row>& rows) {
  packer.array(rows.size());
  for (const Row& row : rows) encode_row(packer, row);
}

template <class Row>
bool decode_rows(const Node& node, std::vector<Row>& rows) {
  if (!node.is_array()) return false;
  for (std::size_t i = 0; i < node.size(); ++i) {
    if (!decode_row(node.at(i), rows.emplace_back())) return false;
  }
  return true;
}

void encode_remote(Packer& packer, const std::optional<RemoteStatus>& remote) {
  packer.array(remote ? 9 : 0);
  if (!remote) return;
  encode_rows(packer, remote->servers);
  packer.boolean(remote->writes).boolean(remote->keyed).uint(remote->waiting).uint(remote->published);
  packer.uint(remote->asked).uint(remote->found).uint(remote->waited_us).bin(remote->pause);
}

/// A helper of before has said nothing of it.
bool decode_remote(const Node& node, std::optional<RemoteStatus>& remote) {
  if (node.size() == 0) return true;
  RemoteStatus& status = remote.emplace();
  return decode_rows(node.at(0), status.servers) && node.at(1).get(status.writes) &&
         node.at(2).get(status.keyed) && node.at(3).get(status.waiting) && node.at(4).get(status.published) &&
         node.at(5).get(status.asked) && node.at(6).get(status.found) && node.at(7).get(status.waited_us) &&
         node.at(8).get(status.pause);
}

}  // namespace

std::string StatusReport::encode() const {
  Packer packer;
  packer.array(11).uint(kStatusFormat).bin(version).uint(pid).uint(since);
  encode_rows(packer, builds);
  encode_rows(packer, components);
  encode_rows(packer, stores);
  encode_rows(packer, notes);
  packer.bin(watching);
  encode_rows(packer, events);
  encode_remote(packer, remote);
  return packer.take();
}

Result<StatusReport> StatusReport::decode(std::string_view bytes) {
  Result<Document> document = Document::parse(bytes);
  if (!document) return document.error();
  const Node root = document->root();
  std::uint64_t format = 0;
  StatusReport report;
  report.running = true;
  if (!root.at(0).get(format) || format != kStatusFormat || !root.at(1).get(report.version) ||
      !root.at(2).get(report.pid) || !root.at(3).get(report.since) ||
      !decode_rows(root.at(4), report.builds) || !decode_rows(root.at(5), report.components) ||
      !decode_rows(root.at(6), report.stores) || !decode_rows(root.at(7), report.notes) ||
      !root.at(8).get(report.watching) || !decode_rows(root.at(9), report.events) ||
      !decode_remote(root.at(10), report.remote)) {
    return Error{ErrorKind::corrupt, "the helper's status makes no sense"};
  }
  return report;
}

}  // namespace compiler_cache
