#include "helper/option_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "helper/pass_through.h"
#include "helper/text_split.h"

namespace compiler_cache {
namespace {

constexpr CompilerFamily kFamilies[] = {CompilerFamily::gcc, CompilerFamily::clang};

std::string_view found(std::string_view argument, CompilerFamily family = CompilerFamily::clang) {
  const OptionRow* row = gnu_option_table(family).find(argument);
  return row == nullptr ? std::string_view("none") : row->spelling;
}

TEST(OptionTableTest, NoSpellingHasTwoRows) {
  for (const CompilerFamily family : kFamilies) {
    const std::vector<std::string_view> spellings = gnu_option_table(family).spellings();
    const auto twice = std::adjacent_find(spellings.begin(), spellings.end());
    EXPECT_EQ(twice, spellings.end()) << *twice;
    EXPECT_GT(spellings.size(), 400U);
  }
}

TEST(OptionTableTest, EverySpellingFindsItself) {
  for (const CompilerFamily family : kFamilies) {
    for (const std::string_view spelling : gnu_option_table(family).spellings()) {
      EXPECT_EQ(found(spelling, family), spelling);
    }
  }
}

TEST(OptionTableTest, LongestFittingSpellingWins) {
  EXPECT_EQ(found("-isystem-after"), "-isystem-after");
  EXPECT_EQ(found("-isystem-afte"), "-isystem");
  EXPECT_EQ(found("-include-pch"), "-include-pch");
  EXPECT_EQ(found("-includefoo"), "-include");
  EXPECT_EQ(found("-Wa,x"), "-Wa,");
  EXPECT_EQ(found("-Wall"), "-W");
  EXPECT_EQ(found("-fprofile-use=x"), "-fprofile-use=");
  EXPECT_EQ(found("-fprofile-usex"), "-f");
  EXPECT_EQ(found("-MMDx"), "none");
  EXPECT_EQ(found("-g4"), "none");
  EXPECT_EQ(found(""), "none");
  EXPECT_EQ(found("-"), "none");
}

TEST(OptionTableTest, RowsAreForTheirFamilyOnly) {
  EXPECT_EQ(found("-Xclang", CompilerFamily::clang), "-Xclang");
  EXPECT_EQ(found("-Xclang", CompilerFamily::gcc), "none");
  EXPECT_EQ(found("-dumpbase", CompilerFamily::gcc), "-dumpbase");
  EXPECT_EQ(found("-dumpbase", CompilerFamily::clang), "-d");
}

TEST(OptionTableTest, JoinedRowsOfOneLetterAreFew) {
  // Each takes in every longer option without a row of its own, so each is a decision.
  std::string letters;
  for (const OptionRow& row : gnu_general_rows()) {
    const bool joined = row.style == ValueStyle::joined || row.style == ValueStyle::joined_or_separate;
    if (joined && row.spelling.size() == 2 && row.effect != Effect::refuse) letters += row.spelling[1];
  }
  std::sort(letters.begin(), letters.end());
  EXPECT_EQ(letters, "ABDFGILOUWloxz");
}

TEST(OptionTableTest, HandedOnListsAreSplitAtCommas) {
  EXPECT_EQ(split_at(',', "a,,b"), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split_at(',', ""), (std::vector<std::string_view>{""}));
  EXPECT_EQ(assembler_argument(""), PassThrough::refused);
  EXPECT_EQ(assembler_argument("--defsym"), PassThrough::takes_next);
  EXPECT_EQ(optimizer_argument("--inline-threshold=3"), PassThrough::known);
}

}  // namespace
}  // namespace compiler_cache
