#include "helper/content_address.h"

#include <gtest/gtest.h>

#include <string>

namespace compiler_cache {
namespace {

// The examples of FIPS 180-4.
TEST(ContentAddressTest, IsSha256) {
  if (!addresses_are_sha256()) GTEST_SKIP() << "built without OpenSSL";
  EXPECT_EQ(content_address("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(content_address("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(content_address("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(content_address(std::string(1'000'000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace compiler_cache
