#include "helper/recheck.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"

namespace compiler_cache {
namespace {

TEST(RecheckTest, APercentageIsDigitsFrom0To100) {
  EXPECT_EQ(recheck_percent("0"), 0U);
  EXPECT_EQ(recheck_percent("7"), 7U);
  EXPECT_EQ(recheck_percent("100"), 100U);
  EXPECT_EQ(recheck_percent(""), 0U);
  for (const char* text :
       {"101", "-1", "+5", "5%", " 5", "5 ", "0x5", "5.0", "all", "99999999999999999999"}) {
    EXPECT_EQ(recheck_percent(text), std::nullopt) << text;
  }
}

TEST(RecheckTest, AShareIsSpreadEvenly) {
  const auto taken = [](unsigned percent, int hits) {
    RecheckShare share;
    std::string pattern;
    for (int i = 0; i < hits; ++i) pattern += share.take(percent) ? 'x' : '.';
    return pattern;
  };
  EXPECT_EQ(taken(0, 6), "......");
  EXPECT_EQ(taken(25, 8), "...x...x");
  EXPECT_EQ(taken(50, 6), ".x.x.x");
  EXPECT_EQ(taken(100, 4), "xxxx");
  const std::string third = taken(33, 1000);
  EXPECT_EQ(std::count(third.begin(), third.end(), 'x'), 330);
}

class RecheckDifferenceTest : public testing::Test {
 protected:
  RecheckDifferenceTest() {
    expect(OutputRole::object, "object");
    expect(OutputRole::depfile, "depfile");
    recheck_.kept.artifact.standard_error = hash_bytes("warning");
  }
  void expect(OutputRole role, const std::string& bytes) {
    recheck_.outputs.push_back({role, hash_bytes(bytes)});
    found_.push_back({role, hash_bytes(bytes), bytes});
  }
  void write(OutputRole role, const std::string& bytes) {
    for (CapturedOutput& output : found_) {
      if (output.role == role) output = {role, hash_bytes(bytes), bytes};
    }
  }
  std::string difference(const std::string& standard_output = "",
                         const std::string& standard_error = "warning") const {
    return recheck_difference(recheck_, found_, standard_output, standard_error);
  }

  Recheck recheck_;
  std::vector<CapturedOutput> found_;
};

TEST_F(RecheckDifferenceTest, EqualResultsHaveNone) {
  EXPECT_EQ(difference(), "");
  std::swap(found_[0], found_[1]);
  EXPECT_EQ(difference(), "");
}

TEST_F(RecheckDifferenceTest, EveryOutputCounts) {
  expect(OutputRole::stack_usage, "usage");
  EXPECT_EQ(difference(), "");
  write(OutputRole::stack_usage, "other");
  EXPECT_EQ(difference(), "the .su file");
  write(OutputRole::depfile, "other");
  EXPECT_EQ(difference(), "the depfile");
  write(OutputRole::object, "other");
  EXPECT_EQ(difference(), "the object");
}

TEST_F(RecheckDifferenceTest, WhatIsMissingAndWhatIsNewCount) {
  found_.push_back({OutputRole::split_dwarf, hash_bytes("x"), "x"});
  EXPECT_EQ(difference(), "the .dwo file");
  found_.pop_back();
  found_.pop_back();
  EXPECT_EQ(difference(), "the depfile");
}

TEST_F(RecheckDifferenceTest, WhatIsPrintedCounts) {
  EXPECT_EQ(difference("more"), "standard output");
  EXPECT_EQ(difference("", ""), "standard error");
  EXPECT_EQ(difference("", "error"), "standard error");
}

TEST_F(RecheckDifferenceTest, BytesThatVaryAnywayDoNotCountButTheRestDoes) {
  recheck_.bytes_vary = true;
  write(OutputRole::object, "other");
  EXPECT_EQ(difference(), "");
  EXPECT_EQ(difference("", "other"), "standard error");
  write(OutputRole::depfile, "other");
  EXPECT_EQ(difference(), "the depfile");
  found_.erase(found_.begin());
  EXPECT_EQ(difference(), "the object");
}

TEST(RecheckClaimTest, IsContextInputsAndTimesAndNothingElse) {
  Variant variant;
  variant.inputs = {{"/s/a.cc", hash_bytes("a")}, {"/s/x.h", hash_bytes("x")}};
  const Digest context = hash_bytes("context");
  const Digest claim = claim_of(context, variant);
  Variant same = variant;
  same.absent = {{"/s", "y.h"}};
  same.artifact.compile_us = 7;
  EXPECT_EQ(claim_of(context, same), claim);
  EXPECT_NE(claim_of(hash_bytes("other"), variant), claim);
  Variant content = variant;
  content.inputs[1].content = hash_bytes("y");
  EXPECT_NE(claim_of(context, content), claim);
  Variant path = variant;
  path.inputs[1].path = "/t/x.h";
  EXPECT_NE(claim_of(context, path), claim);
  Variant times = variant;
  times.times = {1, 2};
  EXPECT_NE(claim_of(context, times), claim);
}

}  // namespace
}  // namespace compiler_cache
