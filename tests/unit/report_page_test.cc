#include "helper/report_page.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "helper/commands.h"
#include "helper/json_view.h"
#include "helper/report_json.h"

namespace compiler_cache {
namespace {

using Json = nlohmann::json;

constexpr char kEvilName[] = "/s/</script><img src=x onerror=alert(1)>&lt;<!--\xff\xe2\x80\xa8.cpp";

ReportData data_of_one_step(const std::string& source) {
  ReportData data;
  data.build_root = "/b";
  BuildSummary& build = data.builds.emplace_back();
  build.number = 3;
  build.steps = 1;
  build.counters.add(RequestResult::miss(MissReason::first_time));
  data.total = build.counters;
  data.total.add(RequestResult::hit(HitSource::tree, 10, 2000));
  data.shown = build;
  StepRecord& step = data.steps.steps.emplace_back();
  step.outcome = Outcome::miss;
  step.source = data.steps.intern(source);
  step.reason = data.steps.intern(name_of(MissReason::first_time));
  step.end_us = 7;
  step.causes = {data.steps.intern(Cause{CauseKind::flag_changed, "", "-O2", "-O3"}),
                 data.steps.intern(Cause{CauseKind::source_changed, "/s/a.cc", "", ""})};
  return data;
}

TEST(ReportJsonTest, NothingAtAllIsAReportToo) {
  const Json json = Json::parse(report_json({}));
  EXPECT_EQ(json.at("shown"), 0);
  EXPECT_TRUE(json.at("steps").empty());
  EXPECT_EQ(json.at("total").at("requests"), 0);
}

TEST(ReportJsonTest, AStepIsARowOfItsColumns) {
  const Json json = Json::parse(report_json(data_of_one_step("/s/a.cc")));
  const Json& columns = json.at("columns");
  const Json& row = json.at("steps").at(0);
  ASSERT_EQ(columns.size(), row.size());
  const auto cell = [&](const std::string& name) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] == name) return row[i];
    }
    return Json();
  };
  EXPECT_EQ(json.at("outcomes").at(cell("outcome").get<std::size_t>()), "miss");
  EXPECT_EQ(json.at("texts").at(cell("source").get<std::size_t>()), "/s/a.cc");
  EXPECT_EQ(cell("output"), -1);
  EXPECT_EQ(cell("end"), 7);
  EXPECT_EQ(cell("phases").size(), json.at("phases").size());
  EXPECT_EQ(json.at("texts").at(cell("why").get<std::size_t>()), "-O2 → -O3");
  const Json& group = json.at("groups").at(cell("group").get<std::size_t>());
  EXPECT_EQ(group.at("title"), "-O2 → -O3");
  EXPECT_EQ(group.at("steps"), 1);
  const Json also = cell("also");
  EXPECT_EQ(json.at("texts").at(also.at(0).get<std::size_t>()), "the source itself changed");
}

/// Each figure has one name and one value, wherever it is printed.
TEST(ReportJsonTest, FiguresAreThoseOfTheStatistics) {
  const ReportData data = data_of_one_step("/s/a.cc");
  const Json report = Json::parse(report_json(data));
  StatsReport stats;
  stats.total = data.total;
  const Json expected = Json::parse(stats_json(stats)).at("total");
  const auto same = [](const Json& ours, const Json& theirs) {
    for (const auto& [name, value] : ours.items()) {
      if (value.is_object() && value.contains("requests")) continue;
      EXPECT_EQ(value, theirs.at(name)) << name;
    }
  };
  same(report.at("total"), expected);
  same(report.at("total").at("links"), expected.at("links"));
  EXPECT_EQ(report.at("total").at("hits"), 1);
}

TEST(ReportPageTest, NamesOfFilesAreNeverMarkup) {
  const std::string json = report_json(data_of_one_step(kEvilName));
  const ReportAssets assets{"<script nonce={{nonce}}>{{data}}</script>", "", ""};
  const std::string html = report_page(assets, "abc", json);
  EXPECT_EQ(html.find("</script"), html.size() - 9);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("<!--"), std::string::npos);
  EXPECT_EQ(html.find("&lt;"), std::string::npos);
  const std::string inside = html.substr(18, html.size() - 18 - 9);
  EXPECT_EQ(Json::parse(inside), Json::parse(json));
}

TEST(ReportPageTest, WhatLooksLikeAPlaceInANameStaysAName) {
  const ReportAssets assets{"{{data}} {{nonce}} {{unknown}}{{style}}{{script}}.", "s{{nonce}}", "j{{data}}"};
  EXPECT_EQ(report_page(assets, "abc", "{{nonce}}"), "{{nonce}} abc s{{nonce}}j{{data}}.");
  EXPECT_EQ(report_page({"a{{b", "", ""}, "", ""), "a");
}

TEST(ReportPageTest, ThePageNeedsNothingElseAndMayLoadNothing) {
  const std::string html = report_page(kReportAssets, "n0nce", report_json({}));
  EXPECT_NE(html.find("default-src 'none'; script-src 'nonce-n0nce'; style-src 'nonce-n0nce'"),
            std::string::npos);
  for (const char* loading : {"src=\"", "@import", "url(", "fetch(", "XMLHttpRequest", "WebSocket"}) {
    EXPECT_EQ(html.find(loading), std::string::npos) << loading;
  }
}

TEST(FileUrlTest, WhatAUrlCannotHoldIsEscaped) {
  EXPECT_EQ(file_url("/a b/\xc3\xa4#?%.html"), "file:///a%20b/%C3%A4%23%3F%25.html");
}

}  // namespace
}  // namespace compiler_cache
