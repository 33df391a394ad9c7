#include "helper/header_costs.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

class HeaderCostsTest : public testing::Test {
 protected:
  void unit(std::uint64_t context, std::uint64_t compile_us, const std::vector<std::string>& inputs) {
    RecordedInputs::Unit& one = inputs_.units.emplace_back();
    one.context = context;
    one.compile_us = compile_us;
    for (const std::string& input : inputs) one.inputs.push_back(inputs_.paths.intern(input));
  }
  static StepRecord step(BuildSteps& build, const std::string& output, std::uint64_t context) {
    StepRecord one;
    one.output = build.intern(output);
    one.context = context;
    return one;
  }
  /// path, units, time of each
  std::vector<std::string> rows(std::size_t limit = 100) {
    costs_ = header_costs(inputs_, current_, limit);
    std::vector<std::string> texts;
    for (const HeaderCost& cost : costs_.headers) {
      texts.push_back(cost.path + " " + std::to_string(cost.units) + " " + std::to_string(cost.compile_us));
    }
    return texts;
  }

  using Rows = std::vector<std::string>;

  RecordedInputs inputs_;
  CurrentContexts current_;
  HeaderCosts costs_;
};

TEST_F(HeaderCostsTest, AHeaderCostsWhatAllUnitsTakeThatReadIt) {
  unit(1, 100, {"/s/a.cc", "/s/x.h", "/s/y.h"});
  unit(2, 50, {"/s/b.cc", "/s/x.h"});
  EXPECT_EQ(rows(), (Rows{"/s/x.h 2 150", "/s/y.h 1 100"}));
  EXPECT_EQ(costs_.units, 2U);
  EXPECT_EQ(costs_.compile_us, 150U);
}

TEST_F(HeaderCostsTest, ItIsOneHeaderHoweverAUnitCameToIt) {
  unit(1, 100, {"/s/a.cc", "/s/./x.h"});
  unit(2, 50, {"/s/b.cc", "/s/x.h"});
  EXPECT_EQ(rows(), (Rows{"/s/x.h 2 150"}));
}

TEST_F(HeaderCostsTest, ArchivesAndLinksReadNoHeaders) {
  unit(1, 100, {"/b/a.o", "/b/b.o"});
  unit(2, 100, {});
  EXPECT_TRUE(rows().empty());
}

TEST_F(HeaderCostsTest, OldContextsOfASourceDoNotCount) {
  unit(1, 100, {"/s/a.cc", "/s/x.h"});
  unit(2, 30, {"/s/a.cc", "/s/x.h"});
  unit(3, 40, {"/s/a.cc", "/s/x.h"});
  BuildSteps newest;
  newest.steps = {step(newest, "/b/debug/a.o", 9), step(newest, "/b/debug/a.o", 2)};
  BuildSteps older;
  older.steps = {step(older, "/b/debug/a.o", 1), step(older, "/b/release/a.o", 3)};
  current_.add(newest);
  current_.add(older);
  EXPECT_EQ(rows(), (Rows{"/s/x.h 2 70"}));
}

TEST_F(HeaderCostsTest, ASourceOfWhichNoStepIsKnownCountsOnce) {
  unit(1, 30, {"/s/a.cc", "/s/x.h"});
  unit(2, 100, {"/s/a.cc", "/s/x.h"});
  EXPECT_EQ(rows(), (Rows{"/s/x.h 1 100"}));
}

TEST_F(HeaderCostsTest, TheCheapestAreLeftOutAndCounted) {
  unit(1, 100, {"/s/a.cc", "/s/x.h", "/s/y.h"});
  unit(2, 50, {"/s/b.cc", "/s/x.h"});
  EXPECT_EQ(rows(1), (Rows{"/s/x.h 2 150"}));
  EXPECT_EQ(costs_.left_out, 1U);
}

}  // namespace
}  // namespace compiler_cache
