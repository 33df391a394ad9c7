#include "tests/launcher/peer.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "protocol/protocol.h"

namespace compiler_cache::launcher_test {
namespace {

std::string text_of(wire::Bytes bytes) {
  return bytes.size == 0 ? "" : std::string(reinterpret_cast<const char*>(bytes.data), bytes.size);
}

std::string read_text(wire::Reader* reader) {
  wire::Bytes bytes;
  return reader->read_bytes(&bytes) ? text_of(bytes) : "";
}

std::vector<std::string> read_texts(wire::Reader* reader) {
  size_t count = 0;
  reader->read_array(&count);
  std::vector<std::string> all;
  for (size_t i = 0; i < count && reader->ok(); ++i) all.push_back(read_text(reader));
  return all;
}

// The type of the message, when it has `fields` fields.
uint64_t read_type(wire::Reader* reader, size_t fields) {
  size_t count = 0;
  uint64_t type = 0;
  return reader->read_array(&count) && count == fields && reader->read_uint(&type) ? type : 0;
}

wire::Reader reader_of(const std::string& body) {
  return {reinterpret_cast<const uint8_t*>(body.data()), body.size()};
}

}  // namespace

template <class Write>
Body& Body::add(Write write) {
  uint8_t memory[16];
  wire::Buffer buffer = {memory, 0, sizeof memory, nullptr};
  wire::Writer writer(&buffer);
  write(&writer);
  bytes_.append(reinterpret_cast<const char*>(memory), buffer.size);
  return *this;
}

Body& Body::array(size_t count) {
  return add([&](wire::Writer* w) { w->write_array(count); });
}
Body& Body::number(int64_t value) {
  return add([&](wire::Writer* w) { w->write_int(value); });
}
Body& Body::boolean(bool value) {
  return add([&](wire::Writer* w) { w->write_bool(value); });
}
Body& Body::bytes(std::string_view text) {
  add([&](wire::Writer* w) { w->write_bin_header(text.size()); });
  bytes_ += text;
  return *this;
}
Body& Body::texts(const std::vector<std::string>& all) {
  array(all.size());
  for (const std::string& text : all) bytes(text);
  return *this;
}

bool Peer::read_exactly(char* data, size_t size) {
  while (size > 0) {
    const ssize_t count = recv(socket_, data, size, 0);
    if (count <= 0) return false;
    data += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

std::string Peer::read_body() {
  char header[wire::kFrameHeader];
  if (!read_exactly(header, sizeof header)) return "";
  std::string body(wire::decode_frame_size(reinterpret_cast<const uint8_t*>(header)), '\0');
  return read_exactly(body.data(), body.size()) ? body : "";
}

Request Peer::read_request() {
  const std::string body = read_body();
  wire::Reader reader = reader_of(body);
  Request request;
  EXPECT_EQ(read_type(&reader, 7), protocol::kCompile);
  reader.read_uint(&request.version);
  reader.read_uint(&request.flags);
  request.cwd = read_text(&reader);
  request.argv = read_texts(&reader);
  request.environment = read_texts(&reader);
  size_t count = 0;
  EXPECT_TRUE(reader.read_array(&count) && count == 2);
  reader.read_uint(&request.root.mount);
  reader.read_uint(&request.root.inode);
  EXPECT_TRUE(reader.at_end());
  return request;
}

Restored Peer::read_restored() {
  const std::string body = read_body();
  wire::Reader reader = reader_of(body);
  Restored restored;
  restored.ok = body.empty();
  if (restored.ok || read_type(&reader, 2) != protocol::kDeclined) return restored;
  restored.detail = read_text(&reader);
  restored.heard = reader.at_end();
  return restored;
}

Compiled Peer::read_compiled() {
  const std::string body = read_body();
  wire::Reader reader = reader_of(body);
  Compiled compiled;
  if (read_type(&reader, 6) != protocol::kCompiled) return compiled;
  reader.read_uint(&compiled.status);
  reader.read_uint(&compiled.microseconds);
  reader.read_uint(&compiled.flags);
  compiled.standard_output = read_text(&reader);
  compiled.standard_error = read_text(&reader);
  compiled.heard = reader.at_end();
  return compiled;
}

bool Peer::is_gone() {
  char byte;
  return recv(socket_, &byte, 1, 0) == 0;
}

void Peer::send_bytes(const std::string& bytes, const std::vector<int>& descriptors) {
  struct iovec part = {const_cast<char*>(bytes.data()), bytes.size()};
  std::vector<char> control(CMSG_SPACE(descriptors.size() * sizeof(int)));
  struct msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (!descriptors.empty()) {
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    struct cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size() * sizeof(int));
  }
  while (part.iov_len > 0) {
    const ssize_t sent = sendmsg(socket_, &header, MSG_NOSIGNAL);
    if (sent <= 0) return;
    part.iov_base = static_cast<char*>(part.iov_base) + sent;
    part.iov_len -= static_cast<size_t>(sent);
    header.msg_control = nullptr;
    header.msg_controllen = 0;
  }
}

void Peer::send_body(const std::string& body, const std::vector<int>& descriptors) {
  uint8_t header[wire::kFrameHeader];
  wire::encode_frame_size(static_cast<uint32_t>(body.size()), header);
  send_bytes(std::string(reinterpret_cast<const char*>(header), sizeof header) + body, descriptors);
}

void Peer::send_run(const std::string& reason) {
  send_body(Body().array(2).number(protocol::kRun).bytes(reason).str());
}

void Peer::send_hit(int exit_code, const std::string& out, const std::string& err,
                    const std::vector<HitOutput>& outputs) {
  Body body;
  body.array(5).number(protocol::kHit).number(exit_code).bytes(out).bytes(err).array(outputs.size());
  std::vector<int> descriptors;
  for (const HitOutput& output : outputs) {
    const auto size = output.told_size < 0 ? static_cast<int64_t>(output.bytes.size()) : output.told_size;
    int source = output.source;
    const uint32_t flags = output.flags | (source < 0 ? protocol::kInMemory : 0U);
    body.array(3).bytes(output.path).number(size).number(flags);
    if (source < 0) {
      source = memfd_create("output", MFD_CLOEXEC);
      EXPECT_EQ(write(source, output.bytes.data(), output.bytes.size()),
                static_cast<ssize_t>(output.bytes.size()));
    }
    descriptors.push_back(source);
  }
  send_body(body.str(), descriptors);
  for (const int descriptor : descriptors) close(descriptor);
}

void Peer::send_miss(const std::vector<std::string>& argv, const std::vector<std::string>& scan,
                     const std::vector<std::string>& create, const std::vector<std::string>& remove,
                     const std::string& note_prefix) {
  Body body;
  body.array(6)
      .number(protocol::kMiss)
      .texts(argv)
      .texts(scan)
      .texts(create)
      .texts(remove)
      .bytes(note_prefix);
  send_body(body.str());
}

void Peer::send_stored(const std::string& note) {
  send_body(Body().array(2).number(protocol::kStored).bytes(note).str());
}

void Peer::hang_up() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

}  // namespace compiler_cache::launcher_test
