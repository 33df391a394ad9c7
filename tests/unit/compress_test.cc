#include "helper/compress.h"

#include <gtest/gtest.h>

#include "tests/unit/damage.h"

namespace compiler_cache {
namespace {

TEST(Compress, BytesComeBackTheSame) {
  for (const std::string& bytes : {std::string(), std::string("x"), std::string(100'000, 'a')}) {
    const std::string frame = compress(bytes);
    const auto back = decompress(frame, bytes.size());
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back.value(), bytes);
    EXPECT_EQ(decompressed_size(frame).value(), bytes.size());
  }
}

TEST(Compress, RepetitionTakesLittleRoom) { EXPECT_LT(compress(std::string(100'000, 'a')).size(), 100U); }

TEST(Compress, AnotherSizeThanExpectedIsCorrupt) {
  const std::string frame = compress("hello");
  for (const std::uint64_t size : {0U, 4U, 6U}) {
    const auto back = decompress(frame, size);
    ASSERT_FALSE(back.ok());
    EXPECT_EQ(back.error().kind, ErrorKind::corrupt);
  }
}

TEST(Compress, BytesAfterTheFrameAreCorrupt) {
  EXPECT_FALSE(decompress(compress("hello") + "x", 5).ok());
  EXPECT_FALSE(decompress(compress("hello") + compress(""), 5).ok());
}

TEST(Compress, DamageGivesAnErrorOrTheSameBytes) {
  const std::string bytes = "some text that is long enough, long enough, long enough to be compressed";
  for_each_damage(compress(bytes), [&](const std::string& damaged) {
    const auto back = decompress(damaged, bytes.size());
    EXPECT_TRUE(!back.ok() || back.value() == bytes);  // the same: a bit of the header that says nothing
  });
}

}  // namespace
}  // namespace compiler_cache
