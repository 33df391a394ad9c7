#include "helper/unread_contexts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "helper/hasher.h"

namespace compiler_cache {
namespace {

/// Sections here are letters, each of which is a context; a '!' at the end: damaged.
class UnreadContextsTest : public testing::Test {
 protected:
  static Digest digest(char letter) { return hash_bytes(std::string(1, letter)); }
  static std::vector<Digest> digests(std::string_view letters) {
    std::vector<Digest> all;
    for (const char letter : letters) all.push_back(digest(letter));
    return all;
  }
  bool add(std::string_view section) { return unread_.add(digests(section), section.size(), section); }
  std::string take(char letter) {
    std::string taken;
    unread_.take(digest(letter), adopt_to(taken));
    return taken;
  }
  UnreadContexts::Adopt adopt_to(std::string& taken) {
    return [&taken](const Digest& context, const GraphEntry&) {
      for (char letter = 'a'; letter <= 'z'; ++letter) {
        if (digest(letter) == context) taken += letter;
      }
    };
  }

  int unpacked_ = 0;
  UnreadContexts unread_{[this](std::string_view section, const UnreadContexts::Adopt& adopt) {
    ++unpacked_;
    for (const char letter : section) {
      if (letter == '!') return false;
      adopt(digest(letter), {});
    }
    return true;
  }};
};

TEST_F(UnreadContextsTest, OnlyTheSectionThatIsAskedForIsUnpackedAndOnce) {
  ASSERT_TRUE(add("ab") && add("cd"));
  EXPECT_EQ(unpacked_, 0);
  EXPECT_TRUE(unread_.has(digest('a')) && unread_.has(digest('d')));
  EXPECT_EQ(take('x'), "");
  EXPECT_EQ(take('c'), "cd");
  EXPECT_EQ(take('d'), "");
  EXPECT_EQ(unpacked_, 1);
  EXPECT_FALSE(unread_.has(digest('c')) || unread_.has(digest('d')));
  EXPECT_EQ(unread_.count(), 2U);
  EXPECT_EQ(unread_.variants(), 2U);
}

TEST_F(UnreadContextsTest, TheRestIsTakenAtOnce) {
  ASSERT_TRUE(add("ab") && add("cd") && add("ef"));
  take('d');
  std::string taken;
  unread_.take_all(adopt_to(taken));
  EXPECT_EQ(taken, "abef");
  EXPECT_EQ(unread_.count(), 0U);
  EXPECT_EQ(unread_.variants(), 0U);
}

TEST_F(UnreadContextsTest, AContextIsInOneSection) {
  ASSERT_TRUE(add("ab"));
  EXPECT_FALSE(add("cb"));
}

TEST_F(UnreadContextsTest, OfADamagedSectionNothingIsTakenAndItsContextsAreUnknown) {
  ASSERT_TRUE(add("ab!") && add("cd"));
  EXPECT_EQ(take('a'), "");
  EXPECT_FALSE(unread_.has(digest('a')) || unread_.has(digest('b')));
  EXPECT_EQ(take('c'), "cd");
}

TEST_F(UnreadContextsTest, WhatWasNotAnnouncedIsNotTaken) {
  ASSERT_TRUE(unread_.add(digests("ay"), 2, "abd"));  // and y is not there
  ASSERT_TRUE(add("d"));
  EXPECT_EQ(take('a'), "a");
  EXPECT_FALSE(unread_.has(digest('y')));
  EXPECT_EQ(take('d'), "d");
}

}  // namespace
}  // namespace compiler_cache
