#include "helper/counters.h"

#include <gtest/gtest.h>

#include <limits>

#include "helper/codec.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kNow = 1700000000;

/// One of each outcome.
Counters one_of_each() {
  Counters counters;
  counters.add(RequestResult::hit(HitSource::tree, 100, 2000));
  counters.add(RequestResult::miss(MissReason::first_time, 50));
  counters.add(RequestResult::uncacheable("time-macro"));
  counters.add(RequestResult::error(ErrorReason::internal));
  counters.add(RequestResult::bypassed(BypassReason::disabled));
  counters.rechecked = 3;
  counters.recheck_differences = 2;
  return counters;
}

BuildCounters decoded(const BuildCounters& counters) {
  Result<BuildCounters> result = BuildCounters::decode(counters.encode());
  EXPECT_TRUE(result.ok());
  return result ? *result : BuildCounters();
}

TEST(CountersTest, RequestsAreTheSumOfTheOutcomes) {
  const Counters counters = one_of_each();
  EXPECT_EQ(counters.requests(), 5U);
  EXPECT_EQ(counters.hits, 1U);
  EXPECT_EQ(counters.hit_sources[1], 1U);
  EXPECT_EQ(counters.miss_reasons.at("first-time"), 1U);
  EXPECT_EQ(counters.uncacheable_reasons.at("time-macro"), 1U);
  EXPECT_EQ(counters.error_reasons.at("internal"), 1U);
  EXPECT_EQ(counters.bypass_reasons.at("disabled"), 1U);
  EXPECT_EQ(counters.bytes_restored, 100U);
  EXPECT_EQ(counters.bytes_stored, 50U);
  EXPECT_EQ(counters.time_saved_us, 2000U);
}

TEST(CountersTest, ARecheckIsAMissAndCountedBesides) {
  Counters counters;
  RequestResult result = RequestResult::miss(MissReason::recheck);
  counters.add(result);
  EXPECT_EQ(counters.rechecked, 0U);
  result.rechecked = true;
  counters.add(result);
  EXPECT_EQ(counters.recheck_differences, 0U);
  result.recheck_differed = true;
  counters.add(result);
  EXPECT_EQ(counters.rechecked, 2U);
  EXPECT_EQ(counters.recheck_differences, 1U);
  EXPECT_EQ(counters.requests(), 3U);
  EXPECT_EQ(counters.misses, 3U);
}

TEST(CountersTest, CountersThatKnewNoRechecksAreTaken) {
  Packer packer;
  packer.array(14).uint(1);
  for (std::uint64_t outcome = 1; outcome <= 5; ++outcome) packer.uint(outcome);
  packer.array(1).uint(1);
  for (int reasons = 0; reasons < 4; ++reasons) packer.array(0);
  packer.uint(6).uint(7).uint(8);
  const std::string bytes = packer.take();
  const Result<Document> document = Document::parse(bytes);
  const Result<Counters> counters = Counters::decode(document->root());
  ASSERT_TRUE(counters.ok());
  EXPECT_EQ(counters->misses, 2U);
  EXPECT_EQ(counters->bytes_stored, 8U);
  EXPECT_EQ(counters->rechecked, 0U);
}

TEST(CountersTest, AHitSlowerThanItsCompileTakesNothingAway) {
  Counters counters;
  counters.add(RequestResult::hit(HitSource::memory, 0, 500));
  counters.add(RequestResult::hit(HitSource::memory, 0, -400));
  EXPECT_EQ(counters.time_saved_us, 500U);
}

TEST(CountersTest, MergingAddsEveryFigure) {
  Counters sum = one_of_each();
  sum.merge(one_of_each());
  Counters expected = one_of_each();
  for (std::uint64_t* figure :
       {&expected.hits, &expected.misses, &expected.uncacheable, &expected.errors, &expected.bypassed,
        &expected.hit_sources[1], &expected.time_saved_us, &expected.bytes_restored, &expected.bytes_stored,
        &expected.rechecked, &expected.recheck_differences}) {
    *figure *= 2;
  }
  for (ReasonCounts* reasons : {&expected.miss_reasons, &expected.uncacheable_reasons,
                                &expected.error_reasons, &expected.bypass_reasons}) {
    for (auto& [name, count] : *reasons) count *= 2;
  }
  EXPECT_EQ(sum, expected);
}

TEST(CountersTest, SumsStopAtTheLargestNumber) {
  Counters counters;
  counters.bytes_stored = std::numeric_limits<std::uint64_t>::max() - 1;
  counters.add(RequestResult::miss(MissReason::first_time, 10));
  EXPECT_EQ(counters.bytes_stored, std::numeric_limits<std::uint64_t>::max());
}

TEST(CountersTest, ReasonsBeyondTheLimitAreCountedAsOther) {
  Counters counters;
  for (std::size_t i = 0; i < 2 * kMaxReasons; ++i) {
    counters.add(RequestResult::uncacheable("reason-" + std::to_string(i)));
  }
  EXPECT_EQ(counters.uncacheable_reasons.size(), kMaxReasons);
  EXPECT_EQ(counters.uncacheable_reasons.at("other"), kMaxReasons + 1);
  EXPECT_EQ(counters.uncacheable, 2 * kMaxReasons);
}

TEST(CountersTest, EverythingSurvivesEncoding) {
  BuildCounters counters;
  const std::uint64_t build = counters.begin_build(kNow, {42, 4711});
  counters.add(RequestResult::hit(HitSource::remote, 1, 2), build);
  counters.add(RequestResult::uncacheable("from-the-future"), build);
  const BuildCounters copy = decoded(counters);
  EXPECT_EQ(copy.total(), counters.total());
  EXPECT_EQ(copy.last_build(), counters.last_build());
  EXPECT_EQ(copy.last_build()->started, kNow);
  EXPECT_EQ(copy.last_build()->process, (BuildIdentity{42, 4711}));
}

TEST(CountersTest, EveryTruncationIsCorrupt) {
  BuildCounters counters;
  counters.add(RequestResult::miss(MissReason::first_time), counters.begin_build(kNow));
  const std::string bytes = counters.encode();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Result<BuildCounters> result = BuildCounters::decode(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(result.ok()) << size;
    EXPECT_EQ(result.error().kind, ErrorKind::corrupt) << size;
  }
}

TEST(CountersTest, AChangedByteMakesNoReasonsUp) {
  BuildCounters counters;
  counters.add(RequestResult::miss(MissReason::first_time), counters.begin_build(kNow));
  const std::string good = counters.encode();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bytes = good;
    bytes[i] = static_cast<char>(bytes[i] ^ 0xff);
    const Result<BuildCounters> result = BuildCounters::decode(bytes);
    EXPECT_TRUE(!result || result.value().total().miss_reasons.size() <= 1U) << i;
  }
}

TEST(CountersTest, ANewerVersionIsUnsupportedAndAppendedFieldsAreIgnored) {
  Packer newer;
  newer.array(2).uint(2).boolean(true);
  EXPECT_EQ(BuildCounters::decode(newer.bytes()).error().kind, ErrorKind::unsupported);

  Packer longer;
  longer.array(5).uint(1).uint(1);
  one_of_each().encode(longer);
  longer.array(0).bin("appended");
  const Result<BuildCounters> result = BuildCounters::decode(longer.bytes());
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().total(), one_of_each());
}

TEST(BuildCountersTest, LastBuildIsTheNewestWithARequest) {
  BuildCounters counters;
  EXPECT_FALSE(counters.last_build().has_value());
  const std::uint64_t first = counters.begin_build(kNow);
  EXPECT_FALSE(counters.last_build().has_value());
  counters.add(RequestResult::miss(MissReason::first_time), first);
  EXPECT_FALSE(counters.last_build()->ended);
  counters.end_build(first);
  EXPECT_TRUE(counters.last_build()->ended);

  const std::uint64_t nothing_to_do = counters.begin_build(kNow + 10);
  EXPECT_EQ(counters.last_build()->id, first);
  counters.end_build(nothing_to_do);
  EXPECT_EQ(counters.last_build()->id, first);
}

TEST(BuildCountersTest, ARequestThatEndsAfterItsBuildStillBelongsToIt) {
  BuildCounters counters;
  const std::uint64_t first = counters.begin_build(kNow);
  counters.end_build(first);
  counters.add(RequestResult::miss(MissReason::first_time), first);
  ASSERT_TRUE(counters.last_build().has_value());
  EXPECT_EQ(counters.last_build()->counters.requests(), 1U);
  EXPECT_TRUE(counters.last_build()->ended);

  const std::uint64_t second = counters.begin_build(kNow + 1);
  counters.add(RequestResult::miss(MissReason::first_time), second);
  counters.end_build(second);
  counters.add(RequestResult::hit(HitSource::memory, 0, 0), second);
  counters.add(RequestResult::hit(HitSource::memory, 0, 0), first);
  EXPECT_EQ(counters.last_build()->id, second);
  EXPECT_EQ(counters.last_build()->counters.requests(), 2U);
  EXPECT_EQ(counters.total().requests(), 4U);
}

TEST(BuildCountersTest, OverlappingBuildsAreCountedApart) {
  BuildCounters counters;
  const std::uint64_t older = counters.begin_build(kNow, {10, 1});
  const std::uint64_t newer = counters.begin_build(kNow + 1, {11, 2});
  counters.add(RequestResult::miss(MissReason::first_time), newer);
  counters.add(RequestResult::miss(MissReason::first_time), older);
  counters.add(RequestResult::hit(HitSource::memory, 0, 0), newer);
  EXPECT_EQ(counters.last_build()->id, newer);
  counters.end_build(newer);
  EXPECT_EQ(counters.last_build()->id, newer) << "although the older one still runs";
  counters.end_build(older);
  EXPECT_EQ(counters.total().requests(), 3U);
  EXPECT_EQ(counters.last_build()->id, newer);
  EXPECT_EQ(counters.last_build()->counters.requests(), 2U);
}

TEST(BuildCountersTest, TheSameProcessIsTheSameBuild) {
  BuildCounters counters;
  const std::uint64_t build = counters.begin_build(kNow, {10, 1});
  EXPECT_EQ(counters.begin_build(kNow + 1, {10, 1}), build);
  EXPECT_NE(counters.begin_build(kNow + 1, {10, 2}), build);
  EXPECT_NE(counters.begin_build(kNow), counters.begin_build(kNow)) << "unknown processes are all different";
}

TEST(BuildCountersTest, ABuildGoesOnWhenItsHelperWasReplaced) {
  BuildCounters before;
  const std::uint64_t build = before.begin_build(kNow, {10, 1});
  before.add(RequestResult::miss(MissReason::first_time), build);

  BuildCounters after = decoded(before);
  EXPECT_EQ(after.begin_build(kNow + 5, {10, 1}), build);
  after.add(RequestResult::miss(MissReason::first_time), build);
  EXPECT_EQ(after.last_build()->counters.requests(), 2U);
  EXPECT_EQ(after.total().requests(), 2U);
  EXPECT_NE(decoded(before).begin_build(kNow + 5, {12, 1}), build);
}

TEST(BuildCountersTest, AnEndedBuildIsNotGoneOnWith) {
  BuildCounters before;
  const std::uint64_t build = before.begin_build(kNow, {10, 1});
  before.add(RequestResult::miss(MissReason::first_time), build);
  before.end_build(build);
  EXPECT_NE(decoded(before).begin_build(kNow + 5, {10, 1}), build);
}

TEST(BuildCountersTest, BypassedCallsBelongToTheRunningBuildElseToOneOfTheirOwn) {
  BuildCounters counters;
  const std::uint64_t build = counters.begin_build(kNow);
  counters.add_bypassed({{"no-helper", 2}}, build, kNow + 1);
  EXPECT_EQ(counters.last_build()->id, build);
  EXPECT_EQ(counters.last_build()->counters.bypassed, 2U);
  counters.end_build(build);

  counters.add_bypassed({{"disabled", 3}}, 0, kNow + 2);
  EXPECT_EQ(counters.last_build()->counters.bypassed, 3U);
  EXPECT_EQ(counters.last_build()->started, kNow + 2);
  EXPECT_TRUE(counters.last_build()->ended);
  EXPECT_EQ(counters.total().bypass_reasons, (ReasonCounts{{"disabled", 3}, {"no-helper", 2}}));
}

TEST(BuildCountersTest, NothingBypassedIsNoBuild) {
  BuildCounters counters;
  counters.add_bypassed({}, 0, kNow);
  EXPECT_FALSE(counters.last_build().has_value());
}

}  // namespace
}  // namespace compiler_cache
