#include "helper/option_difference.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

using Words = std::vector<std::string>;

/// "-O2>-O3 >-DX -g>" for one that changed, one that came and one that went.
std::string difference(const Words& before, const Words& now) {
  std::vector<Cause> causes;
  add_option_differences(before, now, causes);
  std::string text;
  for (const Cause& cause : causes) {
    EXPECT_EQ(cause.kind, CauseKind::flag_changed);
    text += (text.empty() ? "" : " | ") + cause.subject + cause.from + ">" + cause.to;
  }
  return text;
}

TEST(OptionDifference, NamesOfSourceAndOutputsDoNotCount) {
  EXPECT_EQ(comparable_options({"g++", "-MD", "-MT", "a.o", "-MF", "a.d", "-o", "a.o", "-c", "a.cc"}, "a.cc"),
            (Words{"-MD", "-c"}));
  EXPECT_EQ(comparable_options({"cl", "/Foa.obj", "/Fdx", "/c", "a.cc"}, "a.cc"), (Words{"/c"}));
}

TEST(OptionDifference, AnOptionAndItsValueAreOne) {
  EXPECT_EQ(comparable_options({"g++", "-isystem", "/x", "-I", "y", "-Iz"}, ""),
            (Words{"-isystem /x", "-I y", "-Iz"}));
}

TEST(OptionDifference, WhatCameWhatWentAndWhatHasAnotherValue) {
  EXPECT_EQ(difference({"-O2"}, {"-O2"}), "");
  EXPECT_EQ(difference({"-O2"}, {"-O2", "-DNDEBUG"}), ">-DNDEBUG");
  EXPECT_EQ(difference({"-g", "-Wall"}, {"-Wall"}), "-g>");
  EXPECT_EQ(difference({"-O2", "-c"}, {"-O3", "-c"}), "-O2>-O3");
  EXPECT_EQ(difference({"-std=c++17"}, {"-std=c++20"}), "-std=c++17>-std=c++20");
  EXPECT_EQ(difference({"-DA=1", "-DB"}, {"-DA=2", "-DB"}), "-DA=1>-DA=2");
  EXPECT_EQ(difference({"-D A=1"}, {"-DA=2"}), "-D A=1>-DA=2");
  EXPECT_EQ(difference({"-DA"}, {"-UA"}), "-DA>-UA");
  EXPECT_EQ(difference({"-fpic"}, {"-fno-pic"}), "-fpic>-fno-pic");
  EXPECT_EQ(difference({"-g"}, {"-g3"}), "-g>-g3");
  EXPECT_EQ(difference({"-I/a"}, {"-I/b"}), "-I/a> | >-I/b");
  EXPECT_EQ(difference({"-g"}, {"-O3", "-DNDEBUG"}), "-g> | >-O3 | >-DNDEBUG");
}

TEST(OptionDifference, AnotherOrderCountsWhenNothingElseDoes) {
  EXPECT_EQ(difference({"-I/a", "-I/b"}, {"-I/b", "-I/a"}), "the order of the options>");
  EXPECT_EQ(difference({"-I/a", "-I/b"}, {"-I/b", "-I/a", "-g"}), ">-g");
  EXPECT_EQ(difference({"a.o", "a.o"}, {"a.o"}), "a.o>");
}

TEST(OptionDifference, IsBounded) {
  Words many;
  for (int i = 0; i < 100; ++i) many.push_back("-DX" + std::to_string(i) + "=" + std::string(1000, 'x'));
  std::vector<Cause> causes;
  add_option_differences({}, many, causes);
  EXPECT_EQ(causes.size(), kMaxCauses);
  EXPECT_EQ(causes[0].to.size(), kMaxCauseText);
}

}  // namespace
}  // namespace compiler_cache
