#include "helper/blake2b.h"

#include <gtest/gtest.h>

#include <string>

#include "helper/digest.h"

namespace compiler_cache {
namespace {

std::string hex(std::string_view data, std::size_t cut = 0) {
  Blake2b hash;
  hash.update(data.substr(0, cut));
  hash.update(data.substr(cut));
  return Digest{hash.finish()}.hex();
}

/// Bytes that repeat at no short distance.
std::string some_text(std::size_t size) {
  std::string text;
  for (std::uint32_t i = 0, state = 1; i < size; ++i) {
    state = state * 1664525 + 1013904223;
    text.push_back(static_cast<char>(state >> 24));
  }
  return text;
}

// What b2sum -l 256 says.
TEST(Blake2bTest, KnownAnswers) {
  EXPECT_EQ(hex(""), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(hex("abc"), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  EXPECT_EQ(hex(std::string(127, 'x')), "32afe327aece2cc8275e868be2ea929410f47bcfbac87d8197d92c972a290d3d");
  EXPECT_EQ(hex(std::string(128, 'x')), "164ffb7089bae6f5a62fb0795e751dc9e88eac92e1a5b2fafe93a25abf2d9c3b");
  EXPECT_EQ(hex(std::string(129, 'x')), "03b0758fa71d249c846c2304a2b9996e6ae66ffa7e5528f9e612e089a360fc8d");
  EXPECT_EQ(hex(std::string(256, 'x')), "cb9d468022b930d52da4d9b0226ef9c997e0acc119eeb08afefb8219bc53972b");
  EXPECT_EQ(hex(std::string(1'000'000, 'x')),
            "f3891296f305dd88e34ab9e39c35ccd2fcc69475d1b512e022c6cae361717e9c");
}

// The hash of hashes of many lengths, from another implementation.
TEST(Blake2bTest, EveryLengthCounts) {
  Blake2b all;
  for (std::size_t size = 0; size < 600; ++size) {
    Blake2b one;
    one.update(some_text(size));
    const Digest digest{one.finish()};
    all.update(digest.view());
  }
  EXPECT_EQ(Digest{all.finish()}.hex(), "a95712c29faa9d97c1d922f3ff63405ddd6bfc6db3270577111c225e74118f27");
}

std::string keyed_hex(std::string_view key, std::string_view data) {
  Blake2b hash(key);
  hash.update(data);
  return Digest{hash.finish()}.hex();
}

// What Python's hashlib.blake2b(data, key=key, digest_size=32) says.
TEST(Blake2bTest, AKeyMakesAnotherHash) {
  EXPECT_EQ(keyed_hex("k", ""), "490b6c8300eb23464bd2f9ca37c036be5091da14ddbeafab424c4c0a1f9eaac5");
  EXPECT_EQ(keyed_hex("k", "abc"), "12f0b4a482a321476483eac3387d86e810573152916fb35bf7a6b9951f221db3");
  std::string longest;
  for (char byte = 0; byte < 64; ++byte) longest.push_back(byte);
  EXPECT_EQ(keyed_hex(longest, std::string(300, 'x')),
            "fd9ab4d3650a5b9237dcd729db45596dd126a2153428bc4e721def2998cc0a7e");
  EXPECT_EQ(keyed_hex("", "abc"), hex("abc"));
}

TEST(Blake2bTest, InPiecesLikeInOne) {
  const std::string text = some_text(700);
  const std::string whole = hex(text);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) ASSERT_EQ(hex(text, cut), whole) << cut;
}

}  // namespace
}  // namespace compiler_cache
