#include "helper/status_report.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

StatusReport full_report() {
  StatusReport report;
  report.running = true;
  report.version = "1.2";
  report.pid = 42;
  report.since = 1700000000;
  report.builds = {{1, 43, "ninja", 1700000001}, {2, 0, "", 1700000002}};
  report.components = {{"graph", "failed", 1, 2, 3, 4, "damaged", "starts empty"}};
  report.stores = {{"tree", "/b\xff", 5, 6, 7, 8, 9, "full"}};
  report.notes = {"no watch", ""};
  report.watching = "nothing";
  report.events = {"{\"time\":900,\"pid\":4,\"event\":\"idle\",\"requests\":7}"};
  return report;
}

TEST(StatusReportTest, EverythingSurvivesEncoding) {
  const std::string bytes = full_report().encode();
  const Result<StatusReport> report = StatusReport::decode(bytes);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report.value(), full_report());
}

TEST(StatusReportTest, WhoAnswersDoesRun) {
  EXPECT_TRUE(StatusReport::decode(StatusReport().encode()).value().running);
}

TEST(StatusReportTest, EveryTruncationIsCorrupt) {
  const std::string bytes = full_report().encode();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(StatusReport::decode(std::string_view(bytes).substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace compiler_cache
