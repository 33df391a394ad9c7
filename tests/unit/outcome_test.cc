#include "helper/outcome.h"

#include <gtest/gtest.h>

#include <set>

#include "helper/uncacheable_reason.h"

namespace compiler_cache {
namespace {

bool is_kebab_case(std::string_view name) {
  if (name.empty() || name.front() == '-' || name.back() == '-') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos;
}

template <class Rows>
void expect_usable(Outcome outcome, const Rows& rows) {
  std::set<std::string_view> names;
  for (const auto& row : rows) {
    EXPECT_TRUE(is_kebab_case(row.name)) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name << " is there twice";
    EXPECT_FALSE(std::string_view(row.sentence).empty()) << row.name;
    EXPECT_EQ(sentence_of(outcome, row.name), row.sentence);
    EXPECT_EQ(std::string_view(name_of(row.reason)), row.name);
  }
}

TEST(OutcomeTest, EveryReasonHasItsOwnNameAndASentence) {
  expect_usable(Outcome::miss, miss_reasons());
  expect_usable(Outcome::error, error_reasons());
  expect_usable(Outcome::bypassed, bypass_reasons());
}

TEST(OutcomeTest, SentencesOfRefusalsComeFromTheirOwnList) {
  EXPECT_EQ(sentence_of(Outcome::uncacheable, to_string(UncacheableReason::time_macro)),
            describe(UncacheableReason::time_macro).sentence);
}

TEST(OutcomeTest, EveryRefusalSaysWhatHappenedAndWhatToDo) {
  std::set<std::string_view> names;
  for (const UncacheableReasonText& row : kUncacheableReasons) {
    EXPECT_TRUE(is_kebab_case(row.name)) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name << " is there twice";
    EXPECT_FALSE(row.sentence.empty()) << row.name;
    EXPECT_FALSE(row.hint.empty()) << row.name;
  }
}

TEST(OutcomeTest, NamesOfOtherVersionsHaveNoSentence) {
  EXPECT_TRUE(sentence_of(Outcome::miss, "from-the-future").empty());
  EXPECT_TRUE(sentence_of(Outcome::hit, "first-time").empty());
}

TEST(OutcomeTest, AResultCarriesTheReasonOfItsOutcome) {
  EXPECT_EQ(RequestResult::miss(MissReason::blob_gone).reason, "blob-gone");
  EXPECT_EQ(RequestResult::error(ErrorReason::launcher_gone).outcome, Outcome::error);
  EXPECT_EQ(RequestResult::bypassed(BypassReason::other_user).reason, "other-user");
  EXPECT_EQ(RequestResult::uncacheable("time-macro").outcome, Outcome::uncacheable);
  const RequestResult hit = RequestResult::hit(HitSource::shared, 10, -5);
  EXPECT_EQ(hit.source, HitSource::shared);
  EXPECT_TRUE(hit.reason.empty());
}

}  // namespace
}  // namespace compiler_cache
