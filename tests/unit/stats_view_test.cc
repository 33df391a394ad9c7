#include "helper/stats_view.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>
#include <vector>

namespace compiler_cache {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The line that starts with `label`, with runs of spaces squeezed.
std::string line_of(const std::string& text, const std::string& label) {
  for (const std::string& line : lines_of(text)) {
    if (!line.starts_with(label + "  ")) continue;
    std::string squeezed;
    for (char c : line) {
      if (c != ' ' || squeezed.empty() || squeezed.back() != ' ') squeezed.push_back(c);
    }
    return squeezed;
  }
  return "";
}

TEST(StatsViewTest, ShowsLastBuildBesideTotal) {
  StatsReport report;
  report.total.add(RequestResult::hit(HitSource::tree, 2048, 90'000'000));
  report.total.add(RequestResult::hit(HitSource::memory, 0, 0));
  report.total.add(RequestResult::miss(MissReason::first_time, 100));
  report.last_build.emplace().counters.add(RequestResult::hit(HitSource::memory, 0, 0));
  const std::string table = stats_table(report);
  EXPECT_EQ(line_of(table, "requests"), "requests 1 3");
  EXPECT_EQ(line_of(table, "hits"), "hits 1 2");
  EXPECT_EQ(line_of(table, "  from memory"), " from memory 1 1");
  EXPECT_EQ(line_of(table, "  from tree"), " from tree 0 1");
  EXPECT_EQ(line_of(table, "misses"), "misses 0 1");
  EXPECT_EQ(line_of(table, "  never compiled this way before"), " never compiled this way before 0 1");
  EXPECT_EQ(line_of(table, "hit rate of what can be cached"),
            "hit rate of what can be cached 100.0 % 66.6 %");
  EXPECT_EQ(line_of(table, "time saved"), "time saved 0 ms 1 min 30 s");
  EXPECT_EQ(line_of(table, "restored"), "restored 0 B 2.0 KiB");
  EXPECT_EQ(line_of(table, "stored"), "stored 0 B 100 B");
}

TEST(StatsViewTest, WhatLinksSavedStandsUnderThem) {
  StatsReport report;
  RequestResult link = RequestResult::miss(MissReason::first_time);
  link.step = StepKind::link;
  report.total.add(link);
  EXPECT_EQ(line_of(stats_table(report), "  time saved"), "");
  link = RequestResult::hit(HitSource::tree, 2048, 3'600'000);
  link.step = StepKind::link;
  report.total.add(link);
  report.last_build.emplace().counters.add(link);
  const std::string table = stats_table(report);
  EXPECT_EQ(line_of(table, "links"), "links 1 2");
  EXPECT_EQ(line_of(table, "  from the cache"), " from the cache 1 1");
  EXPECT_EQ(line_of(table, "  time saved"), " time saved 3.6 s 3.6 s");
  EXPECT_EQ(line_of(table, "time saved"), "time saved 0 ms 0 ms");
}

TEST(StatsViewTest, ADifferenceThatARecheckFoundIsLoud) {
  StatsReport report;
  RequestResult recheck = RequestResult::miss(MissReason::recheck);
  recheck.rechecked = true;
  report.total.add(recheck);
  EXPECT_EQ(stats_table(report).find("WRONG"), std::string::npos);
  recheck.recheck_differed = true;
  report.total.add(recheck);
  const std::string table = stats_table(report);
  EXPECT_EQ(line_of(table, "hits that were compiled again and compared"),
            "hits that were compiled again and compared 0 2");
  EXPECT_EQ(line_of(table, "  WRONG: the compiler's result was another one"),
            " WRONG: the compiler's result was another one 0 1");
}

TEST(StatsViewTest, EveryLineIsOfTheSameWidth) {
  StatsReport report;
  for (int i = 0; i < 12345; ++i) report.total.add(RequestResult::uncacheable("time-macro"));
  const std::vector<std::string> lines = lines_of(stats_table(report));
  for (const std::string& line : lines) EXPECT_EQ(line.size(), lines.front().size()) << line;
}

TEST(StatsViewTest, WhatNeverHappenedTakesNoLine) {
  const std::string table = stats_table(StatsReport{});
  EXPECT_EQ(line_of(table, "errors"), "");
  EXPECT_EQ(line_of(table, "compiled without the cache"), "");
  EXPECT_EQ(line_of(table, "requests"), "requests 0 0");
  EXPECT_EQ(line_of(table, "hit rate of what can be cached"), "hit rate of what can be cached - -");
}

TEST(StatsViewTest, TheMostFrequentReasonComesFirst) {
  StatsReport report;
  report.total.add(RequestResult::miss(MissReason::blob_gone));
  for (int i = 0; i < 3; ++i) report.total.add(RequestResult::miss(MissReason::recheck));
  const std::string table = stats_table(report);
  EXPECT_LT(table.find("compiled again to check the cache"), table.find("evicted"));
}

TEST(StatsViewTest, AReasonOfAnotherVersionIsShownByItsName) {
  StatsReport report;
  report.total.add(RequestResult::uncacheable("from-the-future"));
  EXPECT_EQ(line_of(stats_table(report), "  from-the-future"), " from-the-future 0 1");
}

TEST(StatsViewTest, AHitRateIsNeverRoundedUpToAll) {
  StatsReport report;
  for (int i = 0; i < 9999; ++i) report.total.add(RequestResult::hit(HitSource::memory, 0, 0));
  report.total.add(RequestResult::miss(MissReason::first_time));
  EXPECT_EQ(line_of(stats_table(report), "hit rate of what can be cached"),
            "hit rate of what can be cached - 99.9 %");
}

TEST(StatsViewTest, AmountsHaveReadableUnits) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(1023), "1023 B");
  EXPECT_EQ(human_bytes(1536), "1.5 KiB");
  EXPECT_EQ(human_bytes((1U << 20) - 1), "1.0 MiB");
  EXPECT_EQ(human_bytes(std::numeric_limits<std::uint64_t>::max()), "16.0 EiB");
  EXPECT_EQ(human_microseconds(0), "0 ms");
  EXPECT_EQ(human_microseconds(999'999), "999 ms");
  EXPECT_EQ(human_microseconds(1'250'000), "1.2 s");
  EXPECT_EQ(human_microseconds(59'990'000), "59.9 s");
  EXPECT_EQ(human_microseconds(61'000'000), "1 min 1 s");
  EXPECT_EQ(human_microseconds(7'800'000'000), "2 h 10 min");
}

TEST(StatsViewTest, RecentBuildsAreAColumnOfTheirOwnWhereThereAreSeveral) {
  StatsReport report;
  for (int i = 0; i < 9; ++i) report.total.add(RequestResult::hit(HitSource::memory, 0, 0));
  report.recent.add(RequestResult::hit(HitSource::memory, 0, 0));
  report.recent.add(RequestResult::uncacheable("time-macro"));
  report.recent_builds = 1;
  EXPECT_EQ(line_of(stats_table(report), "requests"), "requests 0 9");
  report.recent_builds = 3;
  const std::string table = stats_table(report);
  EXPECT_NE(lines_of(table).front().find("last build   last 3"), std::string::npos) << table;
  EXPECT_EQ(line_of(table, "requests"), "requests 0 2 9");
  EXPECT_EQ(line_of(table, "coverage: can be cached, of all"),
            "coverage: can be cached, of all - 50.0 % 100.0 %");
}

TEST(StatsViewTest, DearMissesAreListedWithTheirCause) {
  EXPECT_EQ(costly_table({}), "");
  EXPECT_EQ(costly_table({{"src/a.cc", "config.h changed", 72'000'000}, {"b.cc", "-O3 added", 900'000}}),
            "dearest misses of the last build\n"
            "  src/a.cc  1 min 12 s  config.h changed\n"
            "  b.cc          900 ms  -O3 added\n");
}

TEST(StatsViewTest, ColoursChangeNoCharacter) {
  StatsReport report;
  report.total.add(RequestResult::hit(HitSource::tree, 2048, 90'000'000));
  const std::string colored = stats_table(report, {true});
  std::string plain;
  for (std::size_t at = 0; at < colored.size(); ++at) {
    if (colored[at] == '\033') {
      at = colored.find('m', at);
    } else {
      plain.push_back(colored[at]);
    }
  }
  EXPECT_NE(colored, plain);
  EXPECT_EQ(plain, stats_table(report));
}

TEST(StatsViewTest, ABuildIsSummedUpInOneLine) {
  Counters build;
  EXPECT_EQ(summary_line(build, false), "CompilerCache: nothing to do\n");
  EXPECT_EQ(summary_line(build, true), "");
  build.add(RequestResult::hit(HitSource::tree, 1, 12'300'000));
  EXPECT_EQ(summary_line(build, true), "");
  EXPECT_EQ(summary_line(build, false), "CompilerCache: 1 of 1 from the cache, 12.3 s saved\n");
  RequestResult link = RequestResult::miss(MissReason::first_time);
  link.step = StepKind::link;
  build.add(link);
  build.add(RequestResult::uncacheable("time-macro"));
  EXPECT_EQ(summary_line(build, true),
            "CompilerCache: 1 of 3 from the cache, 12.3 s saved, 1 missed (cache-explain says why), 1 not "
            "cacheable\n");
}

}  // namespace
}  // namespace compiler_cache
