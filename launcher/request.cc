#include "launcher/request.h"

#include <string.h>
#include <unistd.h>

#include "launcher/memory.h"
#include "protocol/protocol.h"
#include "protocol/root_view.h"
#include "protocol/wire.h"

extern char** environ;

namespace compiler_cache::launcher {
namespace {

constexpr size_t kUsualRequest = 64U << 10;
uint8_t request_memory[kUsualRequest];

void write_texts(char** texts, wire::Writer* writer) {
  size_t count = 0;
  while (texts[count] != nullptr) ++count;
  writer->write_array(count);
  for (size_t i = 0; i < count; ++i) writer->write_bin(texts[i], strlen(texts[i]));
}

}  // namespace

Asked send_request(const Step& step, const char* cwd, Connection* connection) {
  wire::Buffer buffer = {request_memory, 0, sizeof request_memory, grow_by_mapping};
  wire::Writer writer(&buffer);
  writer.begin_frame();
  const protocol::RootView root = protocol::see_root();
  writer.write_array(7);
  writer.write_uint(protocol::kCompile);
  writer.write_uint(protocol::kVersion);
  writer.write_uint((isatty(STDERR_FILENO) ? protocol::kStderrIsTerminal : 0U) | request_flags(step));
  writer.write_bin(cwd, strlen(cwd));
  write_texts(step.argv, &writer);
  write_texts(environ, &writer);
  writer.write_array(2);
  writer.write_uint(root.mount);
  writer.write_uint(root.inode);
  writer.end_frame();
  if (!writer.ok() || buffer.size - wire::kFrameHeader > protocol::kMaxRequest) return Asked::too_large;
  struct iovec part = {buffer.data, buffer.size};
  return connection->send(&part, 1) ? Asked::asked : Asked::failed;
}

}  // namespace compiler_cache::launcher
