#include "helper/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace compiler_cache {
namespace {

std::string written(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonTextTest, PlainTextIsQuoted) {
  EXPECT_EQ(written(""), "\"\"");
  EXPECT_EQ(written("a/b c"), "\"a/b c\"");
  EXPECT_EQ(written("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

TEST(JsonTextTest, WhatJsonForbidsIsEscaped) {
  EXPECT_EQ(written("\"\\\n\t\r\b\f"), R"("\"\\\n\t\r\b\f")");
  EXPECT_EQ(written(std::string_view("\0\x1f", 2)), R"("\u0000\u001f")");
}

TEST(JsonTextTest, BytesThatAreNoUtf8AreReplaced) {
  const std::string mark = "\xef\xbf\xbd";
  EXPECT_EQ(written("a\xff"), "\"a" + mark + "\"");
  EXPECT_EQ(written("\xc3"), "\"" + mark + "\"");
  EXPECT_EQ(written("\xc0\xaf"), "\"" + mark + mark + "\"") << "overlong";
  EXPECT_EQ(written("\xed\xa0\x80"), "\"" + mark + mark + mark + "\"") << "surrogate";
  EXPECT_EQ(written("\xf4\x90\x80\x80"), "\"" + mark + mark + mark + mark + "\"") << "beyond Unicode";
}

TEST(JsonTextTest, AParserReadsEveryPairOfBytesBack) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second)};
      const nlohmann::json value = nlohmann::json::parse(written(text), nullptr, false);
      ASSERT_TRUE(value.is_string()) << first << " " << second;
      if (first < 128 && second < 128) {
        ASSERT_EQ(value.get<std::string>(), text);
      }
    }
  }
}

}  // namespace
}  // namespace compiler_cache
