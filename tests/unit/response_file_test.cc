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
  Result<Arguments> expand(const Arguments& argv, const ResponseFileLimits& limits = {},
                           CompilerFamily family = CompilerFamily::gcc) {
    const auto reader = [this](const std::string& path) -> Result<std::string> {
      const auto file = files_.find(path);
      if (file == files_.end()) return Error{ErrorKind::not_found, path};
      return file->second;
    };
    return expand_response_files(argv, "/w", family, reader, limits);
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

TEST_F(ResponseFileTest, ClangAndClReadMarkedTexts) {
  files_ = {{"/w/8", "\xef\xbb\xbf-c \xc3\xa9"},
            {"/w/little", std::string("\xff\xfe-\0c\0 \0\xe9\0", 10)},
            {"/w/big", std::string("\xfe\xff\0-\0c\0 \0\xe9", 10)},
            {"/w/pair", std::string("\xff\xfe\x3d\xd8\x00\xde\xac\x20", 8)}};
  for (const CompilerFamily family :
       {CompilerFamily::clang, CompilerFamily::clang_cl, CompilerFamily::msvc}) {
    for (const char* name : {"@8", "@little", "@big"}) {
      EXPECT_EQ(*expand({"cc", name}, {}, family), (Arguments{"cc", "-c", "\xc3\xa9"})) << name;
    }
    EXPECT_EQ(*expand({"cc", "@pair"}, {}, family), (Arguments{"cc", "\xf0\x9f\x98\x80\xe2\x82\xac"}));
  }
}

TEST_F(ResponseFileTest, BrokenUtf16IsAnError) {
  files_ = {{"/w/odd", "\xff\xfe-"},
            {"/w/half", std::string("\xff\xfe\x3d\xd8", 4)},
            {"/w/single", std::string("\xff\xfe\x3d\xd8\x20\x00", 6)},
            {"/w/behind", std::string("\xff\xfe\x00\xde", 4)},
            {"/w/nul", std::string("\xff\xfe\0\0", 4)}};
  for (const char* name : {"@odd", "@half", "@single", "@behind", "@nul"}) {
    EXPECT_EQ(expand({"cc", name}, {}, CompilerFamily::clang_cl).error().kind, ErrorKind::invalid) << name;
  }
}

TEST_F(ResponseFileTest, BackslashesOfWindowsCountBeforeQuotesOnly) {
  const auto windows = [](std::string_view text) { return *split_windows_command_line(text); };
  EXPECT_EQ(windows(" a\tb\r\nc "), (Arguments{"a", "b", "c"}));
  EXPECT_EQ(windows(R"(a\\b c\\ 'd' "e f"g)"), (Arguments{R"(a\\b)", R"(c\\)", "'d'", "e fg"}));
  EXPECT_EQ(windows(R"(a\\"b c" d\\\"e \"f\")"), (Arguments{R"(a\b c)", R"(d\"e)", R"("f")"}));
  EXPECT_EQ(windows(R"("a""b" "" x"")"), (Arguments{R"(a"b)", "", "x"}));
  EXPECT_EQ(windows("a\vb\fc"), Arguments{"a\vb\fc"});
  EXPECT_EQ(windows(""), Arguments{});
  EXPECT_EQ(split_windows_command_line("a \"b").error().kind, ErrorKind::invalid);
  files_ = {{"/w/x", "\"a\\b\" 'c d'"}, {"/w/open", "\"a"}};
  EXPECT_EQ(*expand({"cl", "@x"}, {}, CompilerFamily::msvc), (Arguments{"cl", "a\\b", "'c", "d'"}));
  EXPECT_EQ(expand({"cl", "@open"}, {}, CompilerFamily::clang_cl).error().kind, ErrorKind::invalid);
}

TEST_F(ResponseFileTest, ClangCanBeToldHowToReadThem) {
  using enum CompilerFamily;
  EXPECT_EQ(response_file_dialect({"x"}, clang_cl), clang_cl);
  EXPECT_EQ(response_file_dialect({"x", "--rsp-quoting=posix"}, clang_cl), CompilerFamily::clang);
  EXPECT_EQ(response_file_dialect({"--rsp-quoting=posix", "--rsp-quoting=windows"}, CompilerFamily::clang),
            clang_cl);
  EXPECT_EQ(response_file_dialect({"x", "--rsp-quoting=gnu"}, clang_cl), clang_cl);
  EXPECT_EQ(response_file_dialect({"x", "--rsp-quoting=posix"}, msvc), msvc);
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
