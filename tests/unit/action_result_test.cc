#include "helper/action_result.h"

#include <gtest/gtest.h>

#include <string>

namespace compiler_cache {
namespace {

TEST(ActionResultTest, ComesBackWhateverItsLength) {
  for (const std::size_t size : {0, 1, 127, 128, 20'000, 3'000'000}) {
    const std::string text(size, 't');
    EXPECT_EQ(*unwrap_action_result(wrap_action_result(text)), text) << size;
  }
}

TEST(ActionResultTest, IsTheMessageThatOthersRead) {  // as protoc --encode writes it
  EXPECT_EQ(wrap_action_result("abc"),
            "\x2a\x03"
            "abc");
}

TEST(ActionResultTest, WhatAServerAddsIsPassedOver) {
  const std::string others(
      "\x12\x02zz"
      "\x20\x96\x01"
      "\x39"
      "12345678"
      "\x45"
      "1234",
      21);
  EXPECT_EQ(*unwrap_action_result(others + wrap_action_result("abc") + others), "abc");
}

TEST(ActionResultTest, AnythingElseIsCorrupt) {
  for (const std::string& text : {std::string(), std::string("<html>no such page</html>"),
                                  std::string("\x2a\x05"
                                              "abc"),
                                  std::string("\x2a"), std::string(11, '\xff'), std::string("\x12\x02zz")}) {
    const Result<std::string> result = unwrap_action_result(text);
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.error().kind, ErrorKind::corrupt);
  }
}

}  // namespace
}  // namespace compiler_cache
