// Reads any bytes as a sequence of values, then writes what was read: whatever the bytes say, no read leaves
// them, and what was understood comes back the same when it is written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "protocol/wire.h"

namespace {

using namespace compiler_cache::wire;

void require(bool condition) {
  if (!condition) abort();
}

bool grow_vector(Buffer* buffer, size_t needed);

struct Output : Buffer {
  Output() { grow = grow_vector; }
  std::vector<uint8_t> bytes;
};

bool grow_vector(Buffer* buffer, size_t needed) {
  auto* output = static_cast<Output*>(buffer);
  output->bytes.resize(2 * needed);
  output->data = output->bytes.data();
  output->capacity = output->bytes.size();
  return true;
}

/// Copies one value, by the kind that fits it; false at the end of what can be understood.
bool copy_value(Reader* reader, Writer* writer) {
  size_t count = 0;
  uint64_t number = 0;
  int64_t negative = 0;
  bool truth = false;
  Bytes bytes;
  Reader attempt = *reader;
  if (attempt.read_array(&count)) {
    writer->write_array(count);
  } else if (attempt = *reader; attempt.read_uint(&number)) {
    writer->write_uint(number);
  } else if (attempt = *reader; attempt.read_int(&negative)) {
    writer->write_int(negative);
  } else if (attempt = *reader; attempt.read_bool(&truth)) {
    writer->write_bool(truth);
  } else if (attempt = *reader; attempt.read_bytes(&bytes)) {
    writer->write_bin(bytes.data, bytes.size);
  } else {
    return false;
  }
  *reader = attempt;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Reader reader(data, size);
  Output first;
  Writer writer(&first);
  size_t values = 0;
  while (copy_value(&reader, &writer)) ++values;
  require(writer.ok());

  // An array's count was checked against the bytes that followed, of which fewer may have been understood.
  const size_t written = first.size;
  first.size += size;
  first.bytes.resize(first.size);
  Reader again(first.bytes.data(), first.bytes.size());
  Output second;
  Writer copy(&second);
  for (size_t i = 0; i < values; ++i) require(copy_value(&again, &copy));
  require(second.size == written && (written == 0 || memcmp(second.data, first.bytes.data(), written) == 0));
  return 0;
}
