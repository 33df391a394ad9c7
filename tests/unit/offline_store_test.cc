#include "helper/offline_store.h"

#include <gtest/gtest.h>

#include <memory>

#include "helper/folder_tier.h"
#include "helper/hasher.h"
#include "helper/real_file_system.h"
#include "helper/session_folder.h"
#include "tests/unit/still_clock.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

class OfflineStoreTest : public ::testing::Test {
 protected:
  OfflineStoreTest() {
    std::filesystem::create_directory(folder_ / "sessions");
    config_.shared_dir = shared_.path();
    config_.max_size = 1000;
  }

  static Digest digest_of(const std::string& bytes) { return hash_bytes(bytes); }

  void put(HitSource source, const std::string& bytes) {
    const std::string& root = source == HitSource::tree ? folder_.path() : shared_.path();
    FolderTier tier(*world_, clock_, {source, root});
    ASSERT_TRUE(tier.prepare().ok());
    ASSERT_TRUE(tier.put(digest_of(bytes), bytes).ok());
  }

  std::uint64_t blobs_in(const std::string& root) {
    FolderTier tier(*world_, clock_, {HitSource::tree, root});
    const Result<TierUsage> usage = tier.usage();
    return usage ? usage.value().blobs : 0;
  }

  void publish(const std::string& part, const std::string& bytes) {
    const auto session = std::move(*SessionFolder::begin(*tree_, clock_, SessionOptions{}));
    ASSERT_TRUE(session->replace_part(part, bytes).ok());
    ASSERT_TRUE(session->publish(PublishMode::with_journal).ok());
  }

  OfflineStore store() { return {*world_, *tree_, clock_, folder_.path(), config_}; }

  TemporaryFolder folder_;
  TemporaryFolder shared_;
  Config config_;
  StillClock clock_{1700000000};
  std::unique_ptr<FileSystem> world_ = make_real_file_system();
  std::unique_ptr<FileSystem> tree_ = std::move(*make_folder_file_system(folder_.path()));
};

TEST_F(OfflineStoreTest, StatusTellsWhatTheStoresHold) {
  put(HitSource::tree, "one");
  put(HitSource::shared, "two");
  put(HitSource::shared, "three");
  StatusReport report = store().status();
  EXPECT_FALSE(report.running);
  ASSERT_EQ(report.stores.size(), 2U);
  // Files have the time of the day, whatever the clock says.
  EXPECT_GT(report.stores[0].least_recent, 1'700'000'000U);
  for (StoreStatus& store : report.stores) store.least_recent = 0;
  EXPECT_EQ(report.stores[0], (StoreStatus{"tree", folder_ / "objects", 1, 3, 1000}));
  EXPECT_EQ(report.stores[1], (StoreStatus{"shared", shared_ / "objects", 2, 8, 1000}));
  EXPECT_TRUE(report.notes.empty());
}

TEST_F(OfflineStoreTest, StoresThatAreNotThereAreEmpty) {
  config_.shared_dir = shared_ / "gone";
  const StatusReport report = store().status();
  ASSERT_EQ(report.stores.size(), 2U);
  EXPECT_EQ(report.stores[1].objects, 0U);
  EXPECT_TRUE(report.notes.empty());
  EXPECT_FALSE(shared_.has("gone"));
  EXPECT_TRUE(store().clear(true).ok());
  EXPECT_FALSE(shared_.has("gone"));
}

TEST_F(OfflineStoreTest, ASharedStoreThatOthersMayWriteIsNoted) {
  std::filesystem::permissions(shared_.path(), std::filesystem::perms::all);
  EXPECT_EQ(store().status().notes.size(), 1U);
  EXPECT_FALSE(store().clear(true).ok());
}

TEST_F(OfflineStoreTest, ClearingEmptiesTheTreeAndKeepsTheSharedStore) {
  put(HitSource::tree, "one");
  put(HitSource::shared, "two");
  publish("graph", "knowledge");
  ASSERT_TRUE(store().clear(false).ok());
  EXPECT_EQ(blobs_in(folder_.path()), 0U);
  EXPECT_EQ(blobs_in(shared_.path()), 1U);
  const auto session = std::move(*SessionFolder::begin(*tree_, clock_, SessionOptions{}));
  EXPECT_TRUE(session->parts().empty());
}

TEST_F(OfflineStoreTest, ClearingKeepsTheCounters) {
  publish("counters", "figures");
  ASSERT_TRUE(store().clear(false).ok());
  const auto session = std::move(*SessionFolder::begin(*tree_, clock_, SessionOptions{}));
  ASSERT_TRUE(session->parts().contains("counters"));
  EXPECT_EQ(session->parts().at("counters").bytes, "figures");
}

TEST_F(OfflineStoreTest, ClearingTheSharedStoreLeavesForeignFilesAlone) {
  put(HitSource::shared, "two");
  shared_.write("mine", "a user's file");
  ASSERT_TRUE(store().clear(true).ok());
  EXPECT_EQ(blobs_in(shared_.path()), 0U);
  EXPECT_EQ(shared_.read("mine"), "a user's file");
}

TEST_F(OfflineStoreTest, NothingIsClearedUnderAHelpersFeet) {
  put(HitSource::tree, "one");
  const auto helper = std::move(*tree_->lock("lock", LockMode::exclusive));
  const Status status = store().clear(false);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, ErrorKind::exists);
  EXPECT_EQ(blobs_in(folder_.path()), 1U);
}

}  // namespace
}  // namespace compiler_cache
