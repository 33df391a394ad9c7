#include "helper/capture.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

class CaptureTest : public testing::Test {
 protected:
  CaptureTest() {
    task_.cwd = "/w";
    task_.outputs = {{OutputRole::object, "a.o"}};
    disk_.put_folder("/w");
    clock_.settle();
    task_.start_ns = clock_.file_now_ns();
    clock_.settle();
  }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  CaptureTask task_;
};

TEST_F(CaptureTest, TakesEveryOutputWithItsDigest) {
  task_.outputs.push_back({OutputRole::split_dwarf, "/elsewhere/a.dwo"});
  disk_.put("/w/a.o", "object");
  disk_.put("/elsewhere/a.dwo", "");
  const Captured captured = capture_outputs(disk_, task_);
  EXPECT_FALSE(captured.failure);
  ASSERT_EQ(captured.outputs.size(), 2U);
  EXPECT_EQ(captured.outputs[0].role, OutputRole::object);
  EXPECT_EQ(captured.outputs[0].bytes, "object");
  EXPECT_EQ(captured.outputs[0].digest, hash_bytes("object"));
  EXPECT_EQ(captured.outputs[1].role, OutputRole::split_dwarf);
  EXPECT_EQ(captured.outputs[1].digest, hash_bytes(""));
  EXPECT_EQ(captured.dependency_text, "");
}

TEST_F(CaptureTest, UsersDepfileIsAnOutputAndMayBeTheList) {
  disk_.put("/w/a.o", "object");
  disk_.put("/w/a.d", "a.o: a.cc\n");
  task_.user_depfile = task_.dependency_list = "a.d";
  disk_.take_recorded();
  const Captured captured = capture_outputs(disk_, task_);
  ASSERT_EQ(captured.outputs.size(), 2U);
  EXPECT_EQ(captured.outputs[1].role, OutputRole::depfile);
  EXPECT_EQ(captured.outputs[1].bytes, "a.o: a.cc\n");
  EXPECT_EQ(captured.dependency_text, "a.o: a.cc\n");
  EXPECT_EQ(disk_.take_recorded(), (std::vector<std::string>{"read /w/a.o", "read /w/a.d"}));
}

TEST_F(CaptureTest, PrivateListIsReadButNoOutput) {
  disk_.put("/w/a.o", "object");
  disk_.put("/w/a.d", "a.o: a.cc\n");
  disk_.put("/tmp/private.d", "a.o: a.cc /usr/include/x.h\n");
  task_.user_depfile = "a.d";
  task_.dependency_list = "/tmp/private.d";
  const Captured captured = capture_outputs(disk_, task_);
  EXPECT_FALSE(captured.failure);
  EXPECT_EQ(captured.outputs.size(), 2U);
  EXPECT_EQ(captured.dependency_text, "a.o: a.cc /usr/include/x.h\n");
}

TEST_F(CaptureTest, FileThatThisCompileHasNotWrittenCountsAsMissing) {
  disk_.put("/w/a.o", "of the last compile");
  disk_.set_times("/w/a.o", task_.start_ns - 1, task_.start_ns - 1);
  Captured captured = capture_outputs(disk_, task_);
  EXPECT_EQ(captured.failure, UncacheableReason::output_missing);
  EXPECT_EQ(captured.detail, "a.o");
  disk_.put("/w/a.o", "object");
  disk_.put("/w/a.d", "old");
  disk_.set_times("/w/a.d", task_.start_ns - 1, task_.start_ns - 1);
  task_.user_depfile = "a.d";
  captured = capture_outputs(disk_, task_);
  EXPECT_EQ(captured.failure, UncacheableReason::depfile_missing);
}

TEST_F(CaptureTest, MissingOutputsAreNamed) {
  EXPECT_EQ(capture_outputs(disk_, task_).failure, UncacheableReason::output_missing);
  disk_.put("/w/a.o", "object");
  task_.dependency_list = "/tmp/private.d";
  const Captured captured = capture_outputs(disk_, task_);
  EXPECT_EQ(captured.failure, UncacheableReason::depfile_missing);
  EXPECT_EQ(captured.detail, "/tmp/private.d");
}

TEST_F(CaptureTest, UnreadableOrHugeOutputIsAReasonNotACrash) {
  disk_.put("/w/a.o", "object");
  disk_.fail_operation(0, ErrorKind::too_large);
  EXPECT_EQ(capture_outputs(disk_, task_).failure, UncacheableReason::output_too_large);
  disk_.fail_operation(0, ErrorKind::denied);
  EXPECT_EQ(capture_outputs(disk_, task_).failure, UncacheableReason::output_missing);
  disk_.delete_tree("/w/a.o");
  disk_.put_folder("/w/a.o");
  EXPECT_EQ(capture_outputs(disk_, task_).failure, UncacheableReason::output_missing);
}

}  // namespace
}  // namespace compiler_cache
