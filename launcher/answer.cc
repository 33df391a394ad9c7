#include "launcher/answer.h"

#include "launcher/memory.h"

namespace compiler_cache::launcher {
namespace {

constexpr int64_t kLargestExitCode = 255;

bool read_text(wire::Reader* reader, const char** text) {
  wire::Bytes bytes;
  if (!reader->read_bytes(&bytes)) return false;
  *text = allocate_text(bytes);
  return *text != nullptr;
}

bool read_texts(wire::Reader* reader, char*** texts) {
  size_t count = 0;
  if (!reader->read_array(&count)) return false;
  *texts = static_cast<char**>(allocate((count + 1) * sizeof(char*)));
  if (*texts == nullptr) return false;
  for (size_t i = 0; i < count; ++i) {
    const char* text = nullptr;
    if (!read_text(reader, &text)) return false;
    (*texts)[i] = const_cast<char*>(text);
  }
  return true;
}

bool read_output(wire::Reader* reader, Output* output) {
  size_t count = 0;
  uint64_t flags = 0;
  const bool whole = reader->read_array(&count) && count == 3 && read_text(reader, &output->path) &&
                     output->path[0] != '\0' && reader->read_uint(&output->size) &&
                     output->size <= INT64_MAX && reader->read_uint(&flags);
  output->executable = (flags & protocol::kExecutable) != 0;
  output->in_memory = (flags & protocol::kInMemory) != 0;
  return whole;
}

bool read_hit(wire::Reader* reader, const Message& message, Hit* hit) {
  int64_t exit_code = 0;
  if (!reader->read_int(&exit_code) || exit_code < 0 || exit_code > kLargestExitCode) return false;
  hit->exit_code = static_cast<int>(exit_code);
  if (!reader->read_bytes(&hit->standard_output) || !reader->read_bytes(&hit->standard_error)) return false;
  if (!reader->read_array(&hit->output_count) || hit->output_count != message.descriptor_count) return false;
  for (size_t i = 0; i < hit->output_count; ++i) {
    if (!read_output(reader, &hit->outputs[i])) return false;
    hit->outputs[i].source = message.descriptors[i];
  }
  return true;
}

bool read_miss(wire::Reader* reader, Miss* miss) {
  return read_texts(reader, &miss->argv) && miss->argv[0] != nullptr &&
         read_texts(reader, &miss->scan_argv) && read_texts(reader, &miss->create) &&
         read_texts(reader, &miss->remove) && read_text(reader, &miss->note_prefix);
}

}  // namespace

Answer decode_answer(const Message& message) {
  wire::Reader reader(message.data, message.size);
  Answer answer;
  size_t count = 0;
  uint64_t type = 0;
  if (!reader.read_array(&count) || !reader.read_uint(&type)) return answer;
  AnswerKind kind = AnswerKind::invalid;
  bool whole = false;
  if (type == protocol::kRun && count == 2) {
    kind = AnswerKind::run;
    whole = read_text(&reader, &answer.reason);
  } else if (type == protocol::kHit && count == 5) {
    kind = AnswerKind::hit;
    whole = read_hit(&reader, message, &answer.hit);
  } else if (type == protocol::kMiss && count == 6) {
    kind = AnswerKind::miss;
    whole = read_miss(&reader, &answer.miss);
  }
  if (whole && reader.at_end()) answer.kind = kind;
  return answer;
}

bool decode_stored(const Message& message, wire::Bytes* note) {
  wire::Reader reader(message.data, message.size);
  size_t count = 0;
  uint64_t type = 0;
  return reader.read_array(&count) && count == 2 && reader.read_uint(&type) && type == protocol::kStored &&
         reader.read_bytes(note) && reader.at_end();
}

}  // namespace compiler_cache::launcher
