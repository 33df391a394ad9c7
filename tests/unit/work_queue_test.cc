#include "helper/work_queue.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/inline_executor.h"

namespace compiler_cache {
namespace {

TEST(WorkQueueTest, RunsSoMuchAtATimeAndTheRestInOrder) {
  InlineExecutor executor;
  executor.hold();
  WorkQueue queue(executor, 2);
  std::string done;
  for (const char* name : {"a", "b", "c", "d"}) {
    queue.run([] {}, [&done, name] { done += name; });
  }
  EXPECT_EQ(executor.queued(), 2U);
  EXPECT_EQ(queue.waiting(), 2U);
  executor.run_one();
  EXPECT_EQ(executor.queued(), 2U);
  EXPECT_EQ(queue.running(), 2U);
  executor.run_all();
  EXPECT_EQ(done, "abcd");
  EXPECT_EQ(queue.running(), 0U);
}

}  // namespace
}  // namespace compiler_cache
