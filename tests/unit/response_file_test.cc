#include "helper/response_file.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace compiler_cache {
namespace {

using Arguments = std::vector<std::string>;

class ResponseFileTest : public testing::Test {
 protected:
  Result<Arguments> expand(const Arguments& argv, const ResponseFileLimits& limits = {}) {
    const auto reader = [this](const std::string& path) -> Result<std::string> {
      const auto file = files_.find(path);
      if (file == files_.end()) return Error{ErrorKind::not_found, path};
      return file->second;
    };
    return expand_response_files(argv, "/w", CompilerFamily::gcc, reader, limits);
  }

  std::map<std::string, std::string> files_;
};

Arguments gcc(std::string_view text) { return split_response_file(text, CompilerFamily::gcc); }
Arguments clang(std::string_view text) { return split_response_file(text, CompilerFamily::clang); }

TEST_F(ResponseFileTest, WhiteSpaceSeparates) {
  EXPECT_EQ(gcc(" a\tb\r\nc  d \n"), (Arguments{"a", "b", "c", "d"}));
  EXPECT_EQ(gcc(""), Arguments{});
  EXPECT_EQ(gcc(" \n"), Arguments{});
}

TEST_F(ResponseFileTest, QuotesKeepSpaces) {
  EXPECT_EQ(gcc("'a b' \"c d\" e'f 'g"), (Arguments{"a b", "c d", "ef g"}));
  EXPECT_EQ(gcc("'a\"b' \"c'd\""), (Arguments{"a\"b", "c'd"}));
  EXPECT_EQ(gcc("\"open end"), (Arguments{"open end"}));
}

TEST_F(ResponseFileTest, BackslashTakesTheNextCharacterEverywhere) {
  EXPECT_EQ(gcc(R"(a\ b \"c\" 'd\'e' "f\\g")"), (Arguments{"a b", "\"c\"", "d'e", "f\\g"}));
  EXPECT_EQ(gcc("a\\\nb"), (Arguments{"a\nb"}));
}

TEST_F(ResponseFileTest, CompilersDifferInCorners) {
  EXPECT_EQ(gcc("a \"\" b"), (Arguments{"a", "", "b"}));
  EXPECT_EQ(clang("a \"\" b"), (Arguments{"a", "b"}));
  EXPECT_EQ(gcc("a\vb"), (Arguments{"a", "b"}));
  EXPECT_EQ(clang("a\vb"), (Arguments{"a\vb"}));
  EXPECT_EQ(gcc("a\\"), (Arguments{"a"}));
  EXPECT_EQ(clang("a\\"), (Arguments{"a\\"}));
}

TEST_F(ResponseFileTest, FilesAreExpandedInPlaceAndNested) {
  files_ = {{"/w/x", "b @s/y e"}, {"/w/s/y", "c @y2"}, {"/w/y2", "d"}};
  const Result<Arguments> expanded = expand({"cc", "a", "@x", "f"});
  ASSERT_TRUE(expanded.ok());
  EXPECT_EQ(*expanded, (Arguments{"cc", "a", "b", "c", "d", "e", "f"}));
}

TEST_F(ResponseFileTest, SameFileTwiceIsNoCycle) {
  files_ = {{"/w/x", "b"}};
  EXPECT_EQ(*expand({"cc", "@x", "@/w/x"}), (Arguments{"cc", "b", "b"}));
}

TEST_F(ResponseFileTest, CyclesAndMissingFilesAreErrors) {
  files_ = {{"/w/x", "@y"}, {"/w/y", "@x"}};
  EXPECT_EQ(expand({"cc", "@x"}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(expand({"cc", "@z"}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(expand({"cc", "@"}).error().kind, ErrorKind::not_found);
}

TEST_F(ResponseFileTest, TextThatCompilersReadDifferentlyIsAnError) {
  files_ = {{"/w/x", std::string("a\0b", 3)}, {"/w/y", "\xef\xbb\xbf-c"}, {"/w/z", "\xff\xfe-"}};
  for (const char* name : {"@x", "@y", "@z"}) {
    EXPECT_EQ(expand({"cc", name}).error().kind, ErrorKind::invalid) << name;
  }
}

TEST_F(ResponseFileTest, LimitsHold) {
  files_ = {{"/w/a", "@b"}, {"/w/b", "@c"}, {"/w/c", "x y z"}};
  EXPECT_TRUE(expand({"cc", "@a"}, {9, 4, 3}).ok());
  EXPECT_EQ(expand({"cc", "@a"}, {8, 4, 3}).error().kind, ErrorKind::too_large);
  EXPECT_EQ(expand({"cc", "@a"}, {9, 3, 3}).error().kind, ErrorKind::too_large);
  EXPECT_EQ(expand({"cc", "@a"}, {9, 4, 2}).error().kind, ErrorKind::too_large);
}

}  // namespace
}  // namespace compiler_cache
