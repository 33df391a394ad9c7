#include "depscan/quoted_files.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

using Names = std::vector<std::string>;

TEST(QuotedFiles, TakesTheNameBeforeALineNumberOnce) {
  EXPECT_EQ(
      quoted_files("a.c: In function 'f':\ng.y:3:5: warning: unused\n   3 | text\ng.y:9:1: note: here\n"),
      Names{"g.y"});
}

TEST(QuotedFiles, PassesOverHowTheFileWasReached) {
  EXPECT_EQ(
      quoted_files("In file included from one.h:1,\n                 from two.h:2:\nthree.h:3:1: warning\n"),
      (Names{"one.h", "two.h", "three.h"}));
}

TEST(QuotedFiles, PassesOverColours) {
  EXPECT_EQ(quoted_files("\033[01m\033[Kg.y:3:5:\033[m\033[K \033[01;35m\033[Kwarning\n"), Names{"g.y"});
}

TEST(QuotedFiles, KeepsNamesWithSpacesAndColons) {
  EXPECT_EQ(quoted_files("a folder/x: y.h:12: warning\nC:/x.h:1:2: w\n"),
            (Names{"a folder/x: y.h", "C:/x.h"}));
}

TEST(QuotedFiles, FindsNothingInOtherText) {
  EXPECT_EQ(quoted_files(""), Names{});
  EXPECT_EQ(quoted_files("no location: here\n:\n\033"), Names{});
}

}  // namespace
}  // namespace compiler_cache
