#include "protocol/wire.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <msgpack.hpp>
#include <string>
#include <vector>

namespace compiler_cache::wire {
namespace {

/// A Buffer over a std::vector.
class VectorBuffer : public Buffer {
 public:
  VectorBuffer() {
    grow = [](Buffer* buffer, size_t needed) {
      auto* self = static_cast<VectorBuffer*>(buffer);
      self->bytes_.resize(2 * needed);
      self->data = self->bytes_.data();
      self->capacity = self->bytes_.size();
      return true;
    };
  }
  std::string text() const { return {reinterpret_cast<const char*>(data), size}; }

 private:
  std::vector<uint8_t> bytes_;
};

template <class Write>
std::string written(Write write) {
  VectorBuffer buffer;
  Writer writer(&buffer);
  write(writer);
  EXPECT_TRUE(writer.ok());
  return buffer.text();
}

template <class Pack>
std::string packed(Pack pack) {
  msgpack::sbuffer buffer;
  msgpack::packer<msgpack::sbuffer> packer(buffer);
  pack(packer);
  return {buffer.data(), buffer.size()};
}

Reader reader_of(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

// Either side of each format's limits.
const std::vector<size_t> kSizes = {0,   1,   15,  16,    17,    31,    32,    33,      127,
                                    128, 255, 256, 65534, 65535, 65536, 65537, 1U << 20};
const std::vector<uint64_t> kUnsigned = {0,
                                         1,
                                         127,
                                         128,
                                         255,
                                         256,
                                         65535,
                                         65536,
                                         0x7fffffff,
                                         0x80000000,
                                         0xffffffff,
                                         0x100000000,
                                         0x7fffffffffffffff,
                                         0x8000000000000000,
                                         0xffffffffffffffff};
const std::vector<int64_t> kSigned = {0,
                                      1,
                                      127,
                                      128,
                                      -1,
                                      -31,
                                      -32,
                                      -33,
                                      -127,
                                      -128,
                                      -129,
                                      -32768,
                                      -32769,
                                      -65536,
                                      255,
                                      -2147483648,
                                      -2147483649,
                                      2147483648,
                                      std::numeric_limits<int64_t>::min(),
                                      std::numeric_limits<int64_t>::max()};

TEST(WireTest, WritesIntegersInTheSameBytesAsMsgpackCxx) {
  for (const uint64_t value : kUnsigned) {
    EXPECT_EQ(written([&](Writer& w) { w.write_uint(value); }), packed([&](auto& p) { p.pack(value); }))
        << value;
  }
  for (const int64_t value : kSigned) {
    EXPECT_EQ(written([&](Writer& w) { w.write_int(value); }), packed([&](auto& p) { p.pack(value); }))
        << value;
  }
}

TEST(WireTest, WritesBytesTextAndArraysInTheSameBytesAsMsgpackCxx) {
  for (const size_t size : kSizes) {
    const std::string text(size, 'x');
    const auto count = static_cast<uint32_t>(size);
    EXPECT_EQ(written([&](Writer& w) { w.write_bin(text.data(), size); }), packed([&](auto& p) {
                p.pack_bin(count);
                p.pack_bin_body(text.data(), count);
              }))
        << size;
    EXPECT_EQ(written([&](Writer& w) { w.write_str(text.data(), size); }), packed([&](auto& p) {
                p.pack_str(count);
                p.pack_str_body(text.data(), count);
              }))
        << size;
    EXPECT_EQ(written([&](Writer& w) { w.write_array(size); }), packed([&](auto& p) { p.pack_array(count); }))
        << size;
  }
}

TEST(WireTest, WritesBooleansInTheSameBytesAsMsgpackCxx) {
  for (const bool value : {false, true}) {
    EXPECT_EQ(written([&](Writer& w) { w.write_bool(value); }), packed([&](auto& p) { p.pack(value); }));
  }
}

TEST(WireTest, ReadsIntegersThatMsgpackCxxWrote) {
  for (const uint64_t value : kUnsigned) {
    const std::string bytes = packed([&](auto& p) { p.pack(value); });
    Reader reader = reader_of(bytes);
    uint64_t read = 0;
    EXPECT_TRUE(reader.read_uint(&read)) << value;
    EXPECT_EQ(read, value);
    EXPECT_TRUE(reader.at_end());
  }
  for (const int64_t value : kSigned) {
    const std::string bytes = packed([&](auto& p) { p.pack(value); });
    Reader reader = reader_of(bytes);
    int64_t read = 0;
    EXPECT_TRUE(reader.read_int(&read)) << value;
    EXPECT_EQ(read, value);
    EXPECT_TRUE(reader.at_end());
  }
}

// Other encoders may choose a wider form than needed, or a signed one for a value that is not below zero.
TEST(WireTest, ReadsIntegersInEveryWidth) {
  const auto expect = [](const std::string& bytes, int64_t value) {
    Reader reader = reader_of(bytes);
    int64_t read = 0;
    EXPECT_TRUE(reader.read_int(&read)) << value;
    EXPECT_EQ(read, value);
    EXPECT_TRUE(reader.at_end());
    if (value < 0) return;
    Reader again = reader_of(bytes);
    uint64_t read_unsigned = 0;
    EXPECT_TRUE(again.read_uint(&read_unsigned)) << value;
    EXPECT_EQ(read_unsigned, static_cast<uint64_t>(value));
  };
  for (const int value : {0, 5, 127}) {
    const auto narrow = static_cast<int8_t>(value);
    expect(packed([&](auto& p) { p.pack_fix_uint8(static_cast<uint8_t>(value)); }), value);
    expect(packed([&](auto& p) { p.pack_fix_uint16(static_cast<uint16_t>(value)); }), value);
    expect(packed([&](auto& p) { p.pack_fix_uint32(static_cast<uint32_t>(value)); }), value);
    expect(packed([&](auto& p) { p.pack_fix_uint64(static_cast<uint64_t>(value)); }), value);
    expect(packed([&](auto& p) { p.pack_fix_int8(narrow); }), value);
  }
  for (const int value : {-128, -1, 5}) {
    expect(packed([&](auto& p) { p.pack_fix_int8(static_cast<int8_t>(value)); }), value);
    expect(packed([&](auto& p) { p.pack_fix_int16(static_cast<int16_t>(value)); }), value);
    expect(packed([&](auto& p) { p.pack_fix_int32(value); }), value);
    expect(packed([&](auto& p) { p.pack_fix_int64(value); }), value);
  }
}

TEST(WireTest, RefusesIntegersThatTheAskedKindCannotHold) {
  uint64_t unsigned_value = 0;
  int64_t signed_value = 0;
  for (const int64_t below : {int64_t{-1}, int64_t{-33}, int64_t{-129}, int64_t{-70000}, INT64_MIN}) {
    const std::string bytes = packed([&](auto& p) { p.pack(below); });
    EXPECT_FALSE(reader_of(bytes).read_uint(&unsigned_value)) << below;
  }
  const std::string bytes = packed([](auto& p) { p.pack(uint64_t{1} << 63); });
  EXPECT_FALSE(reader_of(bytes).read_int(&signed_value));
}

TEST(WireTest, ReadsBytesAndTextThatMsgpackCxxWrote) {
  for (const size_t size : kSizes) {
    const std::string text(size, 'y');
    const auto count = static_cast<uint32_t>(size);
    const std::string bin = packed([&](auto& p) {
      p.pack_bin(count);
      p.pack_bin_body(text.data(), count);
    });
    const std::string str = packed([&](auto& p) { p.pack(text); });
    for (const std::string& bytes : {bin, str}) {
      Reader reader = reader_of(bytes);
      Bytes read;
      ASSERT_TRUE(reader.read_bytes(&read)) << size;
      EXPECT_EQ(std::string(reinterpret_cast<const char*>(read.data), read.size), text);
      EXPECT_TRUE(reader.at_end());
    }
  }
}

TEST(WireTest, ReadsArraysThatMsgpackCxxWrote) {
  for (const size_t size : kSizes) {
    const std::string bytes = packed([&](auto& p) { p.pack(std::vector<bool>(size, true)); });
    Reader reader = reader_of(bytes);
    size_t count = 0;
    ASSERT_TRUE(reader.read_array(&count)) << size;
    ASSERT_EQ(count, size);
    bool value = false;
    for (size_t i = 0; i < count; ++i) ASSERT_TRUE(reader.read_bool(&value) && value);
    EXPECT_TRUE(reader.at_end());
  }
}

TEST(WireTest, RefusesAnArrayLongerThanWhatFollows) {
  const std::string bytes = packed([](auto& p) { p.pack_array(0xffffffff); }) + "abc";
  size_t count = 0;
  EXPECT_FALSE(reader_of(bytes).read_array(&count));
}

TEST(WireTest, RefusesEveryOtherType) {
  for (int type = 0; type < 256; ++type) {
    const std::string bytes = std::string(1, static_cast<char>(type)) + std::string(16, '\0');
    uint64_t number = 0;
    int64_t signed_number = 0;
    bool truth = false;
    Bytes value;
    size_t count = 0;
    const bool fix_str = type >= 0xa0 && type <= 0xbf;
    const bool is_bytes = fix_str || (type >= 0xc4 && type <= 0xc6) || (type >= 0xd9 && type <= 0xdb);
    const bool is_array = (type >= 0x90 && type <= 0x9f) || type == 0xdc || type == 0xdd;
    const bool is_int = type <= 0x7f || type >= 0xe0 || (type >= 0xcc && type <= 0xd3);
    EXPECT_EQ(reader_of(bytes).read_int(&signed_number), is_int) << type;
    EXPECT_EQ(reader_of(bytes).read_uint(&number), is_int && type < 0xe0) << type;
    EXPECT_EQ(reader_of(bytes).read_bool(&truth), type == 0xc2 || type == 0xc3) << type;
    EXPECT_EQ(reader_of(bytes).read_bytes(&value), is_bytes && (!fix_str || type <= 0xb0)) << type;
    EXPECT_EQ(reader_of(bytes).read_array(&count), is_array) << type;
  }
}

/// Reads one message with a value of each kind; true when all of it was there.
bool read_sample(const std::string& bytes) {
  // A copy of exactly this size, so that a sanitizer sees a read behind its end.
  std::vector<uint8_t> exact(bytes.begin(), bytes.end());
  Reader reader(exact.data(), exact.size());
  size_t count = 0;
  uint64_t number = 0;
  int64_t negative = 0;
  bool truth = false;
  Bytes text;
  Bytes bin;
  reader.read_array(&count);
  reader.read_uint(&number);
  reader.read_int(&negative);
  reader.read_bool(&truth);
  reader.read_bytes(&text);
  reader.read_bytes(&bin);
  reader.read_array(&count);
  reader.read_uint(&number);
  return reader.at_end();
}

TEST(WireTest, RefusesAMessageCutAnywhere) {
  const std::string bytes = written([](Writer& w) {
    w.write_array(7);
    w.write_uint(0x123456789abcdef0);
    w.write_int(-70000);
    w.write_bool(true);
    w.write_str("twelve chars", 12);
    const std::string bin(300, 'b');
    w.write_bin(bin.data(), bin.size());
    w.write_array(1);
    w.write_uint(70000);
  });
  ASSERT_TRUE(read_sample(bytes));
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(read_sample(bytes.substr(0, size))) << size;
  EXPECT_FALSE(read_sample(bytes + "x"));
}

TEST(WireTest, FailsForGoodAfterTheFirstFailure) {
  const std::string bytes = packed([](auto& p) {
    p.pack(true);
    p.pack(7);
  });
  Reader reader = reader_of(bytes);
  uint64_t number = 0;
  EXPECT_FALSE(reader.read_uint(&number));
  EXPECT_FALSE(reader.read_uint(&number));
  EXPECT_FALSE(reader.ok());
  EXPECT_FALSE(reader.at_end());
}

TEST(WireTest, AFixedBufferThatIsFullFailsTheWriter) {
  uint8_t memory[8];
  for (size_t capacity = 0; capacity < sizeof memory; ++capacity) {
    Buffer buffer = {memory, 0, capacity, nullptr};
    Writer writer(&buffer);
    writer.begin_frame();
    writer.write_str("abc", 3);
    writer.end_frame();
    EXPECT_EQ(writer.ok(), capacity >= 8) << capacity;
    EXPECT_LE(buffer.size, capacity);
  }
}

TEST(WireTest, AFrameStartsWithItsLengthInLittleEndian) {
  const std::string bytes = written([](Writer& w) {
    w.begin_frame();
    w.write_bin_header(300);
    w.end_frame(300);
  });
  ASSERT_EQ(bytes.size(), kFrameHeader + 3);
  EXPECT_EQ(bytes.substr(0, 4), std::string("\x2f\x01\0\0", 4));
  EXPECT_EQ(decode_frame_size(reinterpret_cast<const uint8_t*>(bytes.data())), 303U);
}

}  // namespace
}  // namespace compiler_cache::wire
