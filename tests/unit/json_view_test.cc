#include "helper/json_view.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace compiler_cache {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

/// The keys that users' scripts rely on, in their order.
const std::vector<std::string> kPartKeys = {
    "requests",       "hits",         "misses",       "uncacheable",         "errors",
    "bypassed",       "hit_sources",  "miss_reasons", "uncacheable_reasons", "time_saved_ms",
    "bytes_restored", "bytes_stored", "rechecked",    "recheck_differences"};

TEST(JsonViewTest, StatisticsHaveTheAgreedKeys) {
  const Json object = Json::parse(stats_json(StatsReport{}));
  EXPECT_EQ(keys_of(object), (std::vector<std::string>{"schema", "total", "last_build"}));
  EXPECT_EQ(object["schema"], 1);
  for (const char* part : {"total", "last_build"}) {
    std::vector<std::string> keys = kPartKeys;
    keys.insert(keys.end(), {"archives", "links", "remote"});
    EXPECT_EQ(keys_of(object[part]), keys);
    EXPECT_EQ(keys_of(object[part]["archives"]), kPartKeys);
    EXPECT_EQ(keys_of(object[part]["links"]), kPartKeys);
    EXPECT_EQ(keys_of(object[part]["hit_sources"]),
              (std::vector<std::string>{"memory", "tree", "shared", "remote"}));
    EXPECT_TRUE(object[part]["miss_reasons"].is_object());
    EXPECT_TRUE(object[part]["uncacheable_reasons"].is_object());
    EXPECT_EQ(object[part]["requests"], 0);
  }
}

TEST(JsonViewTest, StatisticsHoldTheFigures) {
  StatsReport report;
  report.total.add(RequestResult::hit(HitSource::shared, 30, 1'234'567));
  report.total.add(RequestResult::miss(MissReason::first_time, 40));
  report.total.add(RequestResult::uncacheable("time-macro"));
  report.total.add(RequestResult::error(ErrorReason::internal));
  report.total.add(RequestResult::bypassed(BypassReason::disabled));
  report.last_build.emplace().counters.add(RequestResult::miss(MissReason::blob_gone));
  const Json object = Json::parse(stats_json(report));
  const Json& total = object["total"];
  EXPECT_EQ(total["requests"], 5);
  for (const char* outcome : {"hits", "misses", "uncacheable", "errors", "bypassed"}) {
    EXPECT_EQ(total[outcome], 1) << outcome;
  }
  EXPECT_EQ(total["hit_sources"], Json::parse(R"({"memory":0,"tree":0,"shared":1,"remote":0})"));
  EXPECT_EQ(total["miss_reasons"], Json::parse(R"({"first-time":1})"));
  EXPECT_EQ(total["uncacheable_reasons"], Json::parse(R"({"time-macro":1})"));
  EXPECT_EQ(total["time_saved_ms"], 1234);
  EXPECT_EQ(total["bytes_restored"], 30);
  EXPECT_EQ(total["bytes_stored"], 40);
  EXPECT_EQ(object["last_build"]["miss_reasons"], Json::parse(R"({"blob-gone":1})"));
  EXPECT_EQ(object["last_build"]["requests"], 1);
}

TEST(JsonViewTest, StatusHoldsEveryPart) {
  StatusReport report;
  report.running = true;
  report.version = "1.2";
  report.pid = 42;
  report.builds.push_back({1, 43, "ninja", 1700000000});
  report.components.push_back({"graph", "ready", 5, 6, 7, 8, "", "loaded"});
  report.stores.push_back({"tree", "/b", 1, 2, 3, 4, 5, "full"});
  report.notes.push_back("no watch");
  report.watching = "nothing";
  report.events = {"{\"time\":900,\"pid\":4,\"event\":\"idle\",\"requests\":7}"};
  const Json object = Json::parse(status_json(report));
  EXPECT_EQ(object["running"], true);
  EXPECT_EQ(object["pid"], 42);
  EXPECT_EQ(object["builds"][0]["name"], "ninja");
  EXPECT_EQ(object["components"][0]["note"], "loaded");
  EXPECT_EQ(object["stores"][0]["limit"], 3);
  EXPECT_EQ(object["stores"][0]["least_recent"], 4);
  EXPECT_EQ(object["stores"][0]["failures"], 5);
  EXPECT_EQ(object["stores"][0]["last_error"], "full");
  EXPECT_EQ(object["notes"], Json::parse(R"(["no watch"])"));
  EXPECT_EQ(object["watching"], "nothing");
  EXPECT_EQ(object["events"][0]["requests"], 7);
}

TEST(JsonViewTest, NamesThatAreNoUtf8StillMakeValidJson) {
  StatusReport report;
  report.stores.push_back({"tree", "/\xff", 0, 0, 0});
  EXPECT_EQ(Json::parse(status_json(report))["stores"][0]["path"], "/\xef\xbf\xbd");
}

}  // namespace
}  // namespace compiler_cache
