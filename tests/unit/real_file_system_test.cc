#include "helper/real_file_system.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "helper/clock.h"
#include "helper/folder_tier.h"
#include "helper/hasher.h"
#include "helper/session_folder.h"
#include "helper/store.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

class RealFileSystemTest : public testing::Test {
 protected:
  RealFileSystemTest() : world_(make_real_file_system()) {
    auto folder = make_folder_file_system(temporary_.path());
    EXPECT_TRUE(folder.ok());
    folder_ = std::move(*folder);
  }

  TemporaryFolder temporary_;
  std::unique_ptr<FileSystem> world_;
  std::unique_ptr<FileSystem> folder_;
};

TEST_F(RealFileSystemTest, WritesOnceAndReads) {
  ASSERT_TRUE(folder_->write_new("f", "hello", 0444).ok());
  EXPECT_EQ(folder_->write_new("f", "again", 0444).error().kind, ErrorKind::exists);
  FileStat stat;
  EXPECT_EQ(folder_->read("f", 5, &stat).value(), "hello");
  EXPECT_EQ(stat.size, 5U);
  EXPECT_EQ(stat.mode & 0222U, 0U);
  EXPECT_EQ(folder_->read("f", 4).error().kind, ErrorKind::too_large);
  EXPECT_EQ(world_->read(temporary_ / "f", 5).value(), "hello");
}

TEST_F(RealFileSystemTest, FilesThatGrowAsTheyAreReadAreReadToTheEnd) {
  // Says that it has no bytes, and has many.
  const auto status = world_->read("/proc/self/status", 1 << 20);
  ASSERT_TRUE(status.ok());
  EXPECT_NE(status.value().find("Pid:"), std::string::npos);
}

TEST_F(RealFileSystemTest, OnlyRegularFilesAreOpenedAndNothingIsWaitedFor) {
  ASSERT_EQ(::mkfifo((temporary_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(folder_->read("fifo", 10).error().kind, ErrorKind::invalid);
  EXPECT_EQ(folder_->open("fifo").error().kind, ErrorKind::invalid);
  ASSERT_TRUE(folder_->make_folder("sub", 0700).ok());
  EXPECT_EQ(folder_->open("sub").error().kind, ErrorKind::invalid);
}

TEST_F(RealFileSystemTest, ListTellsTypes) {
  temporary_.write("file", "x");
  ASSERT_TRUE(folder_->make_folder("folder", 0700).ok());
  std::filesystem::create_symlink("file", temporary_ / "link");
  std::map<std::string, FileType> types;
  const auto entries = folder_->list("");
  ASSERT_TRUE(entries.ok());
  for (const FolderEntry& entry : entries.value()) types[entry.name] = entry.type;
  EXPECT_EQ(types,
            (std::map<std::string, FileType>{
                {"file", FileType::regular}, {"folder", FileType::folder}, {"link", FileType::symlink}}));
  EXPECT_EQ(folder_->read_link("link").value(), "file");
  EXPECT_EQ(folder_->lstat("link").value().type, FileType::symlink);
  EXPECT_EQ(folder_->stat("link").value().type, FileType::regular);
}

TEST_F(RealFileSystemTest, OpenFilesAreReadFromTheStartEachTime) {
  temporary_.write("f", "hello");
  const auto file = folder_->open("f");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(folder_->read_open(*file.value(), 10).value(), "hello");
  EXPECT_EQ(folder_->read_open(*file.value(), 10).value(), "hello");
  EXPECT_TRUE(folder_->stat_open(*file.value()).value().same_version(folder_->stat("f").value()));
}

TEST_F(RealFileSystemTest, BytesInMemoryAreSealed) {
  const auto file = folder_->open_bytes("hello");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(bytes_of(*file.value()), "hello");
  const int descriptor = file.value()->descriptor();
  EXPECT_NE(::fcntl(descriptor, F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(::pwrite(descriptor, "j", 1, 0), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(::ftruncate(descriptor, 0), -1);
  EXPECT_EQ(::ftruncate(descriptor, 10), -1);
  EXPECT_EQ(::fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE), -1);
}

TEST_F(RealFileSystemTest, AppendsAndCutsBack) {
  auto file = folder_->open_append("log", 0644);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file.value()->append("one").ok());
  ASSERT_TRUE(file.value()->append("two").ok());
  ASSERT_TRUE(file.value()->truncate(4).ok());
  ASSERT_TRUE(file.value()->append("!").ok());
  EXPECT_EQ(temporary_.read("log"), "onet!");
}

TEST_F(RealFileSystemTest, LocksExcludeAcrossDescriptorsAndNeverWait) {
  auto first = folder_->lock("l", LockMode::shared);
  ASSERT_TRUE(first.ok());
  auto second = world_->lock(temporary_ / "l", LockMode::shared);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(folder_->lock("l", LockMode::exclusive).error().kind, ErrorKind::exists);
  *first = nullptr;
  *second = nullptr;
  auto exclusive = folder_->lock("l", LockMode::exclusive);
  ASSERT_TRUE(exclusive.ok());
  EXPECT_EQ(folder_->lock("l", LockMode::shared).error().kind, ErrorKind::exists);
  ASSERT_TRUE(exclusive.value()->make_shared().ok());
  EXPECT_TRUE(folder_->lock("l", LockMode::shared).ok());
  EXPECT_FALSE(folder_->lock("l", LockMode::exclusive).ok());
}

TEST_F(RealFileSystemTest, HardLinksRenamesAndRemovals) {
  temporary_.write("a", "x");
  ASSERT_TRUE(folder_->link("a", "b").ok());
  EXPECT_EQ(folder_->stat("a").value().links, 2U);
  EXPECT_EQ(folder_->link("a", "b").error().kind, ErrorKind::exists);
  EXPECT_EQ(folder_->link("none", "c").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(folder_->rename("b", "c").ok());
  EXPECT_EQ(folder_->rename("b", "d").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(folder_->remove("c").ok());
  EXPECT_EQ(folder_->remove("c").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(folder_->make_folder("sub", 0700).ok());
  EXPECT_EQ(folder_->make_folder("sub", 0700).error().kind, ErrorKind::exists);
  temporary_.write("sub/f", "x");
  EXPECT_EQ(folder_->remove_folder("sub").error().kind, ErrorKind::exists);
  ASSERT_TRUE(folder_->remove("sub/f").ok());
  EXPECT_TRUE(folder_->remove_folder("sub").ok());
}

TEST_F(RealFileSystemTest, TouchMovesOnlyTheTimes) {
  temporary_.write("f", "hello");
  const timespec past[2] = {{1000, 0}, {1000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (temporary_ / "f").c_str(), past, 0), 0);
  ASSERT_TRUE(folder_->set_mtime_now("f").ok());
  EXPECT_GE(folder_->stat("f").value().mtime_ns + 1'000'000'000, system_clock().file_now_ns());
}

TEST_F(RealFileSystemTest, AFolderThatMovesIsFollowedAndStandsNoMore) {
  ASSERT_TRUE(folder_->make_folder("tree", 0700).ok());
  auto tree = make_folder_file_system(temporary_ / "tree");
  ASSERT_TRUE(tree.ok());
  EXPECT_TRUE(still_stands(**tree, *world_, temporary_ / "tree"));
  ASSERT_TRUE(folder_->rename("tree", "moved").ok());
  EXPECT_FALSE(still_stands(**tree, *world_, temporary_ / "tree"));
  ASSERT_TRUE(tree.value()->write_new("f", "x", 0644).ok());
  EXPECT_TRUE(temporary_.has("moved/f"));
  ASSERT_TRUE(folder_->make_folder("tree", 0700).ok());
  EXPECT_FALSE(still_stands(**tree, *world_, temporary_ / "tree"));
}

TEST_F(RealFileSystemTest, AFolderThatIsRemovedIsNeverRecreated) {
  ASSERT_TRUE(folder_->make_folder("tree", 0700).ok());
  auto tree = make_folder_file_system(temporary_ / "tree");
  ASSERT_TRUE(tree.ok());
  auto session = SessionFolder::begin(**tree, system_clock(), {});
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE(session.value()->append("record").ok());
  std::filesystem::remove_all(temporary_ / "tree");
  EXPECT_FALSE(still_stands(**tree, *world_, temporary_ / "tree"));
  EXPECT_FALSE(session.value()->publish(PublishMode::with_journal).ok());
  EXPECT_FALSE(session.value()->append("record").ok());
  EXPECT_EQ(tree.value()->write_new("f", "x", 0644).error().kind, ErrorKind::not_found);
  EXPECT_EQ(tree.value()->make_folder("f", 0755).error().kind, ErrorKind::not_found);
  EXPECT_FALSE(temporary_.has("tree"));
}

TEST_F(RealFileSystemTest, ErrorsHaveTheirKinds) {
  EXPECT_EQ(world_->read("/nonexistent/file", 1).error().kind, ErrorKind::not_found);
  EXPECT_EQ(error_from_errno(ENOSPC, "write", "f").kind, ErrorKind::no_space);
  EXPECT_EQ(error_from_errno(EDQUOT, "write", "f").kind, ErrorKind::no_space);
  EXPECT_EQ(error_from_errno(EROFS, "write", "f").kind, ErrorKind::denied);
  EXPECT_EQ(error_from_errno(EXDEV, "link", "f").kind, ErrorKind::unsupported);
  EXPECT_EQ(error_from_errno(EIO, "read", "f").kind, ErrorKind::io);
  EXPECT_NE(error_from_errno(ENOSPC, "write", "some/file").message.find("some/file"), std::string::npos);
  EXPECT_FALSE(make_folder_file_system("/nonexistent").ok());
}

TEST_F(RealFileSystemTest, AWriteThatFailsLeavesNoFile) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full here";
  std::filesystem::create_symlink("/dev/full", temporary_ / "full");
  EXPECT_FALSE(folder_->write_new("full", "x", 0644).ok());  // exists: never written through a symlink
  auto file = folder_->open_append("full", 0644);
  EXPECT_FALSE(file.ok());
}

TEST_F(RealFileSystemTest, SessionsGoOnAcrossHelpers) {
  for (int round = 0; round < 3; ++round) {
    auto session = SessionFolder::begin(*folder_, system_clock(), {});
    ASSERT_TRUE(session.ok());
    EXPECT_EQ(session.value()->journal_records().size(), static_cast<std::size_t>(round));
    EXPECT_TRUE(session.value()->notes().empty());
    ASSERT_TRUE(session.value()->append("r" + std::to_string(round)).ok());
    if (round == 0) {
      ASSERT_TRUE(session.value()->replace_part("graph", "g").ok());
    }
    EXPECT_EQ(session.value()->publish(PublishMode::with_journal).value(), PublishOutcome::published);
  }
  auto session = SessionFolder::begin(*folder_, system_clock(), {});
  ASSERT_TRUE(session.ok());
  EXPECT_EQ(session.value()->parts().at("graph").bytes, "g");
}

TEST_F(RealFileSystemTest, TheStoreLinksBetweenTreeAndSharedFolder) {
  for (const char* name : {"tree", "shared", "tree/objects", "shared/objects"}) {
    ASSERT_TRUE(folder_->make_folder(name, 0700).ok());
  }
  auto tree = make_folder_file_system(temporary_ / "tree");
  ASSERT_TRUE(tree.ok());
  FileSystem& files = **tree;
  auto tier = [&](HitSource source, const std::string& root) {
    return std::make_unique<FolderTier>(files, system_clock(), FolderTierOptions{source, root});
  };
  Store store(files, {}, tier(HitSource::tree, ""), tier(HitSource::shared, temporary_ / "shared"));
  for (const std::string& bytes : {std::string("hello"), std::string(100'000, 'a')}) {
    const Digest digest = hash_bytes(bytes);
    ASSERT_EQ(store.put(digest, bytes).value(), PutOutcome::stored);
    const auto blob = store.fetch(digest, bytes.size());
    ASSERT_TRUE(blob.ok());
    EXPECT_EQ(blob.value().source, HitSource::tree);
    EXPECT_EQ(bytes_of(*blob.value().file), bytes);
    const std::string name = "objects/" + digest.hex().substr(0, 2) + "/" + digest.hex().substr(2) +
                             (bytes.size() > 4096 ? ".zst" : "");
    EXPECT_EQ(files.stat(name).value().links, 2U);
  }
  EXPECT_TRUE(store.health().empty());
}

}  // namespace
}  // namespace compiler_cache
