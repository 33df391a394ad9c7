// Several processes on one shared store, as the helpers of several trees are: real processes, a real disk.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <random>

#include "helper/clock.h"
#include "helper/hasher.h"
#include "helper/real_file_system.h"
#include "helper/shared_folder.h"
#include "helper/store.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kLimit = 1'500'000;
constexpr int kBlobs = 1200;
constexpr int kSteps = 700;
constexpr int kProcesses = 6;

/// A clock a minute ahead of the files: none is too young to be collected.
class AheadClock final : public Clock {
 public:
  std::int64_t file_now_ns() const override { return system_clock().file_now_ns() + kAheadNs; }
  std::int64_t file_tick_ns() const override { return system_clock().file_tick_ns(); }
  std::int64_t wall_seconds() const override { return system_clock().wall_seconds(); }
  std::int64_t monotonic_us() const override { return system_clock().monotonic_us(); }

 private:
  static constexpr std::int64_t kAheadNs = 60'000'000'000;
};

/// A blob that anybody can make again: some compress, some don't, each of another size.
std::string blob(int number) {
  std::string bytes = "blob " + std::to_string(number) + "\n";
  const std::size_t size = static_cast<std::size_t>(number * 37 % 16'000);
  for (int i = 0; bytes.size() < size; ++i) {
    bytes += number % 2 == 0 ? std::string(hash_bytes(bytes).view()) : std::string(32, 'x');
  }
  return bytes;
}

class StoreProcessesTest : public testing::Test {
 protected:
  StoreProcessesTest() {
    EXPECT_TRUE(prepare_shared_folder(*files_, shared(), ::geteuid()).ok());
    for (int i = 0; i < kBlobs; ++i) digests_.push_back(hash_bytes(blob(i)));
  }

  std::string shared() const { return folder_.path() + "/shared"; }

  std::unique_ptr<Store> open_store(const std::string& tree) {
    ::mkdir(tree.c_str(), 0700);
    auto own = std::make_unique<FolderTier>(*files_, clock_, FolderTierOptions{HitSource::tree, tree});
    EXPECT_TRUE(own->prepare().ok());
    FolderTierOptions options{HitSource::shared, shared()};
    options.owner = ::geteuid();
    auto common = std::make_unique<FolderTier>(*files_, clock_, options);
    return std::make_unique<Store>(*files_, StoreOptions{{64'000, 16}}, std::move(own), std::move(common));
  }

  /// Without gtest, which belongs to the parent. False when a wrong blob was handed out.
  bool step(Store& store, std::mt19937& random, bool may_empty) {
    const int number = static_cast<int>(random() % kBlobs);
    const auto which = static_cast<std::size_t>(number);
    switch (random() % 40) {
      case 0:
        static_cast<void>(store.collect(kLimit, kLimit));
        return true;
      case 1:
        static_cast<void>(store.clear(may_empty && random() % 8 == 0));
        return true;
      case 2:
        store.remove(digests_[which]);
        return true;
      case 3:
        spoil(digests_[which]);
        return true;
      default:
        break;
    }
    if (random() % 2 == 0) {
      static_cast<void>(store.put(digests_[which], blob(number)));
      if (store.collection_due(kLimit)) static_cast<void>(store.collect(kLimit, kLimit));
      return true;
    }
    const auto found = store.fetch(digests_[which], kAnySize);
    if (!found.ok()) return true;
    const auto bytes = files_->read_open(*found.value().file, kMaxBlobBytes);
    return bytes.ok() && bytes.value() == blob(number);
  }

  /// As somebody with the right to may: writes into the file of a blob.
  void spoil(const Digest& digest) const {
    const std::string name = "/objects/" + digest.hex().substr(0, 2) + "/" + digest.hex().substr(2);
    const int file = ::open((shared() + name).c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) return;  // not there, or we are not the superuser
    static_cast<void>(::pwrite(file, "spoilt", 6, 0) == 6);
    ::close(file);
  }

  [[noreturn]] void live(int who) {
    ::alarm(100);
    std::mt19937 random(static_cast<unsigned>(who) * 7919 + 13);
    const std::unique_ptr<Store> store = open_store(folder_.path() + "/tree" + std::to_string(who));
    for (int i = 0; i < kSteps; ++i) {
      // Later on it fills up: without collections it would be twice as large as it may be.
      if (!step(*store, random, i < kSteps / 3)) ::_exit(1);
    }
    ::_exit(0);
  }

  std::vector<pid_t> start(int count) {
    std::vector<pid_t> children;
    for (int who = 0; who < count; ++who) {
      const pid_t child = ::fork();
      EXPECT_GE(child, 0);
      if (child == 0) live(who);
      children.push_back(child);
    }
    return children;
  }

  static int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }

  std::uint64_t bytes_in(const std::string& root) const {
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root + "/objects")) {
      if (entry.is_regular_file()) bytes += entry.file_size();
    }
    return bytes;
  }
  std::size_t temporaries() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (entry.path().filename().string().starts_with(".tmp-")) ++count;
    }
    return count;
  }

  TemporaryFolder folder_;
  std::unique_ptr<FileSystem> files_ = make_real_file_system();
  AheadClock clock_;
  std::vector<Digest> digests_;
};

TEST_F(StoreProcessesTest, NoDamagedBlobIsHandedOutTheLimitIsKeptAndNoTemporaryIsLeft) {
  for (const pid_t child : start(kProcesses)) EXPECT_EQ(wait_for(child), 0) << "a wrong blob, or a crash";
  EXPECT_EQ(temporaries(), 0U);
  // Steps are of at least 64 KiB, which is much beside so small a limit; and one waits for another to be
  // done.
  EXPECT_LE(bytes_in(shared()), kLimit + 2 * kProcesses * collection_step(kLimit));
  EXPECT_GT(bytes_in(shared()), 0U);
  // One that looks at it now still gets right bytes or nothing.
  const std::unique_ptr<Store> store = open_store(folder_.path() + "/late");
  for (int i = 0; i < kBlobs; ++i) {
    const auto found = store->fetch(digests_[static_cast<std::size_t>(i)], kAnySize);
    if (!found.ok()) continue;
    EXPECT_EQ(files_->read_open(*found.value().file, kMaxBlobBytes).value(), blob(i));
  }
}

TEST_F(StoreProcessesTest, ProcessesThatAreKilledLeaveNoWrongBlobAndNoLock) {
  std::vector<pid_t> children = start(3);
  const auto written = [&] { return bytes_in(shared()) > kLimit / 8; };
  for (int i = 0; i < 20'000 && !written(); ++i) ::usleep(1000);
  for (const pid_t child : children) ::kill(child, SIGKILL);
  for (const pid_t child : children) wait_for(child);
  const std::unique_ptr<Store> store = open_store(folder_.path() + "/late");
  for (int i = 0; i < kBlobs; ++i) {
    const auto found = store->fetch(digests_[static_cast<std::size_t>(i)], kAnySize);
    if (!found.ok()) continue;
    EXPECT_EQ(files_->read_open(*found.value().file, kMaxBlobBytes).value(), blob(i));
  }
  EXPECT_FALSE(store->collect(kLimit, kLimit).shared_busy);
  EXPECT_LE(bytes_in(shared()), kLimit);
}

}  // namespace
}  // namespace compiler_cache
