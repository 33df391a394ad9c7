#include "helper/codec.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace compiler_cache {
namespace {

std::string nested(std::size_t depth) { return std::string(depth - 1, '\x91') + '\x90'; }

bool parses(const std::string& bytes) { return Document::parse(bytes).ok(); }

TEST(CodecTest, ValuesComeBackAsTheyWentIn) {
  const std::string binary("a\0b\xff", 4);
  const std::string bytes = Packer()
                                .array(6)
                                .uint(0)
                                .uint(std::numeric_limits<std::uint64_t>::max())
                                .boolean(true)
                                .boolean(false)
                                .bin(binary)
                                .array(0)
                                .take();
  const Result<Document> document = Document::parse(bytes);
  ASSERT_TRUE(document.ok());
  const Node root = document->root();
  ASSERT_EQ(root.size(), 6U);
  std::uint64_t number = 1;
  EXPECT_TRUE(root.at(0).get(number));
  EXPECT_EQ(number, 0U);
  EXPECT_TRUE(root.at(1).get(number));
  EXPECT_EQ(number, std::numeric_limits<std::uint64_t>::max());
  bool truth = false;
  EXPECT_TRUE(root.at(2).get(truth));
  EXPECT_TRUE(truth);
  EXPECT_TRUE(root.at(3).get(truth));
  EXPECT_FALSE(truth);
  std::string text;
  EXPECT_TRUE(root.at(4).get(text));
  EXPECT_EQ(text, binary);
  EXPECT_TRUE(root.at(5).is_array());
  EXPECT_EQ(root.at(5).size(), 0U);
}

TEST(CodecTest, GetterOfAnotherTypeLeavesItsArgumentAlone) {
  const std::string bytes = Packer().array(3).uint(7).bin("text").boolean(true).take();
  const Result<Document> document = Document::parse(bytes);
  ASSERT_TRUE(document.ok());
  const Node root = document->root();
  std::string text = "before";
  std::string_view view = "before";
  std::uint64_t number = 99;
  bool truth = true;
  EXPECT_FALSE(root.at(0).get(text));
  EXPECT_FALSE(root.at(0).get(view));
  EXPECT_FALSE(root.at(1).get(number));
  EXPECT_FALSE(root.at(1).get(truth));
  EXPECT_FALSE(root.at(2).get(number));
  EXPECT_FALSE(root.get(number));
  EXPECT_EQ(text, "before");
  EXPECT_EQ(view, "before");
  EXPECT_EQ(number, 99U);
  EXPECT_TRUE(truth);
}

TEST(CodecTest, NumberThatDoesNotFitIsRefused) {
  const std::string bytes = Packer().array(2).uint(0xffffffff).uint(0x100000000).take();
  const Result<Document> document = Document::parse(bytes);
  ASSERT_TRUE(document.ok());
  std::uint32_t narrow = 5;
  EXPECT_TRUE(document->root().at(0).get(narrow));
  EXPECT_EQ(narrow, 0xffffffffU);
  EXPECT_FALSE(document->root().at(1).get(narrow));
  EXPECT_EQ(narrow, 0xffffffffU);
}

TEST(CodecTest, NegativeNumberIsNoNumberOfOurs) {
  const std::string bytes = "\xff";  // -1
  const Result<Document> document = Document::parse(bytes);
  ASSERT_TRUE(document.ok());
  std::uint64_t number = 5;
  EXPECT_FALSE(document->root().get(number));
}

TEST(CodecTest, IndexOutOfRangeIsAnEmptyNode) {
  const std::string bytes = Packer().array(1).uint(1).take();
  const Result<Document> document = Document::parse(bytes);
  ASSERT_TRUE(document.ok());
  const Node none = document->root().at(1);
  std::uint64_t number = 0;
  EXPECT_FALSE(none.is_array());
  EXPECT_EQ(none.size(), 0U);
  EXPECT_FALSE(none.get(number));
  EXPECT_FALSE(none.at(0).at(7).get(number));
  EXPECT_FALSE(Node().is_array());
}

TEST(CodecTest, TextOfEitherKindIsRead) {
  const std::string bytes =
      "\xa3"
      "abc";  // as a str
  const Result<Document> document = Document::parse(bytes);
  ASSERT_TRUE(document.ok());
  std::string text;
  EXPECT_TRUE(document->root().get(text));
  EXPECT_EQ(text, "abc");
}

TEST(CodecTest, AnythingButExactlyOneValueIsCorrupt) {
  EXPECT_FALSE(parses(""));
  EXPECT_FALSE(parses("\x01\x01"));
  EXPECT_FALSE(parses("\xc1"));  // never used by msgpack
  const std::string good = Packer().array(2).bin("hello").uint(3).take();
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(parses(good.substr(0, size))) << size;
  EXPECT_EQ(Document::parse("\x01\x01").error().kind, ErrorKind::corrupt);
}

TEST(CodecTest, LengthThatTheBytesCannotHoldIsCorrupt) {
  EXPECT_FALSE(parses(std::string("\xdd\xff\xff\xff\xff", 5)));  // an array
  EXPECT_FALSE(
      parses(std::string("\xc6\xff\xff\xff\xff"
                         "abc",
                         8)));  // bin
  EXPECT_FALSE(
      parses(std::string("\xdb\xff\xff\xff\xff"
                         "abc",
                         8)));                                           // str
  EXPECT_FALSE(parses(std::string("\xdf\xff\xff\xff\xff\x01\x01", 7)));  // a map
  EXPECT_FALSE(parses(std::string("\xc9\xff\xff\xff\xff\x01", 6)));      // ext
}

TEST(CodecTest, NestingHasALimit) {
  EXPECT_TRUE(parses(nested(16)));
  EXPECT_FALSE(parses(nested(17)));
  EXPECT_FALSE(parses(nested(100'000)));
}

}  // namespace
}  // namespace compiler_cache
