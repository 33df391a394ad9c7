// Everything that a helper, or who listens in its place, can say to the launcher: any bytes are an answer
// with all of its parts, or none. The launcher's own reader, with memory that is given back after each.
#include "launcher/answer.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "launcher/memory.h"

namespace compiler_cache::launcher {
namespace {

std::vector<std::unique_ptr<std::uint8_t[]>> taken;
std::size_t asked_for = 0;

void require(bool holds) {
  if (!holds) std::abort();
}

void touch(const char* text) { require(std::strlen(text) < protocol::kMaxFrame); }

void touch(char* const* texts) {
  for (; *texts != nullptr; ++texts) touch(*texts);
}

void touch(const wire::Bytes& bytes) {
  std::uint8_t sum = 0;
  for (std::size_t i = 0; i < bytes.size; ++i) sum = static_cast<std::uint8_t>(sum + bytes.data[i]);
  [[maybe_unused]] volatile std::uint8_t kept = sum;
}

void check(const Answer& answer, const Message& message) {
  if (answer.kind == AnswerKind::run) touch(answer.reason);
  if (answer.kind == AnswerKind::hit) {
    require(answer.hit.output_count == message.descriptor_count);
    touch(answer.hit.standard_output);
    touch(answer.hit.standard_error);
    for (std::size_t i = 0; i < answer.hit.output_count; ++i) {
      touch(answer.hit.outputs[i].path);
      require(answer.hit.outputs[i].path[0] != '\0' && answer.hit.outputs[i].source >= 0);
    }
  }
  if (answer.kind == AnswerKind::miss) {
    require(answer.miss.argv[0] != nullptr);
    for (char* const* texts :
         {answer.miss.argv, answer.miss.scan_argv, answer.miss.create, answer.miss.remove})
      touch(texts);
  }
}

}  // namespace

void* allocate(std::size_t size) {
  asked_for += size;
  taken.push_back(std::make_unique<std::uint8_t[]>(size));
  return taken.back().get();
}

char* allocate_text(wire::Bytes bytes) {
  if (bytes.size != 0 && std::memchr(bytes.data, 0, bytes.size) != nullptr) return nullptr;
  char* text = static_cast<char*>(allocate(bytes.size + 1));
  if (bytes.size != 0) std::memcpy(text, bytes.data, bytes.size);
  return text;
}

}  // namespace compiler_cache::launcher

// The first byte: how many descriptors came along.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace compiler_cache;
  using namespace compiler_cache::launcher;
  if (size == 0) return 0;
  Message message;
  message.descriptor_count = data[0] % (protocol::kMaxOutputs + 1);
  for (std::size_t i = 0; i < message.descriptor_count; ++i) message.descriptors[i] = static_cast<int>(i);
  message.data = data + 1;
  message.size = size - 1;
  check(decode_answer(message), message);
  wire::Bytes note;
  if (decode_stored(message, &note)) touch(note);
  // What is asked for grows with what was said, whatever lengths it claims.
  require(asked_for <= 64 * size + 4096);
  taken.clear();
  asked_for = 0;
  return 0;
}
