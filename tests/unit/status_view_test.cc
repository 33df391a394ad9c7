#include "helper/status_view.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

constexpr std::uint64_t kNow = 1700000100;

TEST(StatusViewTest, SaysThatNoHelperRuns) {
  EXPECT_EQ(status_text(StatusReport{}, kNow), "helper: not running (it starts with the next build)\n");
}

TEST(StatusViewTest, ShowsHelperBuildsComponentsStoresAndNotes) {
  StatusReport report;
  report.running = true;
  report.version = "1.2";
  report.pid = 42;
  report.since = kNow - 90;
  report.builds = {{1, 43, "ninja", kNow - 5}, {2, 0, "", kNow}};
  report.components = {{"graph", "building", 300, 250, 0, 0, "", ""},
                       {"index", "ready", 300, 20, 5, 2048, "", "not persisted"},
                       {"identities", "failed", 300, 0, 0, 0, "damaged", ""}};
  report.stores = {{"memory", "", 1, 10, 0},
                   {"tree", "/b/.compiler-cache", 3, 4096, 1 << 20, kNow - 60},
                   {"shared", "/s", 0, 0, 0, 0, 2, "full"}};
  report.notes = {"no watch"};
  report.watching = "nothing";
  report.events = {"{\"time\":900,\"pid\":4,\"event\":\"idle\",\"requests\":7}"};
  EXPECT_EQ(status_text(report, kNow),
            "helper: running for 1 min 30 s, pid 42, version 1.2\n"
            "build 1: running for 5.0 s, ninja with pid 43\n"
            "build 2: running for 0 ms\n"
            "graph: building for 250 ms, 0 entries\n"
            "index: ready in 20 ms, 5 entries, 2.0 KiB; not persisted\n"
            "identities: failed, 0 entries; damaged\n"
            "memory store: 10 B in 1 files\n"
            "tree store: 4.0 KiB in 3 files, limit 1.0 MiB, oldest used 1 min 0 s ago, /b/.compiler-cache\n"
            "shared store: 0 B in 0 files, /s; failed 2 times, last: full\n"
            "watching: nothing\n"
            "event: " +
                std::to_string(kNow - 900) +
                " s ago: idle, requests 7\n"
                "note: no watch\n");
}

TEST(StatusViewTest, AClockSetBackGivesNoHugeAge) {
  StatusReport report;
  report.running = true;
  report.since = kNow + 1000;
  EXPECT_TRUE(status_text(report, kNow).starts_with("helper: running for 0 ms"));
}

}  // namespace
}  // namespace compiler_cache
