#include "helper/event_log.h"

#include <gtest/gtest.h>

#include <memory>

#include "helper/real_file_system.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"
#include "tests/unit/still_clock.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

TEST(EventLogTest, AnEventIsOneLineOfJson) {
  const TemporaryFolder folder;
  const std::unique_ptr<FileSystem> files = make_real_file_system();
  const StillClock clock(1700000000);
  EventLog log(*files, clock, folder.path(), 42);
  log.write("spawn");
  log.write("build-exit", {{"contexts_cold", 7U}, {"why", "a \"reason\"\n"}});
  EXPECT_EQ(folder.read("events.jsonl"),
            "{\"time\":1700000000,\"pid\":42,\"event\":\"spawn\"}\n"
            "{\"time\":1700000000,\"pid\":42,\"event\":\"build-exit\",\"contexts_cold\":7,"
            "\"why\":\"a \\\"reason\\\"\\n\"}\n");
}

TEST(EventLogTest, TheFileIsBounded) {
  const TemporaryFolder folder;
  const std::unique_ptr<FileSystem> files = make_real_file_system();
  const StillClock clock(1700000000);
  constexpr std::uint64_t kLimit = 200;
  EventLog log(*files, clock, folder.path(), 42, kLimit);
  for (int i = 0; i < 20; ++i) log.write("idle");
  EXPECT_LE(folder.read("events.jsonl").size(), kLimit);
  EXPECT_LE(folder.read("events.jsonl.1").size(), kLimit);
  EXPECT_TRUE(folder.has("events.jsonl.1"));
}

TEST(RecentEventsTest, AreTheNewestAcrossARotationWithoutDamagedLines) {
  SteppedClock clock;
  FakeFileSystem disk(clock);
  disk.put("/t/events.jsonl.1",
           "{\"time\":1,\"pid\":7,\"event\":\"spawn\"}\n{\"time\":2,\"pid\":7,\"event\":\"idle\"}\n");
  disk.put("/t/events.jsonl",
           "{\"time\":3,\"pid\":8,\"event\":\"spawn\",\"version\":\"1\"}\n{\"time\":4,\"pi");
  const std::vector<std::string> all = recent_events(disk, "/t", 10);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(event_text(all[2], 13), "10 s ago: spawn, version 1");
  const std::vector<std::string> newest = recent_events(disk, "/t", 2);
  ASSERT_EQ(newest.size(), 2U);
  EXPECT_EQ(event_text(newest[0], 2), "0 s ago: idle");
  EXPECT_TRUE(recent_events(disk, "/nowhere", 10).empty());
}

}  // namespace
}  // namespace compiler_cache
