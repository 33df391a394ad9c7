#include "helper/hasher.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace compiler_cache {
namespace {

TEST(HasherTest, NamesABlobByPlainBlake2b256) {
  EXPECT_EQ(hash_bytes("").hex(), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(hash_bytes("abc").hex(), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(HasherTest, BytesInPiecesHashLikeBytesInOne) {
  const std::string text(100'000, 'x');
  Hasher hasher;
  for (std::size_t at = 0; at < text.size(); at += 777) hasher.bytes(std::string_view(text).substr(at, 777));
  EXPECT_EQ(hasher.finish(), hash_bytes(text));
}

TEST(HasherTest, NoTwoListsOfItemsHashAlike) {
  const std::set<Digest> digests{
      Hasher().finish(),
      Hasher().item("", "").finish(),
      Hasher().item("", "").item("", "").finish(),
      Hasher().item("ab", "c").finish(),
      Hasher().item("a", "bc").finish(),
      Hasher().item("", "abc").finish(),
      Hasher().item("abc", "").finish(),
      Hasher().item("a", "b").item("c", "").finish(),
      Hasher().item("a", "").item("b", "c").finish(),
      Hasher().item("c", "").item("a", "b").finish(),
      Hasher().item("a", std::uint64_t{1}).finish(),
      Hasher().item("a", std::uint64_t{256}).finish(),
      Hasher().item("a", "1").finish(),
      Hasher().item("a", std::string_view("b\0", 2)).finish(),
  };
  EXPECT_EQ(digests.size(), 14U);
  // A tag that looks like the end of one item and the beginning of the next.
  EXPECT_NE(Hasher().item("x" + std::string(16, '\0'), "").finish(),
            Hasher().item("x", "").item("", "").finish());
}

std::string keyed_hex(std::string_view key, std::string_view data) {
  return Hasher(key).bytes(data).finish().hex();
}

// What Python's hashlib.blake2b(data, key=key, digest_size=32) says.
TEST(HasherTest, AKeyMakesAnotherHash) {
  EXPECT_EQ(keyed_hex("k", ""), "490b6c8300eb23464bd2f9ca37c036be5091da14ddbeafab424c4c0a1f9eaac5");
  EXPECT_EQ(keyed_hex("k", "abc"), "12f0b4a482a321476483eac3387d86e810573152916fb35bf7a6b9951f221db3");
  std::string longest;
  for (char byte = 0; byte < 64; ++byte) longest.push_back(byte);
  EXPECT_EQ(keyed_hex(longest, std::string(300, 'x')),
            "fd9ab4d3650a5b9237dcd729db45596dd126a2153428bc4e721def2998cc0a7e");
  EXPECT_EQ(keyed_hex("", "abc"), hash_bytes("abc").hex());
  EXPECT_EQ(keyed_hex(longest + "y", "abc"), keyed_hex(hash_bytes(longest + "y").view(), "abc"));
}

TEST(HasherTest, GoesOnInTheObjectThatItIsMovedTo) {
  Hasher first;
  first.bytes("a");
  Hasher second = std::move(first);
  Hasher third;
  third = std::move(second);
  EXPECT_EQ(third.bytes("bc").finish(), hash_bytes("abc"));
}

}  // namespace
}  // namespace compiler_cache
