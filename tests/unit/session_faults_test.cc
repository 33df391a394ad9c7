// What a session promises when the disk fails or the helper dies at any operation.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/damage.h"
#include "tests/unit/session_tree.h"

namespace compiler_cache {
namespace {

using Records = std::vector<std::string>;

/// What a helper does with its session from start to end. Everything may fail.
void live(FileSystem& files, const Clock& clock, const SessionOptions& options) {
  auto begun = SessionFolder::begin(files, clock, options);
  if (!begun.ok()) return;
  SessionFolder& session = **begun;
  static_cast<void>(session.append("r1"));
  static_cast<void>(session.append("r2"));
  static_cast<void>(session.publish(PublishMode::with_journal));
  static_cast<void>(session.append("r3"));
  bool all = session.replace_part("graph", "g2").ok();
  all = session.replace_part("index", "i2").ok() && all;
  static_cast<void>(session.publish(all ? PublishMode::snapshot : PublishMode::with_journal));
  static_cast<void>(session.append("r4"));
  session.collect();
  static_cast<void>(session.end());
}

class SessionFaultsTest : public testing::Test, protected SessionTree {
 protected:
  SessionFaultsTest() {
    publish_snapshot({{"graph", "g1"}, {"index", "i1"}});
    clock_.advance(20);
  }

  /// Every part is there, in a state that once was, and records are those that were appended.
  static void expect_sound(const SessionFolder& session) {
    const Parts parts = parts_of(session);
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_TRUE(parts.at("graph") == "g1" || parts.at("graph") == "g2");
    EXPECT_TRUE(parts.at("index") == "i1" || parts.at("index") == "i2");
    for (const std::string& record : session.journal_records()) {
      EXPECT_TRUE(record.size() == 2 && record[0] == 'r') << record;
    }
  }

  static bool has_record(const SessionFolder& session, const std::string& record) {
    const Records& records = session.journal_records();
    return std::find(records.begin(), records.end(), record) != records.end();
  }

  std::uint64_t operations_of_a_life() const {
    const auto disk = tree_->copy();
    const std::uint64_t before = disk->operations();
    live(*disk, clock_, options());
    return disk->operations() - before;
  }
};

TEST_F(SessionFaultsTest, AnyFailingOperationLeavesASoundStateForTheNextHelper) {
  const std::uint64_t operations = operations_of_a_life();
  ASSERT_GT(operations, 30U);
  for (std::uint64_t n = 0; n < operations; ++n) {
    const auto disk = tree_->copy();
    disk->fail_operation(n, ErrorKind::no_space);
    live(*disk, clock_, options());
    disk->fail_nothing();
    auto next = SessionFolder::begin(*disk, clock_, options());
    ASSERT_TRUE(next.ok()) << n;
    expect_sound(**next);
    for (const std::string& name : disk->names("/tree/sessions")) {
      EXPECT_EQ(name.find(".tmp-"), std::string::npos) << name;
    }
  }
}

TEST_F(SessionFaultsTest, ACrashAtAnyOperationLosesNothingThatWasAppended) {
  const std::uint64_t operations = operations_of_a_life();
  for (std::uint64_t n = 0; n < operations; ++n) {
    const auto disk = tree_->copy();
    auto session = SessionFolder::begin(*disk, clock_, options());
    ASSERT_TRUE(session.ok());
    disk->fail_operation(n, ErrorKind::io, true);
    Records appended;
    for (const char* record : {"r1", "r2"}) {
      if (session.value()->append(record).ok()) appended.push_back(record);
    }
    static_cast<void>(session.value()->publish(PublishMode::with_journal));
    if (session.value()->append("r3").ok()) appended.push_back("r3");
    session.value()->collect();
    *session = nullptr;
    disk->fail_nothing();
    auto next = SessionFolder::begin(*disk, clock_, options());
    ASSERT_TRUE(next.ok()) << n;
    expect_sound(**next);
    for (const std::string& record : appended) EXPECT_TRUE(has_record(**next, record)) << n << record;
  }
}

TEST_F(SessionFaultsTest, ADiskThatIsFullFromAnyOperationOnLeavesASoundState) {
  const std::uint64_t operations = operations_of_a_life();
  for (std::uint64_t n = 0; n < operations; ++n) {
    const auto disk = tree_->copy();
    disk->fail_operation(n, ErrorKind::no_space, true);
    live(*disk, clock_, options());
    disk->fail_nothing();
    auto next = SessionFolder::begin(*disk, clock_, options());
    ASSERT_TRUE(next.ok()) << n;
    expect_sound(**next);
    clock_.advance(20);
    ASSERT_TRUE(next.value()->replace_part("graph", "g1").ok());
    ASSERT_TRUE(next.value()->replace_part("index", "i1").ok());
    ASSERT_TRUE(next.value()->publish(PublishMode::snapshot).ok());
    next.value()->collect();
    *next = nullptr;
    const auto files = disk->files();
    EXPECT_TRUE(std::none_of(files.begin(), files.end(), [](const auto& file) {
      return file.first.find("-removed") != std::string::npos;
    }));
  }
}

TEST_F(SessionFaultsTest, NoDamageToAFinishedSessionIsEverMisread) {
  {
    const auto session = begin();
    ASSERT_TRUE(session->append("r1").ok());
    ASSERT_TRUE(session->append("r2").ok());
    ASSERT_TRUE(session->publish(PublishMode::with_journal).ok());
  }
  const std::string newest = finished()[1];
  for (const char* file : {"/graph", "/index", "/journal"}) {
    for_each_damage(disk_.files()[newest + file], [&](const std::string& damaged) {
      const auto disk = tree_->copy();
      disk->delete_tree(newest + file);  // its hard link in the session before stays
      disk->put(newest + file, damaged);
      auto session = SessionFolder::begin(*disk, clock_, options());
      ASSERT_TRUE(session.ok());
      expect_sound(**session);
    });
  }
}

TEST_F(SessionFaultsTest, NoDamageToTheOnlySessionIsEverMisread) {
  const std::string only_one = only_finished();
  for (const char* name : {"graph", "index"}) {
    for_each_damage(disk_.files()[only_one + "/" + name], [&](const std::string& damaged) {
      const auto disk = tree_->copy();
      disk->overwrite(only_one + "/" + name, damaged);
      auto session = SessionFolder::begin(*disk, clock_, options());
      ASSERT_TRUE(session.ok());
      const Parts parts = parts_of(**session);
      EXPECT_EQ(parts.size(), 1U);
      EXPECT_FALSE(parts.contains(name));
      EXPECT_TRUE(session.value()->changed());
    });
  }
}

}  // namespace
}  // namespace compiler_cache
