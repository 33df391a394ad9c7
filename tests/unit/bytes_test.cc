#include "helper/bytes.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

TEST(Bytes, NumbersAreLittleEndian) {
  std::string out;
  put_u32(out, 0x01020304);
  put_u64(out, 0x05060708090a0b0c);
  EXPECT_EQ(out, std::string("\x04\x03\x02\x01\x0c\x0b\x0a\x09\x08\x07\x06\x05"));
}

TEST(Bytes, NumbersComeBackWithAllBits) {
  std::string out;
  put_u32(out, 0xfedcba98);
  put_u64(out, 0xffffffffffffffff);
  EXPECT_EQ(get_u32(out), 0xfedcba98);
  EXPECT_EQ(get_u64(std::string_view(out).substr(4)), 0xffffffffffffffff);
}

}  // namespace
}  // namespace compiler_cache
