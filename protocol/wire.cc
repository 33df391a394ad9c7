#include "protocol/wire.h"

#include <string.h>

namespace compiler_cache::wire {
namespace {

// Type bytes of the msgpack specification that this codec knows.
constexpr uint8_t kPositiveFixLast = 0x7f;
constexpr uint8_t kFixArray = 0x90;
constexpr uint8_t kFixStr = 0xa0;
constexpr uint8_t kFalse = 0xc2;
constexpr uint8_t kTrue = 0xc3;
constexpr uint8_t kBin8 = 0xc4;
constexpr uint8_t kBin16 = 0xc5;
constexpr uint8_t kBin32 = 0xc6;
constexpr uint8_t kUint8 = 0xcc;
constexpr uint8_t kUint64 = 0xcf;
constexpr uint8_t kInt8 = 0xd0;
constexpr uint8_t kInt64 = 0xd3;
constexpr uint8_t kStr8 = 0xd9;
constexpr uint8_t kStr16 = 0xda;
constexpr uint8_t kStr32 = 0xdb;
constexpr uint8_t kArray16 = 0xdc;
constexpr uint8_t kArray32 = 0xdd;
constexpr uint8_t kNegativeFixFirst = 0xe0;

constexpr size_t kFixArrayLimit = 16;
constexpr size_t kFixStrLimit = 32;

}  // namespace

bool Buffer::reserve(size_t extra) {
  if (capacity - size >= extra) return true;
  if (grow == nullptr || extra > SIZE_MAX - size) return false;
  return grow(this, size + extra);
}

bool Buffer::append(const void* bytes, size_t count) {
  if (!reserve(count)) return false;
  if (count != 0) memcpy(data + size, bytes, count);
  size += count;
  return true;
}

void encode_frame_size(uint32_t size, uint8_t* header) {
  for (size_t i = 0; i < kFrameHeader; ++i) header[i] = static_cast<uint8_t>(size >> (8 * i));
}

uint32_t decode_frame_size(const uint8_t* header) {
  uint32_t size = 0;
  for (size_t i = 0; i < kFrameHeader; ++i) size |= static_cast<uint32_t>(header[i]) << (8 * i);
  return size;
}

void Writer::put(const void* bytes, size_t count) { ok_ = ok_ && buffer_->append(bytes, count); }

void Writer::put_typed(uint8_t type, uint64_t value, size_t width) {
  uint8_t bytes[9] = {type};
  for (size_t i = 0; i < width; ++i) bytes[1 + i] = static_cast<uint8_t>(value >> (8 * (width - 1 - i)));
  put(bytes, 1 + width);
}

void Writer::begin_frame() {
  const uint8_t header[kFrameHeader] = {};
  put(header, sizeof header);
}

void Writer::end_frame(size_t outside) {
  if (!ok_) return;
  const size_t size = buffer_->size - kFrameHeader + outside;
  ok_ = size <= UINT32_MAX;
  if (ok_) encode_frame_size(static_cast<uint32_t>(size), buffer_->data);
}

void Writer::write_array(size_t count) {
  if (count < kFixArrayLimit) {
    put_typed(static_cast<uint8_t>(kFixArray | count), 0, 0);
  } else if (count <= UINT16_MAX) {
    put_typed(kArray16, count, 2);
  } else {
    ok_ = ok_ && count <= UINT32_MAX;
    put_typed(kArray32, count, 4);
  }
}

void Writer::write_uint(uint64_t value) {
  if (value <= kPositiveFixLast) return put_typed(static_cast<uint8_t>(value), 0, 0);
  uint8_t type = kUint8;
  size_t width = 1;
  while (width < 8 && value >> (8 * width) != 0) {
    width *= 2;
    ++type;
  }
  put_typed(type, value, width);
}

void Writer::write_int(int64_t value) {
  if (value >= 0) return write_uint(static_cast<uint64_t>(value));
  if (value >= -32) return put_typed(static_cast<uint8_t>(value), 0, 0);
  uint8_t type = kInt8;
  size_t width = 1;
  while (width < 8 && value < -(int64_t{1} << (8 * width - 1))) {
    width *= 2;
    ++type;
  }
  put_typed(type, static_cast<uint64_t>(value), width);
}

void Writer::write_bool(bool value) { put_typed(value ? kTrue : kFalse, 0, 0); }

void Writer::write_bin_header(size_t size) {
  if (size <= UINT8_MAX) return put_typed(kBin8, size, 1);
  if (size <= UINT16_MAX) return put_typed(kBin16, size, 2);
  ok_ = ok_ && size <= UINT32_MAX;
  put_typed(kBin32, size, 4);
}

void Writer::write_bin(const void* data, size_t size) {
  write_bin_header(size);
  put(data, size);
}

void Writer::write_str(const char* text, size_t size) {
  if (size < kFixStrLimit) {
    put_typed(static_cast<uint8_t>(kFixStr | size), 0, 0);
  } else if (size <= UINT8_MAX) {
    put_typed(kStr8, size, 1);
  } else if (size <= UINT16_MAX) {
    put_typed(kStr16, size, 2);
  } else {
    ok_ = ok_ && size <= UINT32_MAX;
    put_typed(kStr32, size, 4);
  }
  put(text, size);
}

bool Reader::fail() {
  ok_ = false;
  return false;
}

bool Reader::take_type(uint8_t* type) {
  if (!ok_ || next_ == end_) return fail();
  *type = *next_++;
  return true;
}

bool Reader::take_number(size_t width, uint64_t* value) {
  if (remaining() < width) return fail();
  *value = 0;
  for (size_t i = 0; i < width; ++i) *value = *value << 8 | *next_++;
  return true;
}

bool Reader::read_array(size_t* count) {
  uint8_t type = 0;
  uint64_t number = 0;
  if (!take_type(&type)) return false;
  if ((type & 0xf0) == kFixArray) {
    number = type & 0x0f;
  } else if (type == kArray16 || type == kArray32) {
    if (!take_number(type == kArray16 ? 2 : 4, &number)) return false;
  } else {
    return fail();
  }
  if (number > remaining()) return fail();  // an element takes a byte at least
  *count = static_cast<size_t>(number);
  return true;
}

bool Reader::take_integer(uint64_t* pattern, bool* negative) {
  uint8_t type = 0;
  *negative = false;
  if (!take_type(&type)) return false;
  if (type <= kPositiveFixLast) {
    *pattern = type;
    return true;
  }
  if (type >= kNegativeFixFirst) {
    *pattern = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int8_t>(type)));
    *negative = true;
    return true;
  }
  if (type >= kUint8 && type <= kUint64) return take_number(size_t{1} << (type - kUint8), pattern);
  if (type < kInt8 || type > kInt64) return fail();
  const size_t width = size_t{1} << (type - kInt8);
  if (!take_number(width, pattern)) return false;
  *negative = (*pattern >> (8 * width - 1) & 1) != 0;
  if (*negative && width < 8) *pattern |= ~uint64_t{0} << (8 * width);
  return true;
}

bool Reader::read_uint(uint64_t* value) {
  bool negative = false;
  if (!take_integer(value, &negative)) return false;
  return !negative || fail();
}

bool Reader::read_int(int64_t* value) {
  uint64_t pattern = 0;
  bool negative = false;
  if (!take_integer(&pattern, &negative)) return false;
  if (!negative && pattern > INT64_MAX) return fail();
  *value = static_cast<int64_t>(pattern);
  return true;
}

bool Reader::read_bool(bool* value) {
  uint8_t type = 0;
  if (!take_type(&type)) return false;
  if (type != kFalse && type != kTrue) return fail();
  *value = type == kTrue;
  return true;
}

bool Reader::read_bytes(Bytes* value) {
  uint8_t type = 0;
  uint64_t size = 0;
  if (!take_type(&type)) return false;
  if ((type & 0xe0) == kFixStr) {
    size = type & 0x1f;
  } else if (type >= kBin8 && type <= kBin32) {
    if (!take_number(size_t{1} << (type - kBin8), &size)) return false;
  } else if (type >= kStr8 && type <= kStr32) {
    if (!take_number(size_t{1} << (type - kStr8), &size)) return false;
  } else {
    return fail();
  }
  if (size > remaining()) return fail();
  *value = Bytes{next_, static_cast<size_t>(size)};
  next_ += size;
  return true;
}

}  // namespace compiler_cache::wire
