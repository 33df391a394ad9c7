#include "helper/names.h"

#include <gtest/gtest.h>

#include <string>

#include "helper/hasher.h"

namespace compiler_cache {
namespace {

TEST(PathTableTest, EachPathHasOneNumber) {
  PathTable paths;
  const PathId a = paths.intern("/a");
  const PathId b = paths.intern("/b");
  EXPECT_NE(a, b);
  EXPECT_EQ(paths.intern("/a"), a);
  EXPECT_EQ(paths[a], "/a");
  EXPECT_EQ(paths[b], "/b");
  EXPECT_EQ(paths.size(), 2U);
}

TEST(PathTableTest, KeepsItsOwnCopyOfAPath) {
  PathTable paths;
  std::string text = "/short";
  const PathId id = paths.intern(text);
  text = "/other";
  EXPECT_EQ(paths[id], "/short");
  EXPECT_EQ(paths.intern("/short"), id);
}

TEST(PathTableTest, NumbersStayValidWhileItGrows) {
  PathTable paths;
  const std::string& first = paths[paths.intern("/0")];
  for (int i = 0; i < 10'000; ++i) paths.intern("/" + std::to_string(i));
  EXPECT_EQ(first, "/0");
  EXPECT_EQ(paths.intern("/0"), 0U);
  EXPECT_EQ(paths.intern("/9999"), 9'999U);
  EXPECT_EQ(paths.size(), 10'000U);
}

TEST(ContentTableTest, EachContentHasOneNumber) {
  ContentTable contents;
  const ContentId a = contents.intern(hash_bytes("a"));
  const ContentId b = contents.intern(hash_bytes("b"));
  EXPECT_NE(a, b);
  EXPECT_EQ(contents.intern(hash_bytes("a")), a);
  EXPECT_EQ(contents[b], hash_bytes("b"));
  EXPECT_EQ(contents.size(), 2U);
}

}  // namespace
}  // namespace compiler_cache
