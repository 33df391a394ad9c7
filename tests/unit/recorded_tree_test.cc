#include "helper/recorded_tree.h"

#include <gtest/gtest.h>

#include <memory>

#include "helper/graph_codec.h"
#include "helper/json_view.h"
#include "helper/real_file_system.h"
#include "helper/session_folder.h"
#include "helper/tree_state_codec.h"
#include "helper/variant_codec.h"
#include "tests/unit/still_clock.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

class RecordedTreeTest : public ::testing::Test {
 protected:
  RecordedTreeTest() { std::filesystem::create_directory(folder_ / "sessions"); }

  static std::string record_of(const std::string& source, const std::string& absent) {
    Variant variant;
    variant.inputs.push_back({source, {}});
    variant.absent.push_back({"/usr/include", absent});
    variant.artifact.depfile_targets = {"x.o"};
    Result<std::string> bytes = encode_variant({{}, variant});
    EXPECT_TRUE(bytes.ok());
    return kVariantRecord + *bytes;
  }

  void publish(const std::string& record) {
    Result<std::unique_ptr<SessionFolder>> session = SessionFolder::begin(*tree_, clock_, SessionOptions{});
    ASSERT_TRUE(session.ok());
    ASSERT_TRUE((*session)->append(record).ok());
    ASSERT_TRUE((*session)->append(kCountersRecord + std::string("not looked at")).ok());
    ASSERT_TRUE((*session)->publish(PublishMode::with_journal).ok());
  }

  Result<RecordedTree> read() { return read_recorded_tree(*world_, clock_, folder_.path()); }

  TemporaryFolder folder_;
  StillClock clock_{1700000000};
  std::unique_ptr<FileSystem> world_ = make_real_file_system();
  std::unique_ptr<FileSystem> tree_ = std::move(*make_folder_file_system(folder_.path()));
};

TEST_F(RecordedTreeTest, TheNewestSessionIsReadWithItsJournal) {
  publish(record_of("/src/a.cc", "a.h"));
  publish(record_of("/src/b.cc", "b.h"));
  const Result<RecordedTree> tree = read();
  ASSERT_TRUE(tree.ok());
  ASSERT_EQ(tree->contexts.size(), 1U);
  ASSERT_EQ(tree->contexts[0].variants.size(), 2U);  // a session holds what it took over
  EXPECT_EQ(tree->contexts[0].variants[0].inputs[0].path, "/src/b.cc");
  const std::string json = recorded_json(*tree);
  EXPECT_NE(json.find("/src/a.cc"), std::string::npos);
  EXPECT_NE(json.find("b.h"), std::string::npos);
}

TEST_F(RecordedTreeTest, OfInputsTheResultThatWasUsedLastCounts) {
  publish(record_of("/src/a.cc", "a.h"));
  publish(record_of("/src/b.cc", "b.h"));
  const Result<RecordedInputs> inputs = read_recorded_inputs(*world_, clock_, folder_.path());
  ASSERT_TRUE(inputs.ok());
  ASSERT_EQ(inputs->units.size(), 1U);
  ASSERT_EQ(inputs->units[0].inputs.size(), 1U);
  EXPECT_EQ(inputs->paths[inputs->units[0].inputs[0]], "/src/b.cc");
}

TEST_F(RecordedTreeTest, WithoutASessionThereIsNothingToLookAt) {
  const Result<RecordedTree> tree = read();
  ASSERT_FALSE(tree.ok());
  EXPECT_EQ(tree.error().kind, ErrorKind::not_found);
}

TEST_F(RecordedTreeTest, ADamagedPartIsAnErrorNotAGap) {
  Result<std::unique_ptr<SessionFolder>> session = SessionFolder::begin(*tree_, clock_, SessionOptions{});
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE((*session)->replace_part(kGraphPart, "no graph").ok());
  ASSERT_TRUE((*session)->publish(PublishMode::snapshot).ok());
  EXPECT_FALSE(read().ok());
}

}  // namespace
}  // namespace compiler_cache
