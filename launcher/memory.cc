#include "launcher/memory.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

namespace compiler_cache::launcher {
namespace {

constexpr size_t kFirstChunk = 16U << 10;
constexpr size_t kChunk = 256U << 10;
constexpr size_t kAlignment = alignof(void*);

alignas(kAlignment) uint8_t first_chunk[kFirstChunk];
uint8_t* chunk = first_chunk;
size_t chunk_left = kFirstChunk;

uint8_t* map(size_t size) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<uint8_t*>(memory);
}

}  // namespace

void* allocate(size_t size) {
  if (size > SIZE_MAX - kAlignment) return nullptr;
  size = (size + kAlignment - 1) / kAlignment * kAlignment;
  if (size > chunk_left) {
    const size_t wanted = size > kChunk ? size : kChunk;
    uint8_t* fresh = map(wanted);
    if (fresh == nullptr) return nullptr;
    chunk = fresh;
    chunk_left = wanted;
  }
  uint8_t* memory = chunk;
  chunk += size;
  chunk_left -= size;
  return memory;
}

char* allocate_text(wire::Bytes bytes) {
  if (bytes.size != 0 && memchr(bytes.data, 0, bytes.size) != nullptr) return nullptr;
  char* text = static_cast<char*>(allocate(bytes.size + 1));
  if (text != nullptr && bytes.size != 0) memcpy(text, bytes.data, bytes.size);
  return text;
}

bool grow_by_mapping(wire::Buffer* buffer, size_t needed) {
  const size_t doubled = buffer->capacity > SIZE_MAX / 2 ? needed : 2 * buffer->capacity;
  const size_t capacity = needed > doubled ? needed : doubled;
  uint8_t* memory = map(capacity);
  if (memory == nullptr) return false;
  if (buffer->size != 0) memcpy(memory, buffer->data, buffer->size);
  buffer->data = memory;
  buffer->capacity = capacity;
  return true;
}

}  // namespace compiler_cache::launcher
