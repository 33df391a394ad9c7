#include "launcher/restore.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "launcher/output_file.h"
#include "launcher/standard_stream.h"
#include "protocol/wire.h"

namespace compiler_cache::launcher {
namespace {

// Touched only as far as there are outputs.
OutputFile files[protocol::kMaxOutputs];

struct Failure {
  Obstacle obstacle;
  const char* path = nullptr;
};

// First every byte, then every name that is free, and only then the names that are taken: a hit that is
// declined because of one output has not cost the user another one's old file.
Failure place_all(const Hit& hit) {
  for (size_t i = 0; i < hit.output_count; ++i) {
    const Obstacle obstacle = files[i].prepare(hit.outputs[i]);
    if (!obstacle.ok()) return {obstacle, hit.outputs[i].path};
  }
  bool taken[protocol::kMaxOutputs];
  for (size_t i = 0; i < hit.output_count; ++i) {
    const Obstacle obstacle = files[i].offer(&taken[i]);
    if (!obstacle.ok()) return {obstacle, hit.outputs[i].path};
  }
  for (size_t i = 0; i < hit.output_count; ++i) {
    if (!taken[i]) continue;
    const Obstacle obstacle = files[i].replace();
    if (!obstacle.ok()) return {obstacle, hit.outputs[i].path};
  }
  return {};
}

}  // namespace

void send_declined(const char* why, Connection* connection) {
  uint8_t memory[640];
  wire::Buffer buffer = {memory, 0, sizeof memory, nullptr};
  wire::Writer writer(&buffer);
  writer.begin_frame();
  writer.write_array(2);
  writer.write_uint(protocol::kDeclined);
  writer.write_bin(why, strlen(why));
  writer.end_frame();
  struct iovec part = {buffer.data, buffer.size};
  if (writer.ok()) connection->send(&part, 1);
}

bool restore(const Hit& hit, Connection* connection, Text<512>* detail) {
  const Failure failure = place_all(hit);
  if (!failure.obstacle.ok()) {
    for (size_t i = 0; i < hit.output_count; ++i) files[i].abandon();
    release_signals();
    detail->add(failure.obstacle.step).add(": ").add(failure.path);
    if (failure.obstacle.error != 0) detail->add(": ").add(strerror(failure.obstacle.error));
    send_declined(detail->c_str(), connection);
    return false;
  }
  release_signals();
  pass_on(STDOUT_FILENO, hit.standard_output.data, hit.standard_output.size);
  pass_on(STDERR_FILENO, hit.standard_error.data, hit.standard_error.size);
  return true;
}

}  // namespace compiler_cache::launcher
