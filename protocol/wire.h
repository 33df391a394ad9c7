// The launcher's own msgpack: just the types that the protocol uses, over bytes that the caller owns. Nothing
// here allocates, throws or needs the C++ standard library; the tests hold it against msgpack-cxx in both
// directions.
//
// Understood: unsigned and signed integers, booleans, bin and str (told apart by nobody, both are bytes),
// array headers. Everything else is an error, as is every length that the bytes at hand cannot hold.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace compiler_cache::wire {

/// Bytes that live in somebody else's memory.
struct Bytes {
  const uint8_t* data = nullptr;
  size_t size = 0;
};

/// Where a Writer writes to. `grow` makes room for at least `needed` bytes in all, keeps the first `size`,
/// and says false if it cannot; nullptr means that the memory is all there is.
struct Buffer {
  uint8_t* data = nullptr;
  size_t size = 0;
  size_t capacity = 0;
  bool (*grow)(Buffer* buffer, size_t needed) = nullptr;

  /// True when `extra` more bytes fit, grown if need be.
  bool reserve(size_t extra);
  /// Appends, or leaves the buffer as it is and says false.
  bool append(const void* bytes, size_t count);
};

/// Bytes of the length in front of each frame.
inline constexpr size_t kFrameHeader = 4;

/// Frame lengths are little-endian.
void encode_frame_size(uint32_t size, uint8_t* header);
uint32_t decode_frame_size(const uint8_t* header);

/// Appends msgpack to a Buffer. After a failure (no room) every further call does nothing; ask ok() once at
/// the end.
class Writer {
 public:
  explicit Writer(Buffer* buffer) : buffer_(buffer) {}

  /// Starts a frame: leaves room for its length. One frame a buffer.
  void begin_frame();
  /// Fills in the length; `outside` more bytes of the frame are sent from elsewhere.
  void end_frame(size_t outside = 0);

  void write_array(size_t count);
  void write_uint(uint64_t value);
  void write_int(int64_t value);
  void write_bool(bool value);
  void write_bin(const void* data, size_t size);
  /// The head of a bin whose `size` bytes are written or sent by other means.
  void write_bin_header(size_t size);
  void write_str(const char* text, size_t size);

  bool ok() const { return ok_; }

 private:
  void put(const void* bytes, size_t count);
  /// One byte of type, then the low `width` bytes of `value`, big-endian.
  void put_typed(uint8_t type, uint64_t value, size_t width);

  Buffer* buffer_;
  bool ok_ = true;
};

/// Reads msgpack from bytes. Each call says whether the next value is there, whole and of that kind; after
/// the first failure every call fails. What it hands out points into the bytes it was given.
class Reader {
 public:
  Reader(const uint8_t* data, size_t size) : next_(data), end_(data + size) {}

  /// The count is never larger than what could follow, so it is safe to allocate by.
  bool read_array(size_t* count);
  bool read_uint(uint64_t* value);
  bool read_int(int64_t* value);
  bool read_bool(bool* value);
  /// A bin or a str.
  bool read_bytes(Bytes* value);

  bool ok() const { return ok_; }
  /// True when all was read without a failure.
  bool at_end() const { return ok_ && next_ == end_; }

 private:
  size_t remaining() const { return static_cast<size_t>(end_ - next_); }
  bool fail();
  bool take_type(uint8_t* type);
  /// The next `width` bytes as a big-endian number.
  bool take_number(size_t width, uint64_t* value);
  /// Any integer: its magnitude as a 64-bit pattern, and whether it is below zero.
  bool take_integer(uint64_t* pattern, bool* negative);

  const uint8_t* next_;
  const uint8_t* end_;
  bool ok_ = true;
};

}  // namespace compiler_cache::wire
