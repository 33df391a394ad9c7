#include "helper/root_tokens.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

const RootTokens kRoots("/home/me/project", "/home/me/project/build");

TEST(RootTokensTest, PathsBelowARootHaveItsTokenTheBuildTreeFirst) {
  EXPECT_EQ(kRoots.to_token("/home/me/project/x.h"), "@s/x.h");
  EXPECT_EQ(kRoots.to_token("/home/me/project/build/x.h"), "@b/x.h");
  EXPECT_EQ(kRoots.to_token("/home/me/project"), "@s");
  EXPECT_EQ(kRoots.to_token("/usr/include/x.h"), "/usr/include/x.h");
}

TEST(RootTokensTest, WhatLeavesItsRootOrIsRelativeHasNone) {
  EXPECT_EQ(kRoots.to_token("/home/me/project/build/../x.h"), std::nullopt);
  EXPECT_EQ(kRoots.to_token("/home/me/project/a/../../x.h"), std::nullopt);
  EXPECT_EQ(kRoots.to_token("/home/me/project/a/../x.h"), "@s/a/../x.h");
  EXPECT_EQ(kRoots.to_token("x.h"), std::nullopt);
}

TEST(RootTokensTest, TokensBecomePathsOfOtherRoots) {
  const RootTokens other("/src", "/tmp/b");
  EXPECT_EQ(other.from_token("@s/x.h"), "/src/x.h");
  EXPECT_EQ(other.from_token("@b"), "/tmp/b");
  EXPECT_EQ(other.from_token("/usr/include/x.h"), "/usr/include/x.h");
  for (const char* text : {"x.h", "@c/x.h", "@sx.h", "@s/../x.h", "@", ""})
    EXPECT_EQ(other.from_token(text), std::nullopt) << text;
}

TEST(RootTokensTest, PathsThatBeginLikeARootHaveNoTokenAndAreNoneOf) {
  EXPECT_EQ(kRoots.to_token("/home/me/project2/x.h"), std::nullopt);
  EXPECT_EQ(RootTokens("/a/b", "/c").from_token("/a/b2/x.h"), std::nullopt);
  EXPECT_EQ(kRoots.from_token("/home/me/project.h"), std::nullopt);
  EXPECT_EQ(kRoots.to_token("/home/me/projec/x.h"), "/home/me/projec/x.h");
}

TEST(RootTokensTest, ARootIsFoundAnywhereInAText) {
  EXPECT_TRUE(kRoots.mentioned_in("x/home/me/projectile"));
  EXPECT_FALSE(kRoots.mentioned_in("/home/me/other"));
  const RootTokens one_name("/src", "/out");
  EXPECT_TRUE(one_name.mentioned_in("in \"/src/x.h\""));
  EXPECT_TRUE(one_name.mentioned_in(std::string_view("\0/out", 5)));
  EXPECT_FALSE(one_name.mentioned_in("/project/src/x.h"));
}

TEST(RootTokensTest, NothingIsToldByRootsThatAreNone) {
  EXPECT_TRUE(kRoots.usable());
  EXPECT_FALSE(RootTokens("/", "/build").usable());
  EXPECT_FALSE(RootTokens("", "/build").usable());
  EXPECT_FALSE(RootTokens("/a/../b", "/build").usable());
}

TEST(RootTokensTest, LayoutSaysHowOneRootLiesInTheOther) {
  EXPECT_EQ(kRoots.layout(), "build/build");
  EXPECT_EQ(RootTokens("/b/source", "/b").layout(), "source/source");
  EXPECT_EQ(RootTokens("/a", "/b").layout(), "");
  EXPECT_NE(RootTokens("/a", "/a").layout(), "");
}

}  // namespace
}  // namespace compiler_cache
