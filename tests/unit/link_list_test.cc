#include "depscan/link_list.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

using Names = std::vector<std::string>;

TEST(LinkListTest, NamesAreThoseOfTheFirstRule) {
  EXPECT_EQ(
      parse_link_list("a.out: \\\n  /lib/crt1.o \\\n  x.o \\\n  x.o \\\n  libm.so\n\n/lib/crt1.o:\n\nx.o:\n"),
      (Names{"/lib/crt1.o", "x.o", "libm.so"}));
  EXPECT_EQ(parse_link_list("x: \\\n a.o\n\na.o:\n"), Names{"a.o"});
}

TEST(LinkListTest, ABlankInANameIsPartOfIt) {
  EXPECT_EQ(parse_link_list("x: \\\n  sp ace/y z.o \\\n  b.o\n"), (Names{"sp ace/y z.o", "b.o"}));
}

TEST(LinkListTest, WhatIsNoListNamesNothing) {
  EXPECT_EQ(parse_link_list(""), Names{});
  EXPECT_EQ(parse_link_list("x:"), Names{});
  EXPECT_EQ(parse_link_list("x: \\\n"), Names{});
  EXPECT_EQ(parse_link_list("x:\nrest"), Names{});
}

TEST(LinkListTest, EscapesOfMakefilesAreUndone) {
  EXPECT_EQ(unescaped_link_name("sp\\ ace/y\\#z$$.o"), "sp ace/y#z$.o");
  EXPECT_EQ(unescaped_link_name("back\\slash.o"), "back\\slash.o");
  EXPECT_EQ(unescaped_link_name("end\\"), "end\\");
  EXPECT_EQ(unescaped_link_name("one$"), "one$");
}

}  // namespace
}  // namespace compiler_cache
