#include "helper/include_chain.h"

#include <gtest/gtest.h>

#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

/// "a.h" or <a.h>, with a ? behind it when it is conditional.
std::string lines(std::string_view text) {
  std::string all;
  for (const IncludeLine& line : include_lines(text)) {
    all += (all.empty() ? "" : " ") + (line.quoted ? "\"" + line.name + "\"" : "<" + line.name + ">");
    if (line.conditional) all += "?";
  }
  return all;
}

TEST(IncludeLines, AreFoundAsTheyAreWritten) {
  EXPECT_EQ(lines("#include \"a.h\"\n # include <b/c.h>\n#import \"d.h\" // x\nint include;\n"),
            "\"a.h\" <b/c.h> \"d.h\"");
}

TEST(IncludeLines, ComputedOnesAndThoseInCommentsAreNot) {
  EXPECT_EQ(lines("#include NAME\n// #include \"a.h\"\n/* \n#include \"b.h\"\n*/ #include \"c.h\"\n"),
            "\"c.h\"");
  EXPECT_EQ(lines("const char* s = \"/*\";\n#include \"a.h\"\n"), "\"a.h\"");
}

TEST(IncludeLines, AGuardIsNoCondition) {
  EXPECT_EQ(lines("#ifndef X\n#define X\n#include \"a.h\"\n#if Y\n#include \"b.h\"\n#endif\n#endif\n"),
            "\"a.h\" \"b.h\"?");
  EXPECT_EQ(lines("#pragma once\n#if Y\n#include \"b.h\"\n#endif\n#include \"c.h\"\n"), "\"b.h\"? \"c.h\"");
  EXPECT_EQ(lines("#ifndef X\n#include \"a.h\"\n#endif\n"), "\"a.h\"?");
}

class IncludeChainTest : public testing::Test {
 protected:
  void put(const std::string& path, const std::string& text) {
    disk_.put(path, text);
    inputs_.push_back(path);
  }
  /// "through x, y", with a ? before it when it is not certain; "none" when there is none.
  std::string chain(const std::string& header) {
    const IncludeChain found = find_include_chain(disk_, "/s/a.cc", header, inputs_);
    if (!found.found) return "none";
    std::string text = found.certain ? "through" : "?through";
    for (const std::string& path : found.through) text += " " + path;
    return text;
  }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  std::vector<std::string> inputs_;
};

TEST_F(IncludeChainTest, TheShortestWayIsTold) {
  put("/s/a.cc", "#include \"x.h\"\n#include <lib/y.h>\n");
  put("/s/x.h", "#include \"z.h\"\n");
  put("/s/z.h", "#include \"config.h\"\n");
  put("/i/lib/y.h", "#include \"../config.h\"\n");
  put("/s/config.h", "");
  EXPECT_EQ(chain("/s/config.h"), "through /s/x.h /s/z.h");
  EXPECT_EQ(chain("/s/x.h"), "through");
  EXPECT_EQ(chain("/s/unknown.h"), "none");
}

TEST_F(IncludeChainTest, AWayWithoutConditionsIsPreferredAndOthersAreMarked) {
  put("/s/a.cc", "#if X\n#include \"config.h\"\n#endif\n#include \"x.h\"\n#if Y\n#include \"w.h\"\n#endif\n");
  put("/s/x.h", "#include \"config.h\"\n");
  put("/s/config.h", "");
  put("/s/w.h", "");
  EXPECT_EQ(chain("/s/config.h"), "through /s/x.h");
  EXPECT_EQ(chain("/s/w.h"), "?through");
}

TEST_F(IncludeChainTest, ANameThatSeveralFilesHaveIsNotFollowed) {
  put("/s/a.cc", "#include <x.h>\n");
  put("/j/x.h", "");
  put("/i/x.h", "#include \"config.h\"\n");
  put("/i/config.h", "");
  EXPECT_EQ(chain("/i/config.h"), "none");
}

TEST_F(IncludeChainTest, FilesThatIncludeEachOtherEnd) {
  put("/s/a.cc", "#include \"x.h\"\n");
  put("/s/x.h", "#include \"y.h\"\n");
  put("/s/y.h", "#include \"x.h\"\n");
  EXPECT_EQ(chain("/s/none.h"), "none");
}

}  // namespace
}  // namespace compiler_cache
